import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Refusal } from '../refusal.ts';

/** A regular file below the folder. */
export interface ListedFile {
  readonly path: string;
  /** Path relative to the folder, for messages. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * Every regular file below a folder, in name order. Symbolic links are followed; a folder or file that was already
 * visited under another name is not visited again, so links cannot loop or count an image twice.
 */
export async function listFiles(folder: string): Promise<ListedFile[]> {
  await assertFolder(folder);
  const visited = new Set<string>();
  const files: ListedFile[] = [];

  const visit = async (path: string): Promise<void> => {
    const target = await realpath(path).catch(() => null);
    if (target === null || visited.has(target)) return; // a dangling link, or seen already
    visited.add(target);
    const status = await stat(target);
    if (status.isFile()) {
      files.push({ path, name: relative(folder, path), bytes: status.size });
    } else if (status.isDirectory()) {
      for (const entry of (await readFolder(path)).sort()) await visit(join(path, entry));
    }
  };
  await visit(folder);
  return files;
}

async function assertFolder(folder: string): Promise<void> {
  let status: Stats;
  try {
    status = await stat(folder);
  } catch {
    throw new Refusal(`There is no folder ${folder}; give the folder that holds the DICOM files of one series.`);
  }
  if (!status.isDirectory()) {
    throw new Refusal(`${folder} is a file; give the folder that holds the DICOM files of one series.`);
  }
}

async function readFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Refusal(`The folder ${path} cannot be read (${reason}); allow reading it or take it out of the way.`);
  }
}
