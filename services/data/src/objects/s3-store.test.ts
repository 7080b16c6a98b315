import { once } from 'node:events';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { bytesOf, describeObjectStore, digestOf, keysOf, storeError } from './object-store.test-support.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { startS3Server, type TestS3Server } from './s3-server.test-support.ts';

let server: TestS3Server;

beforeAll(async () => {
  server = await startS3Server('objects', 'prefixed', 'killed');
});
afterAll(async () => {
  await server.stop();
});

const open = (bucket: string, more = '') => openObjectStore(server.url(bucket) + more, server.environment);

describe('an object store in a bucket', () => {
  describeObjectStore(
    () => open('objects'),
    async () => server.unfinishedUploads(),
  );
});

describe('an object store below a prefix of a bucket', () => {
  test('sees only what is below it', async () => {
    const [whole, part, other] = await Promise.all([
      open('prefixed'),
      open('prefixed', '&prefix=site-a/objects/'),
      open('prefixed', '&prefix=site-ab'),
    ]);
    await part.putStream('x/1', bytesOf(100));
    await other.putStream('x/1', bytesOf(200));
    expect(await keysOf(whole)).toEqual(['site-a/objects/x/1', 'site-ab/x/1']);
    expect(await keysOf(part)).toEqual(['x/1']);
    await part.remove('x/1');
    expect(await keysOf(whole)).toEqual(['site-ab/x/1']);
  });
});

describe('what goes wrong is told in a sentence', () => {
  test('a bucket that is not there', async () => {
    const store = await open('absent');
    const errors = [
      store.checkReady(),
      store.putStream('key', bytesOf(10)),
      store.putStream('key', bytesOf(9_000_000)),
      store.getStream('key'),
      store.exists('key'),
      keysOf(store),
      store.removeUnfinished(new Date()),
    ].map(storeError);
    for (const error of await Promise.all(errors)) {
      expect(error.problem).toBe('configuration');
      expect(error.message).toMatch(
        /^The object store s3:\/\/absent at http:\/\/127\.0\.0\.1:\d+\/ cannot be used: there is no bucket absent\.$/,
      );
    }
  });

  test('an address where nothing listens, and one that is unknown', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    for (const [endpoint, sentence] of [
      [`http://127.0.0.1:${port}`, 'nothing listens there'],
      ['http://absent.invalid', 'its host name is unknown'],
    ]) {
      const store = await openObjectStore(`s3://bucket?endpoint=${endpoint}`, server.environment);
      const error = await storeError(store.checkReady());
      expect(error.problem).toBe('unreachable');
      expect(error.message).toBe(`The object store s3://bucket at ${endpoint}/ cannot be used: ${sentence}.`);
    }
  });

  test('http spoken as https', async () => {
    const store = await openObjectStore(server.url('objects').replace('http:', 'https:'), server.environment);
    const error = await storeError(store.checkReady());
    expect(error.problem).toBe('unreachable');
    expect(error.message).toContain('it does not speak TLS; check http or https');
  });

  test('a server that accepts the connection and never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const store = await openObjectStore(`s3://bucket?endpoint=http://127.0.0.1:${port}`, server.environment);
    const error = await storeError(store.checkReady()).finally(() => silent.close());
    expect(error.message).toContain('it did not answer in time');
  }, 15_000);

  test.each([
    ['s3://', 'is no name of a bucket'],
    ['s3://Bucket_1', 'is no name of a bucket'],
    ['s3://key:secret@bucket', 'the URL holds credentials; set AWS_ACCESS_KEY_ID'],
    ['s3://bucket/folder?region=eu-west-1', 'write prefix=path instead'],
    ['s3://bucket?endpoint=localhost:9000', 'endpoint= must be a URL such as'],
    ['s3://bucket?endpoint=http://key:secret@localhost:9000', 'endpoint= holds credentials'],
    ['s3://bucket?endpoint=http://localhost&secure=1', 'the parameter secure is unknown'],
    ['s3://bucket', 'the region is missing; add region= to the URL or set AWS_REGION'],
    ['s3://bucket?region=eu-west-1&prefix=../up', 'is no key of an object'],
  ])('the URL %s', async (url, sentence) => {
    const error = await storeError(openObjectStore(url, {}));
    expect(error.message).toContain(sentence);
    expect(error.message).not.toContain('secret@');
  });
});

describe('a server that is killed', () => {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await open('killed');
  });
  afterEach(() => server.restart());

  test('during an upload ends it, its source is closed, and nothing is visible afterwards', async () => {
    await store.putStream('before', bytesOf(1000));
    async function* chunks() {
      yield* bytesOf(12_000_000);
      await server.kill();
      yield* bytesOf(40_000_000);
    }
    const source = Readable.from(chunks(), { objectMode: false });
    const error = await storeError(store.putStream('key', source));
    expect(error.problem).toBe('unreachable');
    expect(source.destroyed).toBe(true);
    await server.restart();
    expect(await keysOf(store)).toEqual(['before']);
  });

  test('during a download ends it with an error', async () => {
    await store.putStream('key', bytesOf(10_000_000));
    const download = await store.getStream('key');
    const reading = (async () => {
      for await (const _chunk of download) await server.kill();
    })();
    const error = await storeError(reading);
    expect(error.problem).toBe('unreachable');
    expect(error.message).toContain('it closed the connection');
  });

  test('and started again goes on with the same store', async () => {
    await server.kill();
    expect((await storeError(store.checkReady())).problem).toBe('unreachable');
    await server.restart();
    await store.checkReady();
    await store.putStream('after', bytesOf(100));
    expect(await digestOf(await store.getStream('after'))).toBe(await digestOf(bytesOf(100)));
  });
});
