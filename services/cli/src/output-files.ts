import { randomUUID } from 'node:crypto';
import { lstat, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Refusal } from './refusal.ts';

/** A file that an option asks for. */
export interface OutputPath {
  /** As in "--seg". */
  readonly option: string;
  readonly path: string;
}

export interface OutputFile extends OutputPath {
  readonly bytes: Uint8Array;
}

/**
 * Tells before the work is done what would stop the files from being written after it.
 * @throws Refusal when a file is there and may not be replaced, two options name one file, or there is no such folder.
 */
export async function checkOutputs(outputs: readonly OutputPath[], isForced: boolean): Promise<void> {
  for (const [index, { option, path }] of outputs.entries()) {
    const same = outputs.slice(0, index).find(other => resolve(other.path) === resolve(path));
    if (same) throw new Refusal(`${same.option} and ${option} name the same file, ${path}; give each its own.`);
    const folder = await stat(dirname(path)).catch((error: NodeJS.ErrnoException) => {
      throw notWritten({ option, path }, error);
    });
    if (!folder.isDirectory()) throw new Refusal(`${dirname(path)} is no folder, so ${option} cannot write there.`);
    const existing = await lstat(path).catch(() => null);
    if (existing?.isDirectory()) throw new Refusal(`${path} is a folder; give ${option} the path of a file.`);
    if (existing && !isForced) throw alreadyThere({ option, path });
  }
}

/**
 * Writes all files or none: each under another name first, then, when all are complete, under its own. A file that is there is
 * replaced only when that is allowed, and never one of the inputs.
 * @throws Refusal when one cannot be written.
 */
export async function writeFiles(
  files: readonly OutputFile[],
  { isForced, inputs }: { readonly isForced: boolean; readonly inputs: readonly string[] },
): Promise<void> {
  await assertNoInput(files, inputs);
  const unfinished: string[] = [];
  const reserved: string[] = [];
  let current = files[0];
  try {
    const complete: { readonly file: OutputFile; readonly temporary: string }[] = [];
    for (const file of files) {
      current = file;
      const temporary = join(dirname(file.path), `.voxelwise-${randomUUID()}`);
      unfinished.push(temporary);
      await writeFile(temporary, file.bytes, { flag: 'wx', flush: true });
      complete.push({ file, temporary });
    }
    for (const { file, temporary } of complete) {
      current = file;
      if (!isForced) {
        // Creates the file, or fails where somebody else has in the meantime.
        await (await open(file.path, 'wx')).close();
        reserved.push(file.path);
      }
      await rename(temporary, file.path);
    }
  } catch (error) {
    for (const path of reserved) await rm(path, { force: true });
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? alreadyThere(current!)
      : notWritten(current!, error as NodeJS.ErrnoException);
  } finally {
    for (const path of unfinished) await rm(path, { force: true });
  }
}

async function assertNoInput(files: readonly OutputFile[], inputs: readonly string[]): Promise<void> {
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  const read = new Set(await Promise.all(inputs.map(real)));
  for (const { option, path } of files) {
    if (read.has(await real(path))) {
      throw new Refusal(`${option} would replace ${path}, which the result was made from; give it another path.`);
    }
  }
}

function alreadyThere({ option, path }: OutputPath): Refusal {
  return new Refusal(`${path} exists already; give ${option} another path, or --force to replace it.`);
}

function notWritten({ option, path }: OutputPath, { code, message }: NodeJS.ErrnoException): Refusal {
  return new Refusal(
    `${path} cannot be written (${code ?? message}), and nothing was; give ${option} a path in a folder that exists and can be written.`,
  );
}
