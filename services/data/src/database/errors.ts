/** What went wrong in the database, told apart for those who decide what to do about it. */
export type DatabaseProblem =
  | 'unique-violation'
  | 'foreign-key-violation'
  | 'check-violation'
  | 'immutable'
  | 'permission-denied'
  /** Two transactions stood in each other's way: the same work may succeed when done again. */
  | 'conflict'
  | 'timeout'
  | 'disk-full'
  | 'read-only'
  | 'too-many-connections'
  | 'connection-lost'
  | 'schema-mismatch'
  | 'other';

/** By SQLSTATE (PostgreSQL, appendix A), whole or by class. */
const BY_SQLSTATE: Record<string, DatabaseProblem> = {
  '23505': 'unique-violation',
  '23503': 'foreign-key-violation',
  '23514': 'check-violation',
  '23502': 'check-violation',
  '23001': 'immutable',
  '42501': 'permission-denied',
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'timeout',
  '57014': 'timeout',
  '25P03': 'timeout',
  '25P04': 'timeout',
  '53100': 'disk-full',
  '25006': 'read-only',
  '53300': 'too-many-connections',
  '57P01': 'connection-lost',
  '57P02': 'connection-lost',
  '57P03': 'connection-lost',
  '42P01': 'schema-mismatch',
  '42703': 'schema-mismatch',
  '3F000': 'schema-mismatch',
  '08': 'connection-lost',
};

const BY_PRISMA_CODE: Record<string, DatabaseProblem> = {
  P2002: 'unique-violation',
  P2003: 'foreign-key-violation',
  P2004: 'check-violation',
  P2011: 'check-violation',
  P2021: 'schema-mismatch',
  P2022: 'schema-mismatch',
  P2024: 'timeout',
  P2028: 'timeout',
  P2034: 'conflict',
  P1001: 'connection-lost',
  P1002: 'connection-lost',
  P1008: 'timeout',
  P1017: 'connection-lost',
};

/** What Prisma's adapter for node-postgres makes of errors, of some of which it keeps nothing else. */
const BY_ADAPTER_KIND: Record<string, DatabaseProblem> = {
  TransactionWriteConflict: 'conflict',
  ConnectionClosed: 'connection-lost',
  DatabaseNotReachable: 'connection-lost',
  SocketTimeout: 'connection-lost',
};

const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** Names the problem behind an error that Prisma or node-postgres threw. */
export function databaseProblem(error: unknown): DatabaseProblem {
  for (const one of withCauses(error)) {
    const { code, originalCode, message, kind } = one as {
      code?: unknown;
      originalCode?: unknown;
      message?: unknown;
      kind?: unknown;
    };
    for (const value of [originalCode, code]) {
      if (typeof value !== 'string') continue;
      const known =
        BY_SQLSTATE[value] ??
        (/^[0-9A-Z]{5}$/.test(value) && !value.startsWith('P') ? BY_SQLSTATE[value.slice(0, 2)] : undefined);
      if (known) return known;
      if (SOCKET_ERRORS.has(value)) return 'connection-lost';
    }
    if (
      typeof message === 'string' &&
      /Connection terminated|Client has encountered a connection error|connection is closed/i.test(message)
    ) {
      return 'connection-lost';
    }
    const known = BY_ADAPTER_KIND[String(kind)];
    if (known) return known;
  }
  for (const one of withCauses(error)) {
    const known = BY_PRISMA_CODE[String((one as { code?: unknown }).code)];
    if (known) return known;
  }
  return 'other';
}

/** The constraint or index that refused a row, where PostgreSQL named it. */
export function violatedConstraint(error: unknown): string | undefined {
  for (const one of withCauses(error)) {
    const { constraint } = one as { constraint?: unknown };
    if (typeof constraint === 'string') return constraint;
    const index = (constraint as { index?: unknown } | null | undefined)?.index;
    if (typeof index === 'string') return index;
  }
  return undefined;
}

/** An error and what it wraps, outermost first: Prisma keeps the driver's error in `meta.driverAdapterError.cause`. */
function* withCauses(error: unknown): Generator<object> {
  let one = error;
  for (let depth = 0; depth < 8 && typeof one === 'object' && one !== null; depth++) {
    yield one;
    const { meta, cause } = one as { meta?: { driverAdapterError?: unknown }; cause?: unknown };
    one = meta?.driverAdapterError ?? cause;
  }
}
