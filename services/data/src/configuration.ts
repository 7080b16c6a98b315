import { readFileSync } from 'node:fs';
import { ROLES, type Role } from '@voxelwise/contract';
import { z } from 'zod';
import { archiveUrlProblem } from './identity/archive-authority.ts';
import { issuerProblem } from './identity/provider-keys.ts';
import { UserError } from './user-error.ts';

/** How the service is set up. Made once, from environment variables; every problem is reported at once. */
export interface Configuration {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string | null;
  /** Role that owns the schema: for migrate, rotate-keys, backup and restore. */
  readonly migrationDatabaseUrl: string | null;
  readonly poolSize: number;
  /** file:///folder or s3://bucket?endpoint=... */
  readonly objectStore: string | null;
  readonly keysFile: string | null;
  readonly keysJson: string | null;
  readonly oidc: OidcConfiguration | null;
  /** Site of local single-user mode. */
  readonly localSite: string;
  readonly archiveUrl: string | null;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxyHops: number;
  readonly bodyLimitBytes: number;
  readonly objectLimitBytes: number;
  readonly requestsPerMinute: number;
  readonly refusedSignInsPerMinute: number;
  /** Where signed tree heads are written outside of the database: a folder, or 'object-store'. */
  readonly auditHeads: string | null;
  /** Days that a record is kept where it says nothing itself; null for as long as nobody erases it. */
  readonly retentionDays: number | null;
  readonly logLevel: string;
  /** Whether this `serve` also does the background work. */
  readonly hasWorker: boolean;
  /** The commit that was deployed, for /version. */
  readonly commit: string | null;
}

export interface OidcConfiguration {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly rolesClaim: string;
  readonly sitesClaim: string;
  /** Names of roles at the provider, to ours. */
  readonly roleMap: Readonly<Record<string, Role>>;
}

const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const whole = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum, `must be at least ${minimum}`).max(maximum, `must be at most ${maximum}`));

const list = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform(text =>
      text
        .split(',')
        .map(part => part.trim())
        .filter(part => part !== ''),
    )
    .pipe(z.array(item));

const databaseUrl = z.string().refine(text => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''), {
  error: 'must be postgres://user:password@host/database',
});

/** An origin as browsers send it: scheme, host and port, and nothing behind. */
const origin = z.string().refine(text => URL.parse(text)?.origin === text && /^https?:/.test(text), {
  error:
    'must be origins such as https://viewer.example.org, without a path or a slash at the end, separated by commas; * is not allowed',
});

const roleMap = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON such as {"radiologist": "reviewer"}' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.enum(ROLES, { error: `must map to ${ROLES.join(', ')}` })));

const environmentSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65535).default(8090),
  DATABASE_URL: databaseUrl.optional(),
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  POOL_SIZE: whole(2, 200).default(10),
  OBJECT_STORE: z.string().optional(),
  KEYS_FILE: z.string().optional(),
  KEYS_JSON: z.string().optional(),
  OIDC_ISSUER: z.string().optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_ALGORITHMS: list(z.enum(ASYMMETRIC, { error: `must be of ${ASYMMETRIC.join(', ')}` })).default([
    'RS256',
    'ES256',
  ]),
  OIDC_ROLES_CLAIM: z.string().default('roles'),
  OIDC_SITES_CLAIM: z.string().default('sites'),
  OIDC_ROLE_MAP: roleMap.default({}),
  LOCAL_SITE: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, dots, underscores and hyphens')
    .default('local'),
  ARCHIVE_URL: z.string().optional(),
  ALLOWED_ORIGINS: list(origin).default([]),
  TRUSTED_PROXY_HOPS: whole(0, 10).default(0),
  BODY_LIMIT_BYTES: whole(1024, 100_000_000).default(4_000_000),
  OBJECT_LIMIT_BYTES: whole(1024, 10_000_000_000).default(512_000_000),
  REQUESTS_PER_MINUTE: whole(10, 1_000_000).default(12_000),
  REFUSED_SIGN_INS_PER_MINUTE: whole(1, 100_000).default(60),
  AUDIT_HEADS: z.string().optional(),
  RETENTION_DAYS: whole(1, 100_000).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  WORKER: z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('yes'),
  COMMIT: z.string().optional(),
});

