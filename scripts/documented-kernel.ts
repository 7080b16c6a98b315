import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A code block of a page that says of which file it is: three backticks, the language, the file. */
const FILE_BLOCK = /^```(?:ts|wat) (\S+\/\S+)\n(.*?)^```$/gms;

/**
 * Writes the files of the kernel in docs/adding-a-kernel.md into a folder, which is emptied before, and assembles its WebAssembly, so that
 * tests can compile and run exactly what the page shows.
 * @returns the kernel's folder
 */
export function writeDocumentedKernel(root: string, target: string): string {
  const page = readFileSync(path.join(root, 'docs', 'adding-a-kernel.md'), 'utf8');
  const files = [...page.matchAll(FILE_BLOCK)].map(([, file, text]) => [file!, text!] as const);
  if (files.length === 0) throw new Error('docs/adding-a-kernel.md has no code block that names its file.');
  rmSync(target, { recursive: true, force: true });
  for (const [file, text] of files) {
    mkdirSync(path.join(target, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(target, file), text);
  }
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts', 'assemble-wat.mjs'), target], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The page's WebAssembly text does not assemble: ${stderr}`);
  return path.join(target, path.dirname(files[0]![0]));
}
