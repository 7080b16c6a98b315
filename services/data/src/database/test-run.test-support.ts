// Jest's global set-up and tear-down of the data service's tests. Setting up only names a folder; the first test that needs a
// database starts PostgreSQL there (database.test-support.ts).
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stopEmbeddedPostgres } from './embedded-postgres.ts';

/** Names the folder of this run's PostgreSQL for all its worker processes. */
export const TEST_RUN_FOLDER = 'VOXELWISE_TEST_RUN_FOLDER';

/** Jest's own process: the server does not outlive it. */
export const TEST_RUN_PID = 'VOXELWISE_TEST_RUN_PID';

export async function setup(): Promise<void> {
  process.env[TEST_RUN_FOLDER] = path.join(os.tmpdir(), `voxelwise-test-${process.pid}-${Date.now()}`);
  process.env[TEST_RUN_PID] = String(process.pid);
}

export async function teardown(): Promise<void> {
  const folder = process.env[TEST_RUN_FOLDER];
  if (!folder) return;
  await stopEmbeddedPostgres(folder);
  await rm(folder, { recursive: true, force: true });
}
