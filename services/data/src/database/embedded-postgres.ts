import { readFileSync } from 'node:fs';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, UserError } from '../user-error.ts';
import { type EmbeddedFolder, embeddedFolder, type Passwords, readOrMakePasswords } from './embedded-folder.ts';
import { type LaunchOptions, launchServer } from './embedded-launch.ts';
import { APPLICATION, DATABASE, makeRoles, OWNER } from './embedded-roles.ts';
import { type FolderLock, tryLock } from './folder-lock.ts';
import { answersAsOurs, type Postmaster, pidFile, runningPostmaster, stopPostmaster } from './postmaster.ts';
import { folderProblem, giveToOwnerOfFolder, makeFolder, writePrivately } from './private-files.ts';

/** Port, log and settings are not heeded where the server runs already. The log holds no values of rows. */
export interface EmbeddedPostgresOptions extends LaunchOptions {
  /** Kept between starts: the database, its passwords, and locks. */
  folder: string;
}

export interface EmbeddedPostgres {
  /** Connects as the role that owns the schema. */
  ownerUrl: string;
  /** Connects as the role that the application runs as. */
  appUrl: string;
  port: number;
  /** Whether another process of ours runs the server, and this one only uses it. */
  attached: boolean;
  /** Shuts the server down, open transactions rolled back; where another process runs it, does nothing. */
  stop(): Promise<void>;
  /** Gives the server up without stopping it: the next process that starts on the folder takes it over. */
  leaveRunning(): void;
}

const WAIT_LIMIT_MS = 60_000;

/**
 * Starts PostgreSQL on a folder, listening on the loopback address only, and makes its database and roles where they are missing.
 *
 * One process owns the server; it ends with it. A process that comes later uses the same server. A server whose owner was killed
 * is taken over by the next process.
 *
 * @throws {UserError} where the folder or this system does not allow it
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = embeddedFolder(options.folder);
  await makeFolder(place.folder);
  const until = Date.now() + WAIT_LIMIT_MS;
  for (;;) {
    const lock = await takeOwnerLock(place);
    if (lock) {
      try {
        return await own(place, lock, options);
      } catch (error) {
        lock.release();
        throw error;
      }
    }
    const attached = await attach(place);
    if (attached) return attached;
    if (Date.now() > until) {
      throw new UserError(
        `Another process is using ${place.folder}, and its database does not answer. Stop that process, or choose another folder.`,
      );
    }
    await sleep(50);
  }
}

/** Stops the server of a folder, whoever started it: for cleaning up after processes that were killed. */
export async function stopEmbeddedPostgres(folder: string): Promise<void> {
  const postmaster = await runningPostmaster(embeddedFolder(folder).data);
  if (postmaster) await stopPostmaster(postmaster);
}

async function takeOwnerLock(place: EmbeddedFolder): Promise<FolderLock | undefined> {
  try {
    // Not opened where it is there: closing it again would release the lock that this process may hold on it (as POSIX wants it).
    await access(place.ownerLock, constants.R_OK | constants.W_OK).catch(async error => {
      if (errorCode(error) !== 'ENOENT') throw error;
      await writeFile(place.ownerLock, '', { flag: 'wx', mode: 0o600 }).catch(ignoreExisting);
      await giveToOwnerOfFolder(place.ownerLock);
    });
  } catch (error) {
    throw folderProblem(place.folder, error);
  }
  return tryLock(place.ownerLock);
}

function ignoreExisting(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}

/** Uses the server that another process owns, once it is ready. */
async function attach(place: EmbeddedFolder): Promise<EmbeddedPostgres | undefined> {
  const running = await readFile(place.running, 'utf8').catch(() => undefined);
  const postmaster = running && (await runningPostmaster(place.data));
  if (!postmaster || JSON.parse(running).pid !== postmaster.pid) return undefined;
  const passwords = await readOrMakePasswords(place);
  if (!(await answersAsOurs(postmaster, passwords.superuser))) return undefined;
  return { ...urls(postmaster.port, passwords), attached: true, stop: async () => {}, leaveRunning: () => {} };
}

async function own(
  place: EmbeddedFolder,
  lock: FolderLock,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const passwords = await readOrMakePasswords(place);
  const postmaster = (await adopt(place, passwords)) ?? (await launchServer(place, passwords, options));
  try {
    await makeRoles(place, postmaster.port, passwords);
    await writePrivately(place.running, JSON.stringify({ pid: postmaster.pid }));
  } catch (error) {
    await stopPostmaster(postmaster);
    throw error;
  }
  const tell = () => tellToStop(postmaster);
  process.once('exit', tell);
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    process.off('exit', tell);
    await rm(place.running, { force: true });
    await stopPostmaster(postmaster);
    lock.release();
  };
  return {
    ...urls(postmaster.port, passwords),
    attached: false,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
    leaveRunning() {
      process.off('exit', tell);
      lock.release();
    },
  };
}

/** The server that a killed process left running. One that does not answer is stopped. */
async function adopt(place: EmbeddedFolder, passwords: Passwords): Promise<Postmaster | undefined> {
  const orphan = await runningPostmaster(place.data);
  if (orphan && (await answersAsOurs(orphan, passwords.superuser))) return orphan;
  await rm(place.running, { force: true });
  if (orphan) await stopPostmaster(orphan);
  return undefined;
}

/** For a process that ends without having stopped the server: nothing can be waited for any more. */
function tellToStop(postmaster: Postmaster): void {
  try {
    const noted = readFileSync(pidFile(postmaster.dataFolder), 'utf8');
    if (noted.startsWith(`${postmaster.pid}\n`)) process.kill(postmaster.pid, 'SIGINT');
  } catch {
    // It has ended already.
  }
}

function urls(port: number, passwords: Passwords): { ownerUrl: string; appUrl: string; port: number } {
  const url = (role: string, password: string) => `postgresql://${role}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return { ownerUrl: url(OWNER, passwords.owner), appUrl: url(APPLICATION, passwords.application), port };
}
