import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkOutputs, writeFiles } from './output-files.ts';
import { Refusal } from './refusal.ts';
import { temporaryFolders } from './testing/ct-series.test-support.ts';

const newFolder = temporaryFolders();
const file = (path: string, text: string) => ({ option: '--seg', path, bytes: new TextEncoder().encode(text) });
const plain = { isForced: false, inputs: [] };

test('files are written under their names, and nothing else is left', async () => {
  const folder = newFolder();
  await writeFiles([file(join(folder, 'a'), 'one'), file(join(folder, 'b'), 'two')], plain);
  expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  expect([readFileSync(join(folder, 'a'), 'utf8'), readFileSync(join(folder, 'b'), 'utf8')]).toEqual(['one', 'two']);
});

test('a later file that cannot be written takes the earlier ones with it', async () => {
  const folder = newFolder();
  const vanished = join(folder, 'vanished');
  mkdirSync(vanished);
  const files = [file(join(folder, 'a'), 'one'), file(join(vanished, 'b'), 'two')];
  await checkOutputs(files, false);
  rmSync(vanished, { recursive: true });
  await expect(writeFiles(files, plain)).rejects.toThrow(/b cannot be written \(ENOENT\), and nothing was/);
  expect(readdirSync(folder)).toEqual([]);
});

test('a file that somebody made in the meantime stays, and takes the earlier ones with it', async () => {
  const folder = newFolder();
  const files = [file(join(folder, 'a'), 'one'), file(join(folder, 'b'), 'two')];
  await checkOutputs(files, false);
  writeFileSync(join(folder, 'b'), 'theirs');
  await expect(writeFiles(files, plain)).rejects.toThrow(Refusal);
  expect(readdirSync(folder)).toEqual(['b']);
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('theirs');
});

test('forced, a file is replaced whole; a link is replaced and what it led to stays', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'old'), 'a longer text');
  writeFileSync(join(folder, 'target'), 'kept');
  symlinkSync('target', join(folder, 'link'));
  const files = [file(join(folder, 'old'), 'one'), file(join(folder, 'link'), 'two')];
  await expect(checkOutputs(files, false)).rejects.toThrow(/old exists already/);
  await checkOutputs(files, true);
  await writeFiles(files, { isForced: true, inputs: [] });
  expect(['old', 'link', 'target'].map(name => readFileSync(join(folder, name), 'utf8'))).toEqual([
    'one',
    'two',
    'kept',
  ]);
});

test('a dangling link is no free name', async () => {
  const folder = newFolder();
  symlinkSync('nowhere', join(folder, 'link'));
  await expect(writeFiles([file(join(folder, 'link'), 'one')], plain)).rejects.toThrow(/link exists already/);
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});
