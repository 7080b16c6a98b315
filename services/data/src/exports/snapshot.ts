import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Transaction } from '../database/connection.ts';
import { ExportError } from './errors.ts';

/** Shown by PostgreSQL for the reading transaction of an export, for which no other export waits. */
const SNAPSHOT_NAME = 'voxelwise-data export';

/**
 * How far the clocks that write `created_at` may be from the database's. Rows get it to the millisecond, from the database or from
 * the process that writes them.
 */
const CLOCK_MARGIN_MS = 1000;

const LONGEST_WAIT_MS = 60_000;
const LONGEST_SNAPSHOT_MS = 24 * 3_600_000;

export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly longestWaitMs?: number;
}

/**
 * Waits until everything is committed that may still be written with `created_at` of a moment or before. A transaction that began
 * before the moment may commit later; a snapshot taken now would miss it, and one taken later would not.
 *
 * @throws ExportError where the moment lies in the future, or a transaction from before it does not end
 */
export async function waitForOlderTransactions(
  database: Database,
  asOf: Date,
  { signal, longestWaitMs = LONGEST_WAIT_MS }: WaitOptions = {},
): Promise<void> {
  const settled = new Date(asOf.getTime() + CLOCK_MARGIN_MS);
  const deadline = Date.now() + longestWaitMs;
  for (;;) {
    signal?.throwIfAborted();
    // Of other roles, PostgreSQL shows neither start nor state; nobody but the application writes records.
    const [state] = await database.prisma.$queryRaw<{ is_future: boolean; is_settled: boolean; older: number }[]>`
      SELECT ${asOf}::timestamptz > clock_timestamp() + ${CLOCK_MARGIN_MS} * interval '1 millisecond' AS is_future,
        ${settled}::timestamptz < clock_timestamp() AS is_settled,
        (SELECT count(*)::int FROM pg_stat_activity
          WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
            AND xact_start <= ${settled}::timestamptz AND application_name <> ${SNAPSHOT_NAME}) AS older`;
    if (state!.is_future) {
      throw new ExportError(
        'invalid-request',
        'The moment of the export (asOf) lies in the future. Leave it out for now.',
      );
    }
    if (state!.is_settled && state!.older === 0) return;
    if (Date.now() > deadline) {
      const message = 'A transaction from before the moment of the export (asOf) does not end. Try again later.';
      throw new ExportError('unavailable', message, { canRetry: true });
    }
    await sleep(50, undefined, { signal });
  }
}

/** Reads one state of the database, for as long as it takes. The transaction cannot write. */
export async function inSnapshot<Result>(
  database: Database,
  read: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return database.prisma.$transaction(
    async transaction => {
      await transaction.$executeRaw`SET TRANSACTION READ ONLY`;
      await transaction.$executeRawUnsafe(`SET LOCAL application_name = '${SNAPSHOT_NAME}'`);
      // It idles while files are written, which may take long where a store is slow.
      await transaction.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 0`;
      await transaction.$executeRaw`SET LOCAL statement_timeout = '10min'`;
      return read(transaction);
    },
    { isolationLevel: 'RepeatableRead', timeout: LONGEST_SNAPSHOT_MS, maxWait: LONGEST_WAIT_MS },
  );
}
