import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  bytesOf,
  describeObjectStore,
  digestOf,
  keysOf,
  killedDuringUpload,
  listOf,
  storeError,
} from './object-store.test-support.ts';
import { openObjectStore } from './object-store.ts';

let folder: string;
const unfinished = () => readdir(path.join(folder, 'objects', '.unfinished'));

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-objects-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('an object store in a folder', () => {
  describeObjectStore(
    () => openObjectStore(path.join(folder, 'objects')),
    async () => (await unfinished()).length,
  );

  test('its files and folders are for their owner only', async () => {
    const store = await openObjectStore(path.join(folder, 'private'));
    await store.putStream('a/b', bytesOf(10));
    expect((await stat(path.join(folder, 'private/a/b'))).mode & 0o777).toBe(0o600);
    for (const below of ['private', 'private/a', 'private/.unfinished']) {
      expect((await stat(path.join(folder, below))).mode & 0o777).toBe(0o700);
    }
  });

  test('a path and a file URL name the same store', async () => {
    const store = await openObjectStore(path.join(folder, 'a b%20c'));
    await store.putStream('key', bytesOf(10));
    expect(store.name).toBe(`file://${folder}/a%20b%2520c`);
    expect(await keysOf(await openObjectStore(store.name))).toEqual(['key']);
  });

  test('an upload whose process is killed leaves no object, and what it left is removed later', async () => {
    const objects = path.join(folder, 'objects');
    const store = await openObjectStore(objects);
    await killedDuringUpload(objects);
    expect(await store.exists('killed')).toBe(false);
    expect(await keysOf(store, 'killed')).toEqual([]);
    const [left] = await unfinished();
    expect((await stat(path.join(objects, '.unfinished', left!))).size).toBeGreaterThan(1_000_000);
    // One that is younger may still be under way in another process.
    expect(await store.removeUnfinished(new Date(Date.now() - 3_600_000))).toBe(0);
    const longAgo = new Date(Date.now() - 7_200_000);
    await utimes(path.join(objects, '.unfinished', left!), longAgo, longAgo);
    expect(await store.removeUnfinished(new Date(Date.now() - 3_600_000))).toBe(1);
    expect(await unfinished()).toEqual([]);
  });

  test('a folder that went missing is told at once, and nothing is written elsewhere', async () => {
    const lost = path.join(folder, 'lost');
    const store = await openObjectStore(lost);
    await rename(lost, `${lost}-unmounted`);
    for (const call of [store.checkReady(), store.putStream('a', bytesOf(10)), listOf(store)]) {
      const error = await storeError(call);
      expect(error.problem).toBe('configuration');
      expect(error.message).toBe(`The object store ${lost} cannot be used: the folder is missing; mount its disk.`);
    }
    expect(await readdir(folder)).not.toContain('lost');
  });

  test('a file in place of the folder is told', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    const error = await storeError(openObjectStore(path.join(file, 'below')));
    expect(error.message).toBe(
      `The object store ${file}/below cannot be used: a part of its path is a file; give the path of a folder.`,
    );
  });

  test.each<[string, string, string[], string]>([
    [
      'a full disk',
      'its disk is full',
      ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=2m none "$0" && exec "$@"'],
      '',
    ],
    ['a limit of file sizes', 'refuses files of this size', ['sh', '-c', 'ulimit -f 2000; exec "$@"'], ''],
    [
      'a read-only disk',
      'its file system is read-only',
      ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=9m none "$0" && exec "$@"'],
      'mount -o remount,ro',
    ],
  ])(
    '%s is told in a sentence, nothing is visible, and it goes on once that is solved',
    async (_name, sentence, around, then) => {
      const place = await mkdtemp(path.join(tmpdir(), 'voxelwise-full-'));
      const script = `
      import { execSync } from 'node:child_process';
      const [objectStore, support, folder, then] = process.argv.slice(1);
      const { openObjectStore } = await import(objectStore);
      const { bytesOf, keysOf } = await import(support);
      const store = await openObjectStore(folder);
      await store.putStream('before', bytesOf(1000));
      if (then) execSync(then + ' ' + folder);
      const error = await store.putStream('large', bytesOf(4_000_000)).catch(error => error);
      const keys = await keysOf(store);
      if (then) execSync(then.replace('ro', 'rw') + ' ' + folder);
      await store.putStream('after', bytesOf(1000));
      console.log(JSON.stringify({
        name: error.name, problem: error.problem, message: error.message, keys, after: await keysOf(store),
        left: await store.removeUnfinished(new Date(Date.now() + 1000)),
      }));`;
      const files = ['object-store.ts', 'object-store.test-support.ts'].map(file =>
        path.join(import.meta.dirname, file),
      );
      const [command = '', ...rest] = around;
      const { stdout, stderr } = spawnSync(
        command,
        [...rest, place, process.execPath, '--input-type=module', '-e', script, ...files, place, then],
        { encoding: 'utf8' },
      );
      await rm(place, { recursive: true });
      if (/unshare|mount:/.test(stderr) && !process.env.CI) {
        console.info(`Skipped: this machine lets nobody mount a small disk (${stderr.trim()})`);
        return;
      }
      expect(stderr).toBe('');
      const told = JSON.parse(stdout);
      expect(told.name).toBe('ObjectStoreError');
      expect(told.message).toContain(`The object store ${place} cannot be used: `);
      expect(told.message).toContain(sentence);
      expect(told).toMatchObject({ keys: ['before'], after: ['after', 'before'], left: 0 });
    },
  );

  test('what else lies in the folder is no object', async () => {
    const mounted = path.join(folder, 'mounted');
    const store = await openObjectStore(mounted);
    await store.putStream('a/b', bytesOf(10));
    await mkdir(path.join(mounted, 'lost+found'));
    await writeFile(path.join(mounted, 'lost+found', 'a'), '');
    await writeFile(path.join(mounted, '.DS_Store'), '');
    expect(await keysOf(store)).toEqual(['a/b']);
  });

  test('objects of one process are there for another', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => openObjectStore(path.join(folder, 'both'))));
    await one!.putStream('shared', bytesOf(100_000));
    expect(await digestOf(await other!.getStream('shared'))).toBe(await digestOf(bytesOf(100_000)));
  });
});

test.each([
  ['', 'OBJECT_STORE is empty'],
  ['ftp://host/folder', 'OBJECT_STORE: ftp: is not supported; use a path, file:// or s3://.'],
  ['file://host/folder', 'OBJECT_STORE: the file:// URL is malformed'],
])('the object store %j is refused', async (url, sentence) => {
  expect((await storeError(openObjectStore(url))).message).toContain(sentence);
});
