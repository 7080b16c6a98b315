import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const script = `
  import { mkdir, writeFile } from 'node:fs/promises';
  const [module, folder, name] = process.argv.slice(1);
  const { replaceFolder } = await import(module);
  for (let turn = 0; turn < 100; turn++) {
    const part = folder + '/plugins.part-' + name;
    await mkdir(part);
    for (const file of ['a', 'b', 'c']) await writeFile(part + '/' + file, name + turn);
    await replaceFolder(part, folder + '/plugins');
  }`;

test('programs that replace the same folder at the same time leave one whole folder, and nothing else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-replace-'));
  const module = path.join(process.cwd(), 'scripts/replace-folder.mjs');
  const codes = await Promise.all(
    ['x', 'y', 'z'].map(
      name =>
        new Promise(resolve =>
          spawn(process.execPath, ['--input-type=module', '-e', script, module, folder, name], { stdio: 'inherit' }).on(
            'close',
            resolve,
          ),
        ),
    ),
  );
  expect(codes).toEqual([0, 0, 0]);
  expect(await readdir(folder)).toEqual(['plugins']);
  const texts = await Promise.all(['a', 'b', 'c'].map(file => readFile(path.join(folder, 'plugins', file), 'utf8')));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toMatch(/^[xyz]99$/);
  await rm(folder, { recursive: true });
});
