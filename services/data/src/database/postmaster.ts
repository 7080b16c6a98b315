import { readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { errorCode, UserError } from '../user-error.ts';
import { SUPERUSER } from './embedded-cluster.ts';

/** The running server of a data folder, as it says in its file postmaster.pid. */
export interface Postmaster {
  pid: number;
  port: number;
  dataFolder: string;
  /** Accepts connections. */
  ready: boolean;
}

const STOP_LIMIT_MS = 60_000;

function pidFile(dataFolder: string): string {
  return path.join(dataFolder, 'postmaster.pid');
}

/** The server that runs on a data folder, if one does: its file alone, left by a crash, is none. */
export async function runningPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  // Lines: process id, data folder, start time, port, socket folder, address, shared memory, state.
  const lines = (await readFile(pidFile(dataFolder), 'utf8').catch(() => '')).split('\n').map(line => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !(await isPostmaster(pid, dataFolder))) return undefined;
  return { pid, port: Number(lines[3]), dataFolder, ready: lines[7] === 'ready' };
}

/**
 * Removes the file of a server that no longer runs. PostgreSQL does so itself, unless the process id was given to another process
 * meanwhile, as happens after a restart of a container, or its process is dead but not yet buried.
 */
export async function removeStalePostmaster(dataFolder: string): Promise<void> {
  if (await runningPostmaster(dataFolder)) return;
  await rm(pidFile(dataFolder), { force: true });
}

/** Whether the server is that of the data folder and knows our password. */
export async function answersAsOurs(postmaster: Postmaster, password: string): Promise<boolean> {
  const until = Date.now() + 10_000;
  for (;;) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: postmaster.port,
      user: SUPERUSER,
      password,
      database: 'postgres',
      connectionTimeoutMillis: 5000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query('SHOW data_directory');
      return (await realpath(rows[0].data_directory)) === (await realpath(postmaster.dataFolder));
    } catch (error) {
      // 57P03: starting up, or shutting down.
      if (errorCode(error) !== '57P03' || Date.now() > until) return false;
    } finally {
      await client.end().catch(() => {});
    }
    await sleep(100);
  }
}

/**
 * Shuts a server down: sessions are ended, their transactions rolled back.
 *
 * @throws {UserError} where it does not end in time, or belongs to another user
 */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  try {
    // SIGINT is PostgreSQL's fast shutdown.
    process.kill(postmaster.pid, 'SIGINT');
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return;
    throw new UserError(
      `The database in ${postmaster.dataFolder} runs as another user and cannot be stopped by this one.`,
    );
  }
  const until = Date.now() + STOP_LIMIT_MS;
  while (Date.now() < until) {
    const running = await runningPostmaster(postmaster.dataFolder);
    if (running?.pid !== postmaster.pid) return;
    await sleep(20);
  }
  throw new UserError(`The database in ${postmaster.dataFolder} (process ${postmaster.pid}) does not stop.`);
}

async function isPostmaster(pid: number, dataFolder: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
  }
  if (process.platform !== 'linux') return true;
  // Empty for a process that is dead and not yet buried.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.includes(dataFolder) && /postgres/.test(commandLine);
}
