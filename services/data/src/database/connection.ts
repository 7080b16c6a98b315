import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { errorCode, errorMessage, UserError } from '../user-error.ts';
import { databaseProblem } from './errors.ts';

/** Prisma's client inside a transaction. */
export type Transaction = Prisma.TransactionClient;

export interface TransactionOptions {
  /** Read committed where not given. */
  isolationLevel?: Prisma.TransactionIsolationLevel;
  /** The transaction is rolled back after this time. */
  timeoutMs?: number;
}

export interface Database {
  prisma: PrismaClient;
  /** For what Prisma does not do: COPY, cursors. Shares its connections with Prisma. */
  pool: pg.Pool;
  /**
   * Runs work in a transaction: all of it happens, or nothing. Where it stands in the way of another transaction (deadlock,
   * serialization failure), it is rolled back and done again, up to five times: work must change nothing outside of the database.
   */
  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  poolSize: number;
  /** Shown by PostgreSQL for each connection. */
  applicationName?: string;
  /** A statement that takes longer is cancelled. */
  statementTimeoutMs?: number;
  /** How long to wait for a connection, also where all are in use. */
  connectTimeoutMs?: number;
  /** Told of connections that broke while nobody used them. */
  onConnectionError?: (error: Error) => void;
}

/**
 * However server, database or role are set: Prisma's adapter takes times to be in UTC without looking, and both read dates in one
 * style only.
 */
const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'`;

const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
const TRANSACTION_TIMEOUT_MS = 30_000;
const ATTEMPTS = 5;

/**
 * Connects once, without limits of time: for migrating, backing up and restoring.
 *
 * @throws {UserError} where it cannot; the sentence holds no password
 */
export async function connectOnce(url: string, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection that breaks while it is idle fails the next statement, not the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(`${SESSION}; SET search_path = public; SET statement_timeout = 0`);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw connectionError(url, error);
  }
}

/** Why a database cannot be connected to, as a sentence without its password. */
export function connectionError(url: string, error: unknown): UserError {
  if (!URL.canParse(url))
    return new UserError(
      'The address of the database is not a URL such as postgresql://role:password@host:5432/database.',
    );
  const { hostname, port, pathname } = new URL(url);
  // An error of several addresses of one host has no message of its own.
  const reason = errorMessage(error) || errorCode(error);
  return new UserError(
    `The database ${hostname}:${port || 5432}${pathname} cannot be connected to as ${roleOf(url)}: ${reason}`,
    { cause: error },
  );
}

/** The role that a URL connects as. */
export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/** Opens a pool of connections; the first is made when it is needed. */
export function openDatabase(options: DatabaseOptions): Database {
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName ?? 'voxelwise-data',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    onConnect: async client => {
      await client.query(SESSION);
    },
  });
  const onConnectionError = options.onConnectionError ?? (() => {});
  // A pool without a listener ends the process when the server closes an idle connection.
  pool.on('error', onConnectionError);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { onConnectionError }) });

  const transaction: Database['transaction'] = async (
    work,
    { isolationLevel, timeoutMs = TRANSACTION_TIMEOUT_MS } = {},
  ) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await prisma.$transaction(work, {
          maxWait: connectTimeoutMs,
          timeout: timeoutMs,
          ...(isolationLevel && { isolationLevel }),
        });
      } catch (error) {
        if (attempt === ATTEMPTS || databaseProblem(error) !== 'conflict') throw error;
        // Of two that collided, the one should not meet the other again.
        await sleep(Math.random() * 2 ** attempt * 10);
      }
    }
  };

  let closing: Promise<void> | undefined;
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { prisma, pool, transaction, close: () => (closing ??= close()) };
}

/** The database's clock: the moment at which the transaction began. Several processes then need not have the same clock. */
export async function databaseNow(transaction: Transaction): Promise<Date> {
  const [row] = await transaction.$queryRaw<{ now: Date }[]>`SELECT now() AS "now"`;
  return row!.now;
}
