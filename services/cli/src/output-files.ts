import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
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
    assertApart({ option, path }, outputs.slice(0, index));
    const folder = await stat(dirname(path)).catch((error: NodeJS.ErrnoException) => {
      throw notWritten({ option, path }, error);
    });
    if (!folder.isDirectory()) throw new Refusal(`${dirname(path)} is no folder, so ${option} cannot write there.`);
    const existing = await lstat(path).catch(() => null);
    const target = existing && (await stat(path).catch(() => null));
    if (target?.isDirectory()) throw new Refusal(`${path} is a folder; give ${option} the path of a file.`);
    if (target && !target.isFile())
      throw new Refusal(`${path} is a device or a pipe; give ${option} the path of a file.`);
    if (existing && !isForced) throw alreadyThere({ option, path });
  }
}

/**
 * @throws Refusal when another option names the file of an output.
 */
export function assertApart({ option, path }: OutputPath, others: readonly OutputPath[]): void {
  const same = others.find(other => resolve(other.path) === resolve(path));
  if (same) throw new Refusal(`${same.option} and ${option} name the same file, ${path}; give each its own.`);
}

/** What may stand in the way of a file that is written. */
export interface Writing {
  /** Files that are there already may be replaced. */
  readonly isForced: boolean;
  /** Paths of the files that are read: those are never replaced. */
  readonly inputs: readonly string[];
}

/**
 * Creates a file that begins with a text and is appended to. One that is there is replaced only when that is allowed, by the
 * beginning as a whole, and never one of the inputs.
 * @throws Refusal when it cannot be written.
 */
export async function createFile(output: OutputPath, beginning: string, writing: Writing): Promise<FileHandle> {
  await assertNoInput([output], writing.inputs);
  const { path } = output;
  const temporary = writing.isForced ? temporaryFor(path) : path;
  const file = await open(temporary, 'wx').catch(error => {
    throw notCreated(output, error);
  });
  try {
    await file.appendFile(beginning);
    if (temporary !== path) await rename(temporary, path);
    return file;
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw notWritten(output, error as NodeJS.ErrnoException);
  }
}

/**
 * Writes all files or none: each under another name first, then, when all are complete, under its own. A file that is there is
 * replaced only when that is allowed, and never one of the inputs.
 * @throws Refusal when one cannot be written.
 */
export async function writeFiles(files: readonly OutputFile[], { isForced, inputs }: Writing): Promise<void> {
  await assertNoInput(files, inputs);
  const unfinished: string[] = [];
  const reserved: string[] = [];
  let current = files[0];
  try {
    const complete: { readonly file: OutputFile; readonly temporary: string }[] = [];
    for (const file of files) {
      current = file;
      const temporary = temporaryFor(file.path);
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
    throw notCreated(current!, error as NodeJS.ErrnoException);
  } finally {
    for (const path of unfinished) await rm(path, { force: true });
  }
}

/** In the same folder, so that it can be renamed. */
function temporaryFor(path: string): string {
  return join(dirname(path), `.voxelwise-${randomUUID()}`);
}

async function assertNoInput(files: readonly OutputPath[], inputs: readonly string[]): Promise<void> {
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

function notCreated(output: OutputPath, error: NodeJS.ErrnoException): Refusal {
  return error.code === 'EEXIST' ? alreadyThere(output) : notWritten(output, error);
}

function notWritten({ option, path }: OutputPath, { code, message }: NodeJS.ErrnoException): Refusal {
  return new Refusal(
    `${path} cannot be written (${code ?? message}), and nothing was; give ${option} a path in a folder that exists and can be written.`,
  );
}
