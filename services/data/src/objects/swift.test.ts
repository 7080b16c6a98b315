import { bytesOf, describeObjectStore, killedDuringUpload, storeError } from './object-store.test-support.ts';
import { openObjectStore } from './object-store.ts';
import { startSwift, type TestSwift } from './swift-server.test-support.ts';

// Another S3 server, which takes 10 s to start and four packages of Debian to install: VOXELWISE_SWIFT=1 asks for it.
const describeWithSwift = process.env.VOXELWISE_SWIFT ? describe : describe.skip;

describeWithSwift('an object store in a bucket of OpenStack Swift', () => {
  let swift: TestSwift;
  beforeAll(async () => {
    swift = await startSwift('objects');
  }, 60_000);
  afterAll(() => swift?.stop());

  describeObjectStore(
    () => openObjectStore(swift.url('objects'), swift.environment),
    () => swift.unfinishedUploads('objects'),
  );

  test.each([
    ['secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }],
    ['access key', { AWS_ACCESS_KEY_ID: 'test:nobody' }],
  ])('a wrong %s is told in a sentence', async (_name, wrong) => {
    const store = await openObjectStore(swift.url('objects'), { ...swift.environment, ...wrong });
    const calls = [store.checkReady(), store.putStream('key', bytesOf(10)), store.getStream('key')];
    for (const error of await Promise.all(calls.map(storeError))) {
      expect(error.problem).toBe('refused');
      expect(error.message).toMatch(/cannot be used: it does not accept the access key or its secret \(\w+\)\.$/);
    }
    expect((await storeError(store.exists('key'))).problem).toBe('refused');
  });

  test('what a process that is killed left of its upload is removed later', async () => {
    const store = await openObjectStore(swift.url('objects'), swift.environment);
    await killedDuringUpload(swift.url('objects'), swift.environment);
    expect(await store.exists('killed')).toBe(false);
    expect(await swift.unfinishedUploads('objects')).toBe(1);
    expect(await store.removeUnfinished(new Date(Date.now() - 3_600_000))).toBe(0);
    expect(await store.removeUnfinished(new Date(Date.now() + 60_000))).toBe(1);
    expect(await swift.unfinishedUploads('objects')).toBe(0);
  });

  test('a bucket that is not there is told in a sentence', async () => {
    const store = await openObjectStore(swift.url('absent'), swift.environment);
    const calls = [
      store.checkReady(),
      store.putStream('key', bytesOf(10)),
      store.getStream('key'),
      store.exists('key'),
    ];
    for (const error of await Promise.all(calls.map(storeError))) {
      expect(error.message).toContain('there is no bucket absent');
    }
  });
});
