import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { namesOf } from './audit.test-support.ts';
import { outsideFolder } from './outside-folder.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'voxelwise-outside-'));
  folder = path.join(root, 'heads');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('what was written is listed in order and read as it was', async () => {
  const heads = outsideFolder(folder);
  expect(await namesOf(heads)).toEqual([]);
  expect(await heads.read('2026-11-30/1.json')).toBeUndefined();
  const names = ['2026-12-01/1.json', '2026-11-30/2.json', '2026-11-30/1.json', '2027-01-01/0.json'];
  await Promise.all(names.map(name => heads.write(name, Buffer.from(name))));
  expect(await namesOf(heads)).toEqual([...names].sort());
  for (const name of names) expect((await heads.read(name))?.toString()).toBe(name);
});

test('after a name only later ones are listed', async () => {
  const heads = outsideFolder(folder);
  const names = ['2026-11-29/9.json', '2026-11-30/1.json', '2026-11-30/2.json', '2026-12-01/0.json'];
  for (const name of names) await heads.write(name, Buffer.from('x'));
  for (const [i, name] of names.entries()) expect(await namesOf(heads, name)).toEqual(names.slice(i + 1));
  expect(await namesOf(heads, '2026-11-30/15')).toEqual(['2026-11-30/2.json', '2026-12-01/0.json']);
});

test('a head that was written halfway is no head, and no file is left of one that could not be written', async () => {
  const heads = outsideFolder(folder);
  await heads.write('2026-11-30/1.json', Buffer.from('one'));
  await writeFile(path.join(folder, '2026-11-30', '2.json.0c0d.unfinished'), 'tw');
  expect(await namesOf(heads)).toEqual(['2026-11-30/1.json']);
  await mkdir(path.join(folder, '2026-11-30', '3.json'));
  await expect(heads.write('2026-11-30/3.json', Buffer.from('three'))).rejects.toThrow();
  expect((await readdir(path.join(folder, '2026-11-30'))).sort()).toEqual([
    '1.json',
    '2.json.0c0d.unfinished',
    '3.json',
  ]);
});

test('ten writers of the same head leave one whole file', async () => {
  const bytes = Buffer.alloc(100_000, 'a');
  await Promise.all(Array.from({ length: 10 }, () => outsideFolder(folder).write('2026-11-30/1.json', bytes)));
  expect(await readdir(path.join(folder, '2026-11-30'))).toEqual(['1.json']);
  expect(await outsideFolder(folder).read('2026-11-30/1.json')).toEqual(bytes);
});

test('names lead nowhere else', async () => {
  const heads = outsideFolder(folder);
  for (const name of ['../x.json', '2026-11-30/../../x.json', '/etc/x.json']) {
    await expect(heads.write(name, Buffer.from('x'))).rejects.toThrow('is not a name of a tree head');
    await expect(heads.read(name)).rejects.toThrow();
  }
  expect(await readdir(root)).toEqual([]);
});

test('a folder that cannot be read is named, and is not an empty one', async () => {
  await writeFile(folder, 'a file');
  await expect(namesOf(outsideFolder(folder))).rejects.toThrow(
    `The folder of audit tree heads ${folder} cannot be read (ENOTDIR).`,
  );
  if (process.getuid?.() === 0) return;
  const closed = path.join(root, 'closed');
  await mkdir(closed);
  await chmod(closed, 0);
  await expect(namesOf(outsideFolder(closed))).rejects.toThrow('cannot be read (EACCES)');
});
