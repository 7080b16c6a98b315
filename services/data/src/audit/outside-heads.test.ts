// What every place for heads does, the same for all of them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openObjectStore } from '../objects/object-store.ts';
import { startS3Server, type TestS3Server } from '../objects/s3-server.test-support.ts';
import { namesOf, testTrail } from './audit.test-support.ts';
import { outsideFolder } from './outside-folder.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { objectStoreHeads } from './outside-object-store.ts';
import { verifyAudit } from './verify/verify-audit.ts';

let server: TestS3Server;
beforeAll(async () => {
  server = await startS3Server('heads');
});
afterAll(() => server.stop());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-heads-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

describe.each<[string, () => Promise<OutsideHeads>]>([
  ['a folder', async () => outsideFolder(folder)],
  ['an object store in a folder', async () => objectStoreHeads(await openObjectStore(folder))],
  [
    'an object store in a bucket',
    async () =>
      objectStoreHeads(
        await openObjectStore(
          `${server.url('heads')}&prefix=${path.basename(folder).toLowerCase()}`,
          server.environment,
        ),
      ),
  ],
])('%s', (_, open) => {
  test('lists names in order, all or those behind one, and reads what was written', async () => {
    const heads = await open();
    expect(await namesOf(heads)).toEqual([]);
    const days = [day(-400), day(-101), day(-40), day(-1), day(0), day(1)];
    const names = days.flatMap(one => [`${one}/0000000000000007-a.json`, `${one}/0000000000000008-b.json`]);
    for (const name of [...names].reverse()) await heads.write(name, Buffer.from(name));
    expect(await namesOf(heads)).toEqual(names);
    for (const [i, name] of names.entries()) {
      expect(await namesOf(heads, name)).toEqual(names.slice(i + 1));
      expect((await heads.read(name))?.toString()).toBe(name);
    }
    expect(await heads.read(`${day(0)}/0000000000000009-c.json`)).toBeUndefined();
  });

  test('takes the heads of a sealed trail, which verifies against it', async () => {
    const outside = await open();
    const trail = await testTrail();
    try {
      for (let i = 0; i < 3; i++) {
        await trail.write(2);
        await trail.seal({ outside });
      }
      const report = await verifyAudit({ db: trail.db, publicKeys: trail.signer.publicKeys, outside });
      expect(report).toMatchObject({ findings: [], sealed: 6, outsideHeads: 3 });
    } finally {
      await trail.remove();
    }
  });
});
