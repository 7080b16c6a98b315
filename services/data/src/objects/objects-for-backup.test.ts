import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesOf, digestOf } from './object-store.test-support.ts';
import { openObjectStore } from './object-store.ts';
import { objectsForBackup } from './objects-for-backup.ts';

test('a backup lists, reads and writes the bytes of a store, and knows what is not there', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-objects-'));
  try {
    const objects = objectsForBackup(await openObjectStore(folder));
    await objects.putStream('objects/ab/1', bytesOf(100_000));
    await objects.putStream('exports/2', bytesOf(10));
    const keys: string[] = [];
    for await (const key of objects.list()) keys.push(key);
    expect(keys.sort()).toEqual(['exports/2', 'objects/ab/1']);
    expect(await digestOf((await objects.getStream('objects/ab/1'))!)).toBe(await digestOf(bytesOf(100_000)));
    expect(await objects.getStream('objects/ab/absent')).toBeUndefined();
    await expect(objects.getStream('../outside')).rejects.toThrow('is no key of an object');
  } finally {
    await rm(folder, { recursive: true });
  }
});
