import type { ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, UserError } from '../user-error.ts';
import { type PostgresBinaries, postgresBinaries } from './embedded-binaries.ts';
import { giveTo, makeCluster, serverProblem } from './embedded-cluster.ts';
import type { EmbeddedFolder, Passwords } from './embedded-folder.ts';
import { type ServerUser, serverUser, spawnAs } from './operating-system-user.ts';
import { disownStalePostmaster, type Postmaster, runningPostmaster } from './postmaster.ts';

export interface LaunchOptions {
  /** 0, or none, picks a free one. */
  port?: number;
  onLog?: (line: string) => void;
  /** Settings of the server in addition to ours. */
  settings?: Record<string, string>;
}

const START_LIMIT_MS = 60_000;

/**
 * Starts the server on a folder in which none runs; makes its cluster first where it is missing. Only the holder of the folder's
 * lock may call this.
 *
 * @throws {UserError} where the folder or this system does not allow it
 */
export async function launchServer(
  place: EmbeddedFolder,
  passwords: Passwords,
  options: LaunchOptions,
): Promise<Postmaster> {
  await disownStalePostmaster(place.data);
  const binaries = await postgresBinaries();
  const user = await serverUser(place.data, binaries.folder);
  await makeCluster(place, binaries, user, passwords);
  // A folder that root copied or restored belongs to root, as whom PostgreSQL does not run.
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
  options: LaunchOptions,
): Promise<Postmaster | string> {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(options.port || (await freePort())),
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
  let failure: unknown;
  const ended = new Promise<true>(resolve => {
    child.on('close', () => resolve(true));
    child.on('error', error => {
      failure = error;
      resolve(true);
    });
  });
  const until = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (await Promise.race([ended, sleep(20, false)])) {
      return failure ? `FATAL:  ${binaries.postgres} cannot be run (${errorCode(failure)})` : printed();
    }
    const postmaster = await runningPostmaster(place.data);
    if (postmaster?.ready && postmaster.pid === child.pid) {
      child.unref();
      return postmaster;
    }
    // Recovery after a crash may take long; it goes on as long as the server says that it is starting.
    if (Date.now() > until && !postmaster) {
      child.kill('SIGQUIT');
      return printed();
    }
  }
}

/** Passes on the log by lines; what is printed at first is kept to tell why the server did not start. */
function forwardLog(child: ChildProcess, onLog: ((line: string) => void) | undefined): () => string {
  let start = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
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

function startProblem(place: EmbeddedFolder, output: string, port: number | undefined): UserError {
  if (/Address already in use/i.test(output)) {
    return new UserError(
      `Port ${port} is taken by another program. Choose another port for the database, or none to have a free one picked.`,
    );
  }
  return new UserError(`The database in ${place.folder} does not start: ${serverProblem(output)}`);
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
