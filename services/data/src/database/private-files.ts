import { chmod, chown, mkdir, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../sync-folder.ts';
import { errorCode, errorMessage, UserError } from '../user-error.ts';

/** Makes the folder and those above it, for their owner only, where they are not there yet. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    // Step by step: a recursive mkdir says ENOENT on a read-only disk.
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (errorCode(error) !== 'ENOENT') throw folderProblem(folder, error);
    await makeFolder(path.dirname(folder));
    await makeFolder(folder);
  }
}

/** Writes a file that only the owner of its folder can read, at once: readers see the old one or the new one. */
export async function writePrivately(file: string, text: string): Promise<void> {
  try {
    const temporary = `${file}.new`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.chmod(0o600);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await giveToOwnerOfFolder(temporary);
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    throw folderProblem(file, error);
  }
}

/** Root working in another user's folder leaves nothing there that this user could not use afterwards. */
export async function giveToOwnerOfFolder(file: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(path.dirname(file));
  await chown(file, uid, gid);
  await chmod(file, 0o600);
}

/** What went wrong with a file or folder of ours, as a sentence. */
export function folderProblem(file: string, error: unknown): Error {
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
      return new UserError(
        `${file} cannot be read or written by this user. Start as the user it belongs to, or choose another folder.`,
      );
    case 'EROFS':
      return new UserError(`${file} is on a file system that is mounted read-only. Choose another folder.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError(`${file} cannot be written: the disk is full. Make room, or choose another folder.`);
    case 'ENOTDIR':
    case 'EEXIST':
      return new UserError(`${file} is not a folder, or lies below a file. Choose another folder.`);
    default:
      return error instanceof Error ? error : new Error(errorMessage(error));
  }
}
