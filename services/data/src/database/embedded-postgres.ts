import type { ChildProcess } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../user-error.ts';
import { type PostgresBinaries, postgresBinaries } from './embedded-binaries.ts';
import { giveTo, makeCluster, serverProblem } from './embedded-cluster.ts';
import {
  type EmbeddedFolder,
  embeddedFolder,
  folderProblem,
  giveToOwnerOfFolder,
  makeFolder,
  type Passwords,
  readOrMakePasswords,
  writePrivately,
} from './embedded-folder.ts';
import { APPLICATION, DATABASE, makeRoles, OWNER } from './embedded-roles.ts';
import { type FolderLock, tryLock } from './folder-lock.ts';
import { type ServerUser, serverUser, spawnAs } from './operating-system-user.ts';
import {
  answersAsOurs,
  type Postmaster,
  removeStalePostmaster,
  runningPostmaster,
  stopPostmaster,
} from './postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** Kept between starts: the database, its passwords, and locks. */
  folder: string;
  /** 0 picks a free one. Not heeded where the server runs already. */
  port?: number;
  /** Lines of the server's log. They hold no values of rows. */
  onLog?: (line: string) => void;
  /** Settings of the server in addition to ours, such as fsync for tests. */
  settings?: Record<string, string>;
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

const START_LIMIT_MS = 60_000;

/**
 * Starts PostgreSQL on a folder, listening on the loopback address only, and makes its database and roles where they are missing.
 *
 * One process owns the server. A process that comes later uses the same server. A server whose owner was killed is taken over by
 * the next process.
 *
 * @throws {UserError} where the folder or this system does not allow it
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = embeddedFolder(options.folder);
  await makeFolder(place.folder);
  const until = Date.now() + START_LIMIT_MS;
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

/**
 * Stops the server of a folder, whoever started it. For cleaning up after processes that were killed.
 */
export async function stopEmbeddedPostgres(folder: string): Promise<void> {
  const postmaster = await runningPostmaster(embeddedFolder(folder).data);
  if (postmaster) await stopPostmaster(postmaster);
}

async function takeOwnerLock(place: EmbeddedFolder): Promise<FolderLock | undefined> {
  try {
    const lock = tryLock(place.ownerLock);
    await giveToOwnerOfFolder(place.ownerLock);
    return lock;
  } catch {
    throw new UserError(
      `${place.folder} cannot be written by this user. Start as the user it belongs to, or choose another folder.`,
    );
  }
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
  const orphan = await runningPostmaster(place.data);
  let postmaster: Postmaster;
  if (orphan && (await answersAsOurs(orphan, passwords.superuser))) postmaster = orphan;
  else {
    if (orphan) await stopPostmaster(orphan);
    postmaster = await launch(place, passwords, options);
  }
  await makeRoles(postmaster.port, passwords);
  await writePrivately(place.running, JSON.stringify({ pid: postmaster.pid, port: postmaster.port }));
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await rm(place.running, { force: true });
    await stopPostmaster(postmaster);
    lock.release();
  };
  return {
    ...urls(postmaster.port, passwords),
    attached: false,
    stop: () => (stopping ??= stop()),
    leaveRunning: () => lock.release(),
  };
}

async function launch(
  place: EmbeddedFolder,
  passwords: Passwords,
  options: EmbeddedPostgresOptions,
): Promise<Postmaster> {
  await rm(place.running, { force: true });
  await removeStalePostmaster(place.data);
  const binaries = await postgresBinaries();
  const user = await serverUser(place.data, binaries.folder);
  await makeCluster(place, binaries, user, passwords);
  if (user.uid !== undefined && (await stat(place.data)).uid === 0) await giveTo(place.data, user);
  const until = Date.now() + START_LIMIT_MS;
  for (;;) {
    const outcome = await launchOnce(place, binaries, user, options);
    if (typeof outcome === 'object') return outcome;
    // The port that was free a moment ago may be taken; parts of a killed server may take a moment to end.
    const passes =
      (!options.port && /Address already in use/i.test(outcome)) || /pre-existing shared memory block/i.test(outcome);
    if (!passes || Date.now() > until) throw startProblem(place, outcome, options.port);
    await sleep(200);
  }
}

/** The server, ready; or what it printed before it ended. */
async function launchOnce(
  place: EmbeddedFolder,
  binaries: PostgresBinaries,
  user: ServerUser,
  options: EmbeddedPostgresOptions,
): Promise<Postmaster | string> {
  const port = options.port || (await freePort());
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    cluster_name: 'voxelwise',
    logging_collector: 'off',
    // Neither statements nor the values of rows are written to the log: they may be about patients.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnAs(user, binaries.postgres, ['-D', place.data, ...args]);
  const printed = forwardLog(child, options.onLog);
  const ended = new Promise<true>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(true));
  });
  const until = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (await Promise.race([ended, sleep(20, false)])) return printed();
    const postmaster = await runningPostmaster(place.data);
    if (postmaster?.ready && postmaster.pid === child.pid) {
      child.unref();
      return postmaster;
    }
    // Recovery after a crash may take long; it is going on as long as the server says so.
    if (Date.now() > until && !postmaster) {
      child.kill('SIGQUIT');
      return printed();
    }
  }
}

/** Passes on the log by lines; what is printed until the server is ready is kept to tell why it did not start. */
function forwardLog(child: ChildProcess, onLog: ((line: string) => void) | undefined): () => string {
  let start = '';
  let rest = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      if (start.length < 20_000) start += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (onLog) for (const line of lines) onLog(line);
    });
    // The server's life does not hold ours.
    (stream as net.Socket | null)?.unref?.();
  }
  return () => start;
}

function startProblem(place: EmbeddedFolder, output: string, port: number | undefined): Error {
  if (/Address already in use/i.test(output)) {
    return new UserError(
      `Port ${port} is taken by another program. Choose another port for the database, or none to have a free one picked.`,
    );
  }
  return folderProblem(
    place.folder,
    new UserError(`The database in ${place.folder} does not start: ${serverProblem(output)}`),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function urls(port: number, passwords: Passwords): { ownerUrl: string; appUrl: string; port: number } {
  const url = (role: string, password: string) => `postgresql://${role}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return { ownerUrl: url(OWNER, passwords.owner), appUrl: url(APPLICATION, passwords.application), port };
}
