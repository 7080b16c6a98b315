import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import type { Database } from '../database/connection.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { ExportError } from './errors.ts';

/** What an identifier is of. Equal values of different domains have unrelated replacements. */
export type IdentifierDomain = 'record' | 'patient' | 'study' | 'series' | 'instance' | 'finding' | 'site';

export interface Identifier {
  readonly domain: IdentifierDomain;
  /** A patient's is the newest pseudonym. */
  readonly original: string;
}

/** Replaces identifiers, always the same by the same within one export. */
export interface Replacements {
  /** Must be called, and waited for, before these are asked for. */
  prepare(identifiers: readonly Identifier[]): Promise<void>;
  replacementOf(domain: IdentifierDomain, original: string): string;
}

export interface IdentifierOptions {
  readonly database: Database;
  readonly exportId: string;
  readonly site: string;
  readonly newestPatient: (pseudonym: string) => string;
}

const UID_DOMAINS: readonly IdentifierDomain[] = ['study', 'series', 'instance'];
const REPLACEMENT_BYTES = 16;
const ROWS_OF_A_STATEMENT = 5000;

/**
 * Safe Harbor: random replacements, made for this export and derived from nothing (45 CFR 164.514(c)). They are kept in
 * export_identifier, so that an export done again after a crash is the same, and a later export can take them over.
 *
 * @param takeOverFrom an earlier Safe Harbor export of the same site
 * @throws ExportError where there is no such export
 */
export async function randomReplacements(options: IdentifierOptions, takeOverFrom?: string): Promise<Replacements> {
  const { database, exportId, site } = options;
  if (takeOverFrom !== undefined) {
    const earlier = await database.prisma.export.findFirst({
      where: { id: takeOverFrom, site, request: { path: ['profile'], equals: 'safe-harbor' } },
    });
    if (!earlier) {
      throw new ExportError(
        'not-found',
        'The export whose ids are to be taken over (identifiersOf) is no Safe Harbor export of this site.',
      );
    }
  }
  const sources = [...(takeOverFrom === undefined ? [] : [takeOverFrom]), exportId];
  const inSources = Prisma.sql`i.export_id = ANY(${sources}::uuid[])`;
  const { patients, own: ownPatients } = await readPatients(options, inSources);
  let page = new Map<string, string>();
  return {
    async prepare(identifiers) {
      const wanted = new Map(
        identifiers.map(identifier => [keyOf(identifier.domain, identifier.original), identifier]),
      );
      const found = await lookUp(database, sources, [...wanted.values()]);
      const missing: (Identifier & { replacement: string })[] = [];
      page = new Map();
      for (const [key, { domain, original }] of wanted) {
        const own = found.get(`${exportId} ${key}`);
        const before = domain === 'patient' ? patients.get(original) : found.get(`${takeOverFrom} ${key}`);
        const replacement = own ?? before ?? format(domain, randomBytes(REPLACEMENT_BYTES), 4);
        page.set(key, replacement);
        if (own !== undefined || (domain === 'patient' && ownPatients.has(original))) continue;
        missing.push({ domain, original, replacement });
        if (domain !== 'patient') continue;
        patients.set(original, replacement);
        ownPatients.add(original);
      }
      await insert(database, exportId, missing);
    },
    replacementOf: (domain, original) => required(page.get(keyOf(domain, original)), domain),
  };
}

/**
 * Limited data set: HMAC-SHA-256 with a key of the installation, by site and line, so that they stay the same between the exports
 * of one line. The patients' are kept in export_identifier besides: rotating pseudonyms changes what they are derived from.
 */
export async function keyedReplacements(
  options: IdentifierOptions,
  line: string,
  key: KeyObject,
): Promise<Replacements> {
  const { database, exportId, site } = options;
  const ofLine = Prisma.sql`i.export_id IN (SELECT e.id FROM export e WHERE e.site = ${site}
    AND e.request->>'line' = ${line} AND e.request->>'profile' = 'limited-data-set')`;
  const { patients } = await readPatients(options, ofLine);
  const derive = (domain: IdentifierDomain, original: string) => {
    const text = JSON.stringify([site, line, domain, original]);
    return format(domain, createHmac('sha256', key).update(text).digest().subarray(0, REPLACEMENT_BYTES), 8);
  };
  return {
    async prepare(identifiers) {
      const fresh = new Map<string, string>();
      for (const { domain, original } of identifiers) {
        if (domain === 'patient' && !patients.has(original)) fresh.set(original, derive(domain, original));
      }
      const rows = [...fresh].map(([original, replacement]) => ({ domain: 'patient' as const, original, replacement }));
      await insert(database, exportId, rows);
      for (const [original, replacement] of fresh) patients.set(original, replacement);
    },
    replacementOf: (domain, original) =>
      domain === 'patient' ? required(patients.get(original), domain) : derive(domain, original),
  };
}

