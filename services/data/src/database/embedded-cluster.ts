import { randomUUID } from 'node:crypto';
import { chown, lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../sync-folder.ts';
import { errorCode, UserError } from '../user-error.ts';
import { type PostgresBinaries, postgresMajor } from './embedded-binaries.ts';
import type { EmbeddedFolder, Passwords } from './embedded-folder.ts';
import { type ServerUser, spawnAs } from './operating-system-user.ts';
import { folderProblem, writePrivately } from './private-files.ts';

export const SUPERUSER = 'postgres';

const UNFINISHED = 'data.unfinished-';

/**
 * Makes the database cluster where there is none. It is made beside its place and then renamed, so that a half-made one, left by a
 * crash, is never taken for a cluster. Only the holder of the folder's lock may call this.
 *
 * @throws {UserError} where it cannot be made, or is of another major version of PostgreSQL
 */
export async function makeCluster(
  place: EmbeddedFolder,
  binaries: PostgresBinaries,
  user: ServerUser,
  passwords: Passwords,
): Promise<void> {
  await removeUnfinished(place);
  const exists = await lstat(place.data).catch(() => undefined);
  if (exists) return checkVersion(place, binaries);
  // A name of its own: an initdb that outlived its killed parent may still write to the last one's.
  const unfinished = path.join(place.folder, `${UNFINISHED}${randomUUID()}`);
  const passwordFile = `${unfinished}.password`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await giveTo(unfinished, user);
    await writePrivately(passwordFile, passwords.superuser);
    if (user.uid !== undefined) await chown(passwordFile, user.uid, user.gid ?? user.uid);
    await initdb(binaries, user, unfinished, passwordFile);
    await rename(unfinished, place.data);
    await syncFolder(place.folder);
  } catch (error) {
    throw folderProblem(place.folder, error);
  } finally {
    await removeUnfinished(place);
  }
}

/** What a crash, or a failure, left of making a cluster. */
async function removeUnfinished(place: EmbeddedFolder): Promise<void> {
  for (const name of await readdir(place.folder)) {
    // An initdb that still runs may add files meanwhile; then what is left goes the next time.
    if (name.startsWith(UNFINISHED))
      await rm(path.join(place.folder, name), { recursive: true, force: true }).catch(() => {});
  }
}

async function initdb(
  binaries: PostgresBinaries,
  user: ServerUser,
  folder: string,
  passwordFile: string,
): Promise<void> {
  const child = spawnAs(user, binaries.initdb, [
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorting that is the same on every machine and in every version of its libraries.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ]);
  let output = '';
  child.stdout?.on('data', chunk => (output += chunk));
  child.stderr?.on('data', chunk => (output += chunk));
  const code = await new Promise<number | null>(resolve => {
    child.on('error', error => {
      output = `FATAL:  ${binaries.initdb} cannot be run (${errorCode(error)})`;
      resolve(null);
    });
    child.on('close', resolve);
  });
  if (code === 0) return;
  throw new UserError(`The database could not be made in ${path.dirname(folder)}: ${serverProblem(output)}`);
}

/** The reason in what PostgreSQL's programs print, with what to do where we know it. */
export function serverProblem(output: string): string {
  if (/No space left on device|Disk quota exceeded/i.test(output))
    return 'the disk is full. Make room, or choose another folder.';
  if (/Read-only file system/i.test(output)) return 'its file system is mounted read-only. Choose another folder.';
  const missingLibrary = /error while loading shared libraries: ([^:]+)/.exec(output);
  if (missingLibrary)
    return `the library ${missingLibrary[1]} is missing. Install the embedded PostgreSQL again (npm rebuild).`;
  const reason = /(?:FATAL|PANIC|ERROR|error):\s+(.*)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1);
  return reason ? `PostgreSQL says: ${reason}` : 'PostgreSQL ended without a word.';
}

async function checkVersion(place: EmbeddedFolder, binaries: PostgresBinaries): Promise<void> {
  const found = await readFile(path.join(place.data, 'PG_VERSION'), 'utf8').catch(error => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw folderProblem(place.data, error);
  });
  if (found === undefined) {
    throw new UserError(`${place.data} is not a database of PostgreSQL. Choose another folder, or move this one away.`);
  }
  const ours = await postgresMajor(binaries);
  if (Number(found) === ours) return;
  throw new UserError(
    `The database in ${place.data} was made by PostgreSQL ${found.trim()}, and this program brings PostgreSQL ${ours}, which cannot open it. ` +
      'Make a backup with the program that made it and restore it here into another folder.',
  );
}

/** Gives a folder with all that is in it to the server's user. Links are not followed. */
export async function giveTo(folder: string, user: ServerUser): Promise<void> {
  if (user.uid === undefined) return;
  await chown(folder, user.uid, user.gid ?? user.uid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(inside, user);
    else if (!entry.isSymbolicLink()) await chown(inside, user.uid, user.gid ?? user.uid);
  }
}
