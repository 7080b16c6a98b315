import { connect } from 'node:net';
import { calciumPrediction, startTestService, type TestPerson, type TestService } from './service.test-support.ts';

const services: TestService[] = [];
async function start(environment: Record<string, string>): Promise<TestService> {
  const service = await startTestService({ WORKER: 'no', ...environment });
  services.push(service);
  return service;
}
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
});

const statuses = async (count: number, ask: (index: number) => Promise<{ status: number }>) =>
  (await Promise.all(Array.from({ length: count }, (_, index) => ask(index)))).map(({ status }) => status);
const session = (service: TestService, as: TestPerson | null = {}, headers: Record<string, string> = {}) =>
  service.request('GET', '/session', { as, headers });
const audited = (service: TestService) => service.database.db.prisma.auditEvent.count();

test('a person may ask so often within a minute, from wherever, and others go on', async () => {
  const service = await start({ REQUESTS_PER_MINUTE: '20', TRUSTED_PROXY_HOPS: '1' });
  const from = (index: number) => ({ 'X-Forwarded-For': `198.51.100.${index}` });
  const own = await statuses(25, index => session(service, { name: 'eager' }, from(index)));
  expect(own.filter(status => status === 200)).toHaveLength(20);
  expect(own.filter(status => status === 429)).toHaveLength(5);
  const refused = await session(service, { name: 'eager' }, from(1));
  expect([refused.json.code, Number(refused.headers.get('Retry-After')) > 0]).toEqual(['too-many-requests', true]);
  expect((await session(service, { name: 'calm' }, from(2))).status).toBe(200);
});

test('from an address so much comes within a minute, whoever sends it', async () => {
  const service = await start({ REQUESTS_PER_MINUTE: '20' });
  const all = await statuses(30, index => session(service, { name: `person-${index}` }));
  expect(all.filter(status => status === 429)).toHaveLength(10);
});

test('without proxies nobody can claim another address', async () => {
  const service = await start({ REQUESTS_PER_MINUTE: '20' });
  const all = await statuses(30, index =>
    session(
      service,
      { name: `person-${index}` },
      { 'X-Forwarded-For': `198.51.100.${index}`, Forwarded: `for=${index}` },
    ),
  );
  expect(all.filter(status => status === 429)).toHaveLength(10);
  const { rows } = await service.database.owner.pool.query(
    `SELECT DISTINCT event::jsonb ->> 'ip' AS ip FROM audit_event`,
  );
  expect(rows.filter(({ ip }) => ip !== null)).toEqual([{ ip: '127.0.0.1' }]);
});

test('behind one proxy it is believed what that one says, and nothing that was sent to it', async () => {
  const service = await start({ REQUESTS_PER_MINUTE: '20', TRUSTED_PROXY_HOPS: '1' });
  const claim = (index: number, real: string) => ({
    'X-Forwarded-For': `198.51.100.${index}, 203.0.113.${index}, ${real}`,
  });
  const one = await statuses(30, index => session(service, { name: `person-${index}` }, claim(index, '192.0.2.1')));
  expect(one.filter(status => status === 429)).toHaveLength(10);
  expect((await session(service, { name: 'other' }, claim(1, '192.0.2.2'))).status).toBe(200);
  for (const odd of ['192.0.2.3:4711', '[2001:db8::1]:80', 'unknown', 'Doe^Jane']) {
    expect([odd, (await session(service, { name: 'odd' }, claim(1, odd))).status]).toEqual([odd, 200]);
  }
  const { rows } = await service.database.owner.pool.query(
    `SELECT DISTINCT event::jsonb ->> 'ip' AS ip FROM audit_event`,
  );
  const addresses = rows.map(({ ip }) => ip).filter(ip => ip !== null);
  expect(addresses.sort()).toEqual(['127.0.0.1', '192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1']);
});

test('refused sign-ins are counted by address: beyond the limit they are not written down, and good tokens are let in', async () => {
  const service = await start({ REFUSED_SIGN_INS_PER_MINUTE: '5' });
  const before = await audited(service);
  const refused = await statuses(12, () => session(service, null));
  expect(refused.sort()).toEqual([...Array(5).fill(401), ...Array(7).fill(429)]);
  expect((await audited(service)) - before).toBe(5);
  expect((await session(service)).status).toBe(200);
});

test('many at the same time with good tokens are no refused sign-ins', async () => {
  const service = await start({ REFUSED_SIGN_INS_PER_MINUTE: '5' });
  expect(new Set(await statuses(50, () => session(service)))).toEqual(new Set([200]));
});

test('a body is refused for its length before it comes, or while it comes; whoever may not send it is not read', async () => {
  const service = await start({ BODY_LIMIT_BYTES: '2000' });
  const authorization = await service.as();
  const auditor = await service.as({ roles: ['auditor'] });
  const announced = 'Content-Length: 1000000';
  const endless = 'Transfer-Encoding: chunked';
  expect(await firstLine(service, authorization, announced, '')).toBe('HTTP/1.1 413 Payload Too Large');
  expect(await firstLine(service, authorization, endless, `bb8\r\n${'a'.repeat(3000)}\r\n`)).toBe(
    'HTTP/1.1 413 Payload Too Large',
  );
  expect(await firstLine(service, auditor, announced, '')).toBe('HTTP/1.1 403 Forbidden');
  expect(await firstLine(service, auditor, endless, '1\r\na\r\n')).toBe('HTTP/1.1 403 Forbidden');
  expect(await firstLine(service, 'Bearer x', endless, '1\r\na\r\n')).toBe('HTTP/1.1 401 Unauthorized');
  const { status } = await service.request('POST', '/predictions', { json: calciumPrediction() });
  expect(status).toBe(201);
});

/** The first line of the answer to a POST whose body does not end. */
function firstLine({ running }: TestService, authorization: string, length: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(running.port, '127.0.0.1');
    const head = ['POST /api/predictions HTTP/1.1', 'Host: localhost', `Authorization: ${authorization}`, length];
    socket.write(`${[...head, 'Content-Type: application/json'].join('\r\n')}\r\n\r\n${body}`);
    socket.once('error', reject);
    socket.setEncoding('utf8').once('data', (text: string) => {
      resolve(text.split('\r\n')[0]!);
      socket.destroy();
    });
  });
}