/**
 * The patients' replacements of exports, by newest pseudonym: rows keep the pseudonym of their time. What this export has goes
 * before what others have, and older ones before newer ones.
 */
async function readPatients(
  { database, exportId, newestPatient }: IdentifierOptions,
  ofExports: Prisma.Sql,
): Promise<{ patients: Map<string, string>; own: Set<string> }> {
  const rows = await database.prisma.$queryRaw<{ original: string; replacement: string; is_own: boolean }[]>`
    SELECT i.original, i.replacement, x.id = ${exportId}::uuid AS is_own
    FROM export_identifier i JOIN export x ON x.id = i.export_id
    WHERE i.domain = 'patient' AND ${ofExports} ORDER BY is_own, x.created_at DESC, x.id`;
  return {
    patients: new Map(rows.map(({ original, replacement }) => [newestPatient(original), replacement])),
    own: new Set(rows.filter(row => row.is_own).map(({ original }) => newestPatient(original))),
  };
}

async function lookUp(
  database: Database,
  exportIds: readonly string[],
  identifiers: readonly Identifier[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let at = 0; at < identifiers.length; at += ROWS_OF_A_STATEMENT) {
    const chunk = identifiers.slice(at, at + ROWS_OF_A_STATEMENT);
    const rows = await database.prisma.$queryRaw<
      { export_id: string; domain: IdentifierDomain; original: string; replacement: string }[]
    >`
      SELECT i.export_id::text, i.domain, i.original, i.replacement
      FROM unnest(${chunk.map(({ domain }) => domain)}::text[], ${chunk.map(({ original }) => original)}::text[])
        AS wanted(domain, original)
      JOIN export_identifier i ON i.export_id = ANY(${[...exportIds]}::uuid[])
        AND i.domain = wanted.domain AND i.original = wanted.original`;
    for (const row of rows) found.set(`${row.export_id} ${keyOf(row.domain, row.original)}`, row.replacement);
  }
  return found;
}

/** @throws ExportError where the same export is being made elsewhere at the same time */
async function insert(
  database: Database,
  exportId: string,
  rows: readonly (Identifier & { replacement: string })[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_OF_A_STATEMENT) {
    const chunk = rows.slice(at, at + ROWS_OF_A_STATEMENT);
    const inserted = await database.prisma.$executeRaw`
      INSERT INTO export_identifier (export_id, domain, original, replacement)
      SELECT ${exportId}::uuid, * FROM unnest(${chunk.map(({ domain }) => domain)}::text[],
        ${chunk.map(({ original }) => original)}::text[], ${chunk.map(({ replacement }) => replacement)}::text[])
      ON CONFLICT DO NOTHING`;
    if (inserted !== chunk.length) {
      throw new ExportError('unavailable', 'This export is being made elsewhere at the same time.', { canRetry: true });
    }
  }
}

function keyOf(domain: IdentifierDomain, original: string): string {
  return `${domain} ${original}`;
}

function required(replacement: string | undefined, domain: IdentifierDomain): string {
  if (replacement === undefined) throw new Error(`An identifier of the domain ${domain} was not prepared.`);
  return replacement;
}

/** As hexadecimal digits; a DICOM UID as 2.25 and the number of a UUID (PS3.5 B.2); a finding's id as a UUID. */
function format(domain: IdentifierDomain, bytes: Uint8Array, uuidVersion: 4 | 8): string {
  if (domain === 'site') return `site-${Buffer.from(bytes).toString('hex').slice(0, 16)}`;
  if (!UID_DOMAINS.includes(domain) && domain !== 'finding') return Buffer.from(bytes).toString('hex');
  const uuid = Buffer.from(bytes);
  uuid[6] = (uuid[6]! & 0x0f) | (uuidVersion << 4);
  uuid[8] = (uuid[8]! & 0x3f) | 0x80;
  const hex = uuid.toString('hex');
  if (domain !== 'finding') return `2.25.${BigInt(`0x${hex}`)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
