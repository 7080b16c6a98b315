import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { partName, removeStaleParts, writeFileAtomically } from './atomic-write.ts';
import { cleanUp, temporaryFolder } from './viewer.test-support.ts';

afterEach(cleanUp);

test('a file is replaced as a whole, in a folder that is made for it', async () => {
  const file = path.join(await temporaryFolder(), 'deep', 'er', 'index.json');
  await writeFileAtomically(file, 'old');
  await Promise.all(Array.from({ length: 20 }, (_, index) => writeFileAtomically(file, `new ${index}`)));
  expect(await readFile(file, 'utf8')).toMatch(/^new \d+$/);
  expect(await readdir(path.dirname(file))).toEqual(['index.json']);
});

test('a write that fails leaves the old file and no part', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'taken'));
  await writeFile(path.join(folder, 'taken', 'old'), '');
  await expect(writeFileAtomically(path.join(folder, 'taken'), 'new')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
});

test('parts of dead processes are removed, files and folders alike; everything else stays', async () => {
  const folder = await temporaryFolder();
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  await mkdir(path.join(folder, `a.part-${ended}-00000000`, 'inside'), { recursive: true });
  await writeFile(path.join(folder, `b.part-${ended}-00000000-downloads`), '');
  const own = path.basename(partName('c'));
  const kept = [`d.part-${process.ppid}-00000000`, 'e.part', 'f.part-x', 'g.dcm'];
  for (const name of [own, ...kept]) await writeFile(path.join(folder, name), '');
  removeStaleParts(folder);
  expect((await readdir(folder)).sort()).toEqual(kept);
  removeStaleParts(path.join(folder, 'missing'));
});
