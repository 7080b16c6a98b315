import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file so that a reader, or a power cut, sees either the old content or the whole new content. */
export async function writeFileAtomically(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const part = partName(file);
  try {
    const handle = await open(part, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

/** Name of an unfinished file or folder. It carries the process id, so that a later run can tell who left it. */
export function partName(target: string): string {
  return `${target}.part-${process.pid}-${randomUUID().slice(0, 8)}`;
}

/** Makes a rename in this folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes what dead runs left unfinished in a folder. Parts of a process that still runs are kept: somebody may have
 * started a second viewer on the same data folder.
 */
export function removeStaleParts(folder: string): void {
  for (const name of entriesOf(folder)) {
    const processId = Number(/\.part-(\d+)/.exec(name)?.[1] ?? 0);
    if (processId > 0 && (processId === process.pid || !isRunning(processId))) {
      rmSync(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there yet
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
