import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';

/** A place where something was kept or said, and what is there. */
export interface Trace {
  readonly place: string;
  readonly content: Buffer;
}

/**
 * Where the secrets are found: as they are, in other letters, escaped, as base64 or hexadecimal within the text, or as a bare hash, which is
 * as good as the identifier itself.
 */
export function findSecrets(traces: readonly Trace[], secrets: readonly string[]): string[] {
  const wanted = secrets.flatMap(secret => formsOf(secret).map(form => ({ secret, form: form.toLowerCase() })));
  return traces.flatMap(({ place, content }) => {
    const texts = readingsOf(content).map(text => text.toLowerCase());
    const found = wanted.filter(({ form }) => texts.some(text => text.includes(form)));
    return [...new Set(found.map(({ secret }) => `${secret} in ${place}`))];
  });
}

function formsOf(secret: string): string[] {
  const hashes = ['md5', 'sha1', 'sha256', 'sha512'].flatMap(algorithm => {
    const hash = createHash(algorithm).update(secret).digest();
    return [hash.toString('hex'), hash.toString('base64').replace(/=+$/, ''), hash.toString('base64url')];
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...hashes];
}

/** The content itself, and what is written in it as base64 or hexadecimal. */
function readingsOf(content: Buffer): string[] {
  const text = content.toString('utf8');
  const encoded = text.match(/[A-Za-z0-9+/_-]{8,}={0,2}/g) ?? [];
  const decoded = encoded.flatMap(word => {
    const ofHex = /^([0-9a-f]{2})+$/i.test(word) ? [Buffer.from(word, 'hex')] : [];
    // A word may begin within an encoded text, at any of four places.
    const ofBase64 = [0, 1, 2, 3].map(start => Buffer.from(word.slice(start), 'base64'));
    return [...ofHex, ...ofBase64].map(bytes => bytes.toString('latin1'));
  });
  return [text, content.toString('latin1'), content.toString('utf16le'), decoded.join('\n')];
}

/** Every row of every table of every schema that is not PostgreSQL's own. */
export async function tracesInDatabase(pool: pg.Pool): Promise<Trace[]> {
  const { rows: tables } = await pool.query<{ schema: string; name: string }>(
    `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const traces: Trace[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM "${schema}"."${name}" t`);
    traces.push(...rows.map(({ row }) => ({ place: `table ${schema}.${name}`, content: Buffer.from(row) })));
  }
  return traces;
}

/** Every file below a folder, with its name. */
export async function tracesInFolder(folder: string): Promise<Trace[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async file => ({
      place: `file ${path.relative(folder, file)}`,
      content: Buffer.concat([Buffer.from(`${file}\n`), await readFile(file)]),
    })),
  );
}

/** What this process prints while work is done, on whatever way. */
export async function printedDuring(work: () => Promise<void>): Promise<string> {
  const printed: unknown[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map(stream => stream.write);
  const { log, info, warn, error, debug } = console;
  const note = (...values: unknown[]) => void printed.push(...values);
  for (const stream of streams)
    stream.write = ((chunk: unknown) => Boolean(printed.push(chunk))) as typeof stream.write;
  Object.assign(console, { log: note, info: note, warn: note, error: note, debug: note });
  try {
    await work();
  } finally {
    streams.forEach((stream, index) => {
      stream.write = writes[index]!;
    });
    Object.assign(console, { log, info, warn, error, debug });
  }
  return printed.map(value => (value instanceof Error ? `${value.stack}` : String(value))).join('\n');
}
