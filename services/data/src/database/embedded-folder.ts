import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, UserError } from '../user-error.ts';
import { folderProblem, writePrivately } from './private-files.ts';

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

function passwordsLost(place: EmbeddedFolder, what: string): UserError {
  return new UserError(
    `${place.passwords} ${what}, and without it the database in ${place.data} cannot be opened. ` +
      'Bring the file back from a backup, or move the whole folder away to start with an empty database.',
  );
}
