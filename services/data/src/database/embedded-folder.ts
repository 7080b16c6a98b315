import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, errorMessage, UserError } from '../user-error.ts';

/** Where things lie in the folder of an embedded PostgreSQL. */
export interface EmbeddedFolder {
  folder: string;
  /** PostgreSQL's own. */
  data: string;
  /** Passwords of the three roles, readable by the owner of the folder only. */
  passwords: string;
  /** Held by the process that the server belongs to. */
  ownerLock: string;
  /** Written once the server answers and its roles are made. */
  running: string;
}

export interface Passwords {
  superuser: string;
  owner: string;
  application: string;
}

export function embeddedFolder(folder: string): EmbeddedFolder {
  const absolute = path.resolve(folder);
  return {
    folder: absolute,
    data: path.join(absolute, 'data'),
    passwords: path.join(absolute, 'passwords.json'),
    ownerLock: path.join(absolute, 'owner.lock'),
    running: path.join(absolute, 'running.json'),
  };
}

/** Makes the folder, for its owner only, where it is not there yet. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw folderProblem(folder, error);
  }
}

/**
 * The passwords kept in the folder; made where there is no cluster yet.
 *
 * @throws {UserError} where they are lost while the cluster is there
 */
export async function readOrMakePasswords(place: EmbeddedFolder): Promise<Passwords> {
  try {
    return JSON.parse(await readFile(place.passwords, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw passwordsLost(place, 'is damaged');
    if (errorCode(error) !== 'ENOENT') throw folderProblem(place.passwords, error);
  }
  if (await stat(place.data).catch(() => undefined)) throw passwordsLost(place, 'is missing');
  const password = () => randomBytes(24).toString('base64url');
  const passwords = { superuser: password(), owner: password(), application: password() };
  await writePrivately(place.passwords, JSON.stringify(passwords));
  return passwords;
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

function passwordsLost(place: EmbeddedFolder, what: string): UserError {
  return new UserError(
    `${place.passwords} ${what}, and without it the database in ${place.data} cannot be opened. ` +
      'Bring the file back from a backup, or move the whole folder away to start with an empty database.',
  );
}
