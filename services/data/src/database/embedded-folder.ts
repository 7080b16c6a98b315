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

/**
 * The passwords kept in the folder; made where there is no cluster yet.
 *
 * @throws {UserError} where they are lost while the cluster is there
 */
export async function readOrMakePasswords(place: EmbeddedFolder): Promise<Passwords> {
  const text = await readFile(place.passwords, 'utf8').catch(error => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw folderProblem(place.passwords, error);
  });
  if (text !== undefined) return parsePasswords(place, text);
  if (await stat(place.data).catch(() => undefined)) throw passwordsLost(place, 'is missing');
  const password = () => randomBytes(24).toString('base64url');
  const passwords = { superuser: password(), owner: password(), application: password() };
  await writePrivately(place.passwords, JSON.stringify(passwords));
  return passwords;
}

function parsePasswords(place: EmbeddedFolder, text: string): Passwords {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {}
  const { superuser, owner, application } = (found ?? {}) as Partial<Passwords>;
  // They are written into SQL and into URLs as they are.
  const isPassword = (value: unknown): value is string =>
    typeof value === 'string' && /^[A-Za-z0-9_-]{16,}$/.test(value);
  if (isPassword(superuser) && isPassword(owner) && isPassword(application)) return { superuser, owner, application };
  throw passwordsLost(place, 'is damaged');
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

/** Makes a rename in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
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
