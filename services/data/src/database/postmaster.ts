import { execFile } from 'node:child_process';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { errorCode, UserError } from '../user-error.ts';
import { SUPERUSER } from './embedded-cluster.ts';

/** The running server of a data folder, as it says in its file postmaster.pid. */
export interface Postmaster {
  pid: number;
  port: number;
  /** As the server was told. */
  dataFolder: string;
  /** Accepts connections. */
  ready: boolean;
}

const STOP_LIMIT_MS = 60_000;

/** More than any system gives to a process. */
const PID_OF_NOBODY = 2_000_000_000;

/** Where the server notes itself. */
export function pidFile(dataFolder: string): string {
  return path.join(dataFolder, 'postmaster.pid');
}

/** Lines: process id, data folder, start time, port, socket folder, address, shared memory, state. */
async function readPidFile(dataFolder: string): Promise<string[]> {
  const text = await readFile(pidFile(dataFolder), 'utf8').catch(() => '');
  return text.split('\n');
}

/** The server that runs on a data folder, if one does: a file that a crash left there, or that was copied, is none. */
export async function runningPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  const lines = await readPidFile(dataFolder);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !lines[1]) return undefined;
  if (!(await isSameFolder(lines[1], dataFolder)) || !(await isPostgres(pid, lines[1]))) return undefined;
  return { pid, port: Number(lines[3]), dataFolder: lines[1], ready: lines[7]?.trim() === 'ready' };
}

/**
 * Makes PostgreSQL see that the server noted in postmaster.pid no longer runs, where it would believe the opposite: the process id
 * was given to another process (as after a restart of a container), or the dead process is not yet buried. Only the process id is
 * changed, so that PostgreSQL still looks for remains of that server by its shared memory.
 *
 * Only the holder of the folder's lock may call this.
 */
export async function disownStalePostmaster(dataFolder: string): Promise<void> {
  const lines = await readPidFile(dataFolder);
  if (lines.length < 2 || (await runningPostmaster(dataFolder))) return;
  await writeFile(pidFile(dataFolder), [PID_OF_NOBODY, ...lines.slice(1)].join('\n'));
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
      query_timeout: 5000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query('SHOW data_directory');
      return await isSameFolder(rows[0].data_directory, postmaster.dataFolder);
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
  const { pid, dataFolder } = postmaster;
  try {
    // SIGINT is PostgreSQL's fast shutdown. (On Windows it ends the process at once; the next start recovers.)
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return;
    throw new UserError(`The database in ${dataFolder} runs as another user and cannot be stopped by this one.`);
  }
  const until = Date.now() + STOP_LIMIT_MS;
  while (Date.now() < until) {
    // Not until its file is gone: that is before the process is.
    if (!(await isPostgres(pid, dataFolder))) return;
    await sleep(20);
  }
  throw new UserError(`The database in ${dataFolder} (process ${pid}) does not stop.`);
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map(folder => realpath(folder).catch(() => undefined)));
  return first !== undefined && first === second;
}

/** Whether a process is a PostgreSQL that was started on the folder. */
async function isPostgres(pid: number, dataFolder: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
  }
  const commandLine = await commandLineOf(pid);
  return /postgres/.test(commandLine) && (process.platform === 'win32' || commandLine.includes(dataFolder));
}

/** Empty for a process that is dead and not yet buried. */
async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program, args] =
    process.platform === 'win32'
      ? ['tasklist', ['/NH', '/FI', `PID eq ${pid}`]]
      : ['ps', ['-ww', '-o', 'command=', '-p', String(pid)]];
  const { stdout } = await promisify(execFile)(program as string, args as string[]).catch(() => ({ stdout: '' }));
  return stdout;
}
