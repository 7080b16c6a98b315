import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { stopEmbeddedPostgres } from './embedded-postgres.ts';

const PROGRAM = path.join(import.meta.dirname, 'embedded-postgres-process.test-support.ts');

/** A process that owns, or uses, a database. */
export interface DatabaseProcess {
  ownerUrl: string;
  appUrl: string;
  port: number;
  attached: boolean;
  /** Why it did not start; all else is undefined then. */
  sentence?: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface ProcessOptions {
  port?: number;
  /** A program with arguments that starts it otherwise, such as setpriv as another user. */
  prefix?: string[];
}

/** Starts a database in a process of its own, and waits until it is there. */
export async function databaseProcess(folder: string, options: ProcessOptions = {}): Promise<DatabaseProcess> {
  const { child, line } = beginDatabaseProcess(folder, options);
  const ended = new Promise<void>(resolve => {
    child.on('exit', () => resolve());
  });
  const end = (act: () => void) => {
    act();
    return ended;
  };
  return {
    ...JSON.parse(await line),
    stop: () => end(() => child.stdin?.end()),
    kill: () => end(() => child.kill('SIGKILL')),
  };
}

/** Starts a database in a process of its own. `line` is what it says once the database is there. */
export function beginDatabaseProcess(
  folder: string,
  { port = 0, prefix = [] }: ProcessOptions = {},
): { child: ChildProcess; line: Promise<string> } {
  const [program = '', ...args] = [...prefix, process.execPath, PROGRAM, folder, String(port)];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      if (text.includes('\n')) resolve(text);
    });
    child.on('error', reject);
    child.on('close', code => reject(new Error(`The process ended (${code}) without a word.`)));
  });
  return { child, line };
}

/** A folder for databases of one test file; what still runs there is stopped when it is removed. */
export async function temporaryFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'voxelwise-embedded-'));
  return {
    folder,
    async remove() {
      await stopBelow(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function stopBelow(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await stopEmbeddedPostgres(path.join(folder, name));
}

/** Runs one statement and returns its rows. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
