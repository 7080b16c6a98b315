import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MASK_MEDIA_TYPE } from '@voxelwise/contract';
import { startTestService, type TestService } from './service.test-support.ts';
import { storedState } from './stored-rows.test-support.ts';

const LIMIT_BYTES = 100_000;

let service: TestService;
let authorization: string;
beforeAll(async () => {
  service = await startTestService({ OBJECT_LIMIT_BYTES: String(LIMIT_BYTES), WORKER: 'no' });
  authorization = await service.as();
});
afterAll(() => service?.stop());

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const upload = (bytes: Uint8Array, sha256 = digestOf(bytes), mediaType: string = MASK_MEDIA_TYPE) =>
  service.request('PUT', `/objects/${sha256}`, { bytes, mediaType });

/** Sends the head of an upload, and then pieces of its body until the other side has had enough. */
function beginUpload(length: string) {
  const socket = connect(service.running.port, '127.0.0.1');
  const head = [
    `PUT /api/objects/${digestOf(Buffer.from(randomUUID()))} HTTP/1.1`,
    'Host: localhost',
    `Authorization: ${authorization}`,
    `Content-Type: ${MASK_MEDIA_TYPE}`,
    length,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  let answer = '';
  socket.setEncoding('utf8').on('data', text => (answer += text));
  socket.on('error', () => {});
  return { socket, answer: () => answer };
}

describe('an upload leaves nothing behind where', () => {
  let before: Record<string, string>;
  beforeEach(async () => {
    before = await storedState(service);
  });
  afterEach(async () => {
    for (let attempt = 0; attempt < 50; attempt++) {
      if (JSON.stringify(await storedState(service)) === JSON.stringify(before)) return;
      await sleep(100);
    }
    expect(await storedState(service)).toEqual(before);
  });

  test('its digest is another one', async () => {
    const { status, json } = await upload(Buffer.from('abc'), digestOf(Buffer.from('abd')));
    expect([status, json.code]).toEqual([422, 'digest-mismatch']);
  });

  test('it is said to be too large', async () => {
    const { socket, answer } = beginUpload(`Content-Length: ${LIMIT_BYTES + 1}`);
    socket.write('x'.repeat(1000));
    for (let attempt = 0; attempt < 500 && answer() === ''; attempt++) await sleep(10);
    expect(answer()).toMatch(/^HTTP\/1\.1 413 .*too-large/s);
    socket.destroy();
  });

  test('it turns out to be too large, and does not end', async () => {
    const { socket, answer } = beginUpload('Transfer-Encoding: chunked');
    const startedMs = performance.now();
    while (answer() === '' && performance.now() - startedMs < 20_000) {
      socket.write(`3e8\r\n${'x'.repeat(1000)}\r\n`);
      await sleep(1);
    }
    expect(answer()).toMatch(/^HTTP\/1\.1 413 .*too-large/s);
    socket.destroy();
  });

  test('the client goes away in its middle', async () => {
    const { socket } = beginUpload('Content-Length: 50000');
    socket.write('x'.repeat(20_000));
    await sleep(200);
    socket.destroy();
    await sleep(200);
  });

  test.each(['text/html', 'application/json', 'x'])('it is of the media type %j', async mediaType => {
    const { status, json } = await upload(Buffer.from('abc'), undefined, mediaType);
    expect([status, json.code]).toEqual([415, 'unsupported-media-type']);
  });
});

test('an empty object, one at the limit and many at the same time are stored once each', async () => {
  const atLimit = Buffer.alloc(LIMIT_BYTES, 'x');
  for (const bytes of [Buffer.alloc(0), atLimit]) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => upload(bytes)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(await service.database.db.prisma.storedObject.count({ where: { sha256: digestOf(bytes) } })).toBe(1);
  }
});
