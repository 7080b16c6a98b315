import { rm } from 'node:fs/promises';
import path from 'node:path';
import { namesOf, type TestTrail, testTrail } from './audit.test-support.ts';
import { outsideFolder } from './outside-folder.ts';
import { publishHeads } from './publish-heads.ts';
import { verifyAudit } from './verify/verify-audit.ts';

let trail: TestTrail;
beforeEach(async () => {
  trail = await testTrail();
  for (let i = 0; i < 3; i++) {
    await trail.write(4);
    await trail.seal();
  }
});
afterEach(() => trail.remove());

test('a new place gets every head as it was, and the trail verifies against it', async () => {
  const outside = outsideFolder(path.join(trail.folder, 'new'));
  expect(await publishHeads(trail.db, outside)).toBe(3);
  const names = await namesOf(outside);
  expect(names).toHaveLength(3);
  for (const name of names) expect(await outside.read(name)).toEqual(await trail.outside.read(name));
  expect(await verifyAudit({ db: trail.db, publicKeys: trail.signer.publicKeys, outside })).toMatchObject({
    findings: [],
    outsideHeads: 3,
  });
});

test('only what is missing is written', async () => {
  const names = await namesOf(trail.outside);
  await rm(path.join(trail.folder, names[1]!));
  expect(await publishHeads(trail.db, trail.outside)).toBe(1);
  expect(await namesOf(trail.outside)).toEqual(names);
  expect(await publishHeads(trail.db, trail.outside)).toBe(0);
});

test('leaves that were changed are not spread', async () => {
  await trail.owner.pool.query(`UPDATE audit_leaf SET leaf_hash = sha256('x') WHERE leaf_index = 5`);
  const outside = outsideFolder(path.join(trail.folder, 'new'));
  await expect(publishHeads(trail.db, outside)).rejects.toThrow('The tree head of 8 events is not that of its leaves.');
  expect(await namesOf(outside)).toHaveLength(1);
});
