import { request as httpRequest } from 'node:http';
import os from 'node:os';
import { problemSchema, ROUTES, type Route } from '@voxelwise/contract';
import { runCommandLine } from '../commands/command-line.ts';
import { readConfiguration } from '../configuration.ts';
import { completeFromFolder } from '../local-folder.ts';
import { startService } from '../start-service.ts';
import { startTestService, type TestService } from './service.test-support.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    OIDC_ISSUER: '',
    OIDC_AUDIENCE: '',
    WORKER: 'no',
    REFUSED_SIGN_INS_PER_MINUTE: '10000',
  });
});
afterAll(() => service?.stop());

const paths = [...new Set((Object.values(ROUTES) as Route[]).map(({ path }) => path.replaceAll(/[{}]/g, '')))];

test('whoever sits at this machine may work', async () => {
  const { status, json } = await service.request('GET', '/session', { as: null });
  expect([status, json.isLocal, json.sites]).toEqual([200, true, ['local']]);
});

const OTHERS: [string, Record<string, string>][] = [
  ['that a proxy passes on (Forwarded)', { Forwarded: 'for=192.0.2.1' }],
  ['that a proxy passes on (X-Forwarded-For)', { 'X-Forwarded-For': '127.0.0.1' }],
  ['that a proxy passes on (X-Forwarded-Proto)', { 'X-Forwarded-Proto': 'https' }],
  ['that a proxy passes on (X-Real-IP)', { 'X-Real-IP': '127.0.0.1' }],
  ['that a proxy passes on (Via)', { Via: '1.1 proxy' }],
  ['for another host', { Host: 'voxelwise.example' }],
  ['for a host that resolves to this machine', { Host: 'localhost.attacker.example' }],
  ['of a page of another origin', { Origin: 'https://attacker.example' }],
  ['of a page without an origin', { Origin: 'null' }],
  ['of a page of another port', { Origin: 'http://127.0.0.1:1' }],
  ['of a picture on another page', { 'Sec-Fetch-Site': 'cross-site' }],
  ['of a link on another page', { Referer: 'https://attacker.example/' }],
];

describe.each(OTHERS)('a request %s is refused', (_what, headers) => {
  test.each(paths)('at %s', async path => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const { status, text } = await ask('127.0.0.1', method, path, headers);
      if (status === 405) continue;
      const problem = problemSchema.parse(JSON.parse(text));
      expect([method, status, problem.code]).toEqual([method, 403, 'local-mode-refused']);
    }
  });
});

test('refused requests are audited, and leave nothing else', async () => {
  const count = () => service.database.db.prisma.auditEvent.count({ where: { type: 'access.refused', outcome: 4 } });
  const before = await count();
  await ask('127.0.0.1', 'GET', '/predictions', { Via: '1.1 proxy' });
  expect((await count()) - before).toBe(1);
});

test('nobody else on the network reaches it', async () => {
  const outside = Object.values(os.networkInterfaces())
    .flat()
    .find(one => one && !one.internal && one.family === 'IPv4');
  if (!outside) return; // A machine without a network has nobody else on it.
  await expect(ask(outside.address, 'GET', '/session', {})).rejects.toThrow(/ECONNREFUSED/);
});

test.each([
  ['an address of the network', { HOST: '0.0.0.0' }, /HOST opens the service to a network/],
  ['every address of IPv6', { HOST: '::' }, /HOST opens the service to a network/],
  ['a proxy', { TRUSTED_PROXY_HOPS: '1' }, /there is a proxy/],
])('it does not start with %s', (_what, environment, sentence) => {
  expect(() => readConfiguration(environment)).toThrow(sentence);
});

test('it does not start beside an identity provider', async () => {
  const environment = { OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'voxelwise' };
  const started = runCommandLine(['serve', '--local', '--data', service.folder], environment);
  await expect(started).rejects.toThrow(/--local is single-user mode, in which nobody signs in/);
});

test.each([
  ['an address of the network', { host: '0.0.0.0' }],
  ['a proxy', { trustedProxyHops: 1 }],
])('it does not start with %s even where the configuration was not checked', async (_what, changes) => {
  const { databaseUrl, keysFile } = service.running.services.configuration;
  const configuration = readConfiguration({
    DATABASE_URL: databaseUrl,
    KEYS_FILE: keysFile!,
    PORT: '0',
    LOG_LEVEL: 'silent',
    WORKER: 'no',
  });
  const { configuration: complete } = await completeFromFolder(configuration, service.folder);
  await expect(startService({ ...complete, ...changes }, 'api')).rejects.toThrow(/Local single-user mode/);
});

function ask(
  host: string,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = service.running;
    const request = httpRequest({ host, port, method, path: `/api${path}`, headers });
    request.once('error', reject).once('response', async response => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode!, text });
    });
    request.end();
  });
}