/** Each of these may come as a file instead, named by the variable with _FILE behind, so that no secret stands in the environment. */
const SECRETS = ['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'KEYS_JSON'] as const;

/** What a command cannot do without, where there is no data folder that stands in for it. */
export type Need = 'database' | 'objects' | 'keys' | 'identity';

/**
 * Reads the configuration.
 * @throws UserError with every problem on a line of its own. Values are not shown: they may be secrets.
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  needs: readonly Need[] = [],
): Configuration {
  const problems: string[] = [];
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  for (const name of SECRETS) {
    const file = given[`${name}_FILE`];
    if (!file) continue;
    if (given[name]) problems.push(`${name} and ${name}_FILE are both set; leave one of them out.`);
    try {
      given[name] = readFileSync(file, 'utf8').trim();
    } catch {
      problems.push(`${name}_FILE names a file that cannot be read.`);
    }
  }
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) problems.push(`${String(path[0])} ${message}.`);
  }
  const values = parsed.data ?? partly(given);
  problems.push(...contradictions(given, values.HOST), ...missing(given, needs));
  if (problems.length > 0) {
    throw new UserError(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map(problem => `  - ${problem}`).join('\n')}`,
    );
  }
  return toConfiguration(values as z.output<typeof environmentSchema>);
}

/** What can be said of the host although another variable is wrong. */
function partly(given: Readonly<Record<string, string | undefined>>): { HOST: string } {
  return { HOST: given.HOST ?? '127.0.0.1' };
}

function contradictions(given: Readonly<Record<string, string | undefined>>, host: string): string[] {
  const problems: string[] = [];
  if (given.OIDC_ISSUER && !given.OIDC_AUDIENCE)
    problems.push('OIDC_AUDIENCE is needed beside OIDC_ISSUER: tokens for other services must not work here.');
  const ofIssuer = given.OIDC_ISSUER ? issuerProblem(given.OIDC_ISSUER) : null;
  if (ofIssuer) problems.push(`OIDC_ISSUER: ${ofIssuer}`);
  const ofArchive = given.ARCHIVE_URL ? archiveUrlProblem(given.ARCHIVE_URL) : null;
  if (ofArchive) problems.push(ofArchive);
  if (given.KEYS_FILE && (given.KEYS_JSON || given.KEYS_JSON_FILE))
    problems.push('KEYS_FILE and KEYS_JSON are both set; leave one of them out.');
  if (!given.OIDC_ISSUER && !isLoopback(host)) {
    problems.push(
      'HOST opens the service to a network, but nobody would have to sign in: set OIDC_ISSUER and OIDC_AUDIENCE, or leave HOST at 127.0.0.1.',
    );
  }
  if (!given.OIDC_ISSUER && given.TRUSTED_PROXY_HOPS && given.TRUSTED_PROXY_HOPS !== '0') {
    problems.push(
      'TRUSTED_PROXY_HOPS says that there is a proxy, but nobody would have to sign in: set OIDC_ISSUER and OIDC_AUDIENCE.',
    );
  }
  if (given.DATABASE_URL && given.DATABASE_URL === given.MIGRATION_DATABASE_URL) {
    problems.push(
      'DATABASE_URL and MIGRATION_DATABASE_URL must be different roles: whoever owns the tables can change the audit trail.',
    );
  }
  return problems;
}

const NEEDS: Record<Need, { readonly anyOf: readonly string[]; readonly problem: string }> = {
  database: {
    anyOf: ['DATABASE_URL', 'DATABASE_URL_FILE'],
    problem: 'DATABASE_URL is not set: the PostgreSQL of the service (or say --data <folder> for an embedded one).',
  },
  objects: {
    anyOf: ['OBJECT_STORE'],
    problem: 'OBJECT_STORE is not set: s3://bucket?endpoint=https://... or a folder.',
  },
  keys: {
    anyOf: ['KEYS_FILE', 'KEYS_JSON', 'KEYS_JSON_FILE'],
    problem: 'KEYS_FILE is not set. Make one with: voxelwise-data rotate-keys --create <file>.',
  },
  identity: {
    anyOf: ['OIDC_ISSUER'],
    problem:
      'OIDC_ISSUER is not set: the identity provider (or say --local --data <folder> for single-user mode on this machine).',
  },
};

function missing(given: Readonly<Record<string, string | undefined>>, needs: readonly Need[]): string[] {
  return needs.filter(need => !NEEDS[need].anyOf.some(name => given[name])).map(need => NEEDS[need].problem);
}

/** True for the names and addresses of this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function toConfiguration(values: z.output<typeof environmentSchema>): Configuration {
  return {
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL ?? null,
    migrationDatabaseUrl: values.MIGRATION_DATABASE_URL ?? null,
    poolSize: values.POOL_SIZE,
    objectStore: values.OBJECT_STORE ?? null,
    keysFile: values.KEYS_FILE ?? null,
    keysJson: values.KEYS_JSON ?? null,
    oidc: values.OIDC_ISSUER
      ? {
          issuer: values.OIDC_ISSUER,
          audience: values.OIDC_AUDIENCE!,
          algorithms: values.OIDC_ALGORITHMS,
          rolesClaim: values.OIDC_ROLES_CLAIM,
          sitesClaim: values.OIDC_SITES_CLAIM,
          roleMap: values.OIDC_ROLE_MAP,
        }
      : null,
    localSite: values.LOCAL_SITE,
    archiveUrl: values.ARCHIVE_URL ?? null,
    allowedOrigins: values.ALLOWED_ORIGINS,
    trustedProxyHops: values.TRUSTED_PROXY_HOPS,
    bodyLimitBytes: values.BODY_LIMIT_BYTES,
    objectLimitBytes: values.OBJECT_LIMIT_BYTES,
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
    refusedSignInsPerMinute: values.REFUSED_SIGN_INS_PER_MINUTE,
    auditHeads: values.AUDIT_HEADS ?? null,
    retentionDays: values.RETENTION_DAYS ?? null,
    logLevel: values.LOG_LEVEL,
    hasWorker: values.WORKER === 'yes',
    commit: values.COMMIT ?? null,
  };
}
