import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sealAudit } from '../audit/sealer.ts';
import { outsideHeadsOf } from '../audit/start-sealing.ts';
import { auditSigner } from '../audit/tree-head.ts';
import { runCommandLine } from '../commands/command-line.ts';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { AUDIENCE } from '../identity/provider.test-support.ts';
import { calciumPrediction, startTestService, type TestService } from './service.test-support.ts';

// The whole proof, by the commands that an administrator runs: whatever is changed behind the service's back is found and named.

let service: TestService;
let objectFile: string;
const reviewer = { name: 'reviewer', roles: ['reviewer'] };
const mediaType = 'application/vnd.voxelwise.mask';

beforeAll(async () => {
  service = await startTestService();
  const bytes = randomBytes(70_000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await service.request('PUT', `/objects/${sha256}`, { bytes, mediaType });
  for (let index = 0; index < 8; index++) {
    const prediction = calciumPrediction({
      note: `Note ${index}.`,
      ...(index === 0 && { objects: [{ name: 'mask', sha256, sizeBytes: bytes.length, mediaType }] }),
    });
    await service.request('POST', '/predictions', { json: prediction });
    await service.request('POST', `/predictions/${prediction.id}/reviews`, {
      json: { id: randomUUID(), action: 'reject', reasonCode: 'other', reason: `Reason ${index}.` },
      as: reviewer,
    });
  }
  await service.request('POST', '/emergency-access', {
    json: { id: randomUUID(), site: 'south', reason: 'Resuscitation.' },
  });
  const { services } = service.running;
  await sealAudit(services.database, {
    signer: auditSigner(services.keys.keys()),
    outside: await outsideHeadsOf(services),
  });
  const folder = path.join(service.folder, 'objects', 'objects');
  const [first] = await readdir(folder);
  const [name] = await readdir(path.join(folder, first!));
  objectFile = path.join(folder, first!, name!);
});
afterAll(() => service?.stop());

/** Runs a command as an administrator does; what it prints, and its exit code. */
async function run(programArguments: string[], changes: Record<string, string> = {}) {
  const lines: string[] = [];
  const { log, error } = console;
  console.log = console.error = (line: string) => void lines.push(line);
  try {
    const code = await runCommandLine(programArguments, {
      DATABASE_URL: service.database.appUrl,
      MIGRATION_DATABASE_URL: service.database.ownerUrl,
      OBJECT_STORE: path.join(service.folder, 'objects'),
      KEYS_FILE: path.join(service.folder, 'keys.json'),
      AUDIT_HEADS: path.join(service.folder, 'heads'),
      OIDC_ISSUER: service.provider.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      ...changes,
    });
    return { code, text: lines.join('\n') };
  } finally {
    Object.assign(console, { log, error });
  }
}

const verify = (changes?: Record<string, string>) => run(['verify-audit', '--records'], changes);

test('nothing was changed: verified, exit code 0', async () => {
  const { code, text } = await verify();
  expect([code, text]).toEqual([0, expect.stringContaining('Verified: 8 predictions, 17 sealed fields, 1 objects.')]);
});

/** Flips the lowest bit of a character or byte in the middle, as somebody with the owner's password could. */
const FLIPS = [
  ['audit_event', 'event', 'text', 'seq'],
  ['audit_event', 'actor', 'text', 'seq'],
  ['audit_leaf', 'leaf_hash', 'bytea', 'leaf_index'],
  ['audit_tree_head', 'root', 'bytea', 'size'],
  ['audit_tree_head', 'signature', 'bytea', 'size'],
  ['prediction', 'note_sealed', 'text', 'id'],
  ['prediction', 'payload', 'jsonb', 'id'],
  ['prediction', 'record_sha256', 'bytea', 'id'],
  ['review', 'reason_sealed', 'text', 'id'],
  ['emergency_access', 'reason_sealed', 'text', 'id'],
  ['data_key', 'wrapped', 'bytea', 'id'],
] as const;

test.each(FLIPS)(
  'a flipped bit in %s.%s is found and named',
  async (table, column, type, key) => {
    const { pool } = service.database.owner;
    const which =
      table === 'data_key'
        ? 'WHERE id = (SELECT data_key_id FROM prediction LIMIT 1)'
        : column === 'actor'
          ? 'WHERE actor IS NOT NULL'
          : '';
    const { rows } = await pool.query(
      `SELECT "${key}"::text AS key, "${column}" AS value FROM "${table}" ${which} ORDER BY "${key}" LIMIT 1`,
    );
    const { key: row, value } = rows[0] as { key: string; value: string | Buffer | object };
    const set = async (to: unknown) => {
      const client = await pool.connect();
      // Only whoever is a superuser turns triggers off; the owner drops this one.
      await client.query(`ALTER TABLE "${table}" DISABLE TRIGGER USER`);
      await client.query(`UPDATE "${table}" SET "${column}" = $1 WHERE "${key}"::text = $2`, [
        type === 'jsonb' ? JSON.stringify(to) : to,
        row,
      ]);
      await client.query(`ALTER TABLE "${table}" ENABLE TRIGGER USER`);
      client.release();
    };
    await set(flipped(value));
    try {
      const { code, text } = await verify();
      expect(code).toBe(1);
      expect(text).toMatch(/^TAMPERED/m);
      if (table !== 'data_key' && table !== 'audit_leaf' && table !== 'audit_event') expect(text).toContain(row);
      if (table === 'audit_event') expect(text).toContain(`${row}`);
    } finally {
      await set(value);
    }
    expect((await verify()).code).toBe(0);
  },
  60_000,
);

function flipped(value: string | Buffer | object): unknown {
  if (Buffer.isBuffer(value)) {
    const copy = Buffer.from(value);
    copy[copy.length >> 1]! ^= 1;
    return copy;
  }
  if (typeof value === 'object') return { ...value, agatston: (value as { agatston: number }).agatston + 1 };
  const place = value.length - 10;
  const letter = value[place] === 'a' ? 'b' : 'a';
  return value.slice(0, place) + letter + value.slice(place + 1);
}

test('a flipped byte in an object is found and named', async () => {
  const bytes = await readFile(objectFile);
  const damaged = Buffer.from(bytes);
  damaged[40_000]! ^= 1;
  await writeFile(objectFile, damaged);
  const { code, text } = await verify();
  await writeFile(objectFile, bytes);
  expect([code, text]).toEqual([1, expect.stringMatching(/TAMPERED .*object [0-9a-f]{64} of the site north/)]);
});

test('a prediction that was deleted is named by its audit event', async () => {
  const { pool } = service.database.owner;
  const { rows } = await pool.query('SELECT id FROM prediction ORDER BY created_at DESC LIMIT 1');
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('CREATE TABLE kept_reviews AS SELECT * FROM review WHERE prediction_id = $1', [rows[0].id]);
    await client.query('CREATE TABLE kept AS SELECT * FROM prediction WHERE id = $1', [rows[0].id]);
    await client.query('DELETE FROM review WHERE prediction_id = $1', [rows[0].id]);
    await client.query('DELETE FROM prediction WHERE id = $1', [rows[0].id]);
    await client.query('COMMIT');
    const { code, text } = await verify();
    expect([code, text]).toEqual([
      1,
      expect.stringContaining(`The prediction ${rows[0].id}, which an audit event says was stored, is missing`),
    ]);
  } finally {
    await client.query('INSERT INTO prediction SELECT * FROM kept');
    await client.query('INSERT INTO review SELECT * FROM kept_reviews');
    await client.query('DROP TABLE kept, kept_reviews');
    client.release();
  }
});

test('what cannot be checked is no proof: exit code 2', async () => {
  expect((await verify({ DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:9/none' })).code).toBe(2);
  expect((await verify({ KEYS_FILE: path.join(service.folder, 'none.json') })).code).toBe(2);
});

test('a backup is restored elsewhere, and the restored audit tree, records and objects verify', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'backup-'));
  const target: TestDatabase = await testDatabase();
  try {
    const backup = path.join(folder, 'backup');
    expect((await run(['backup', backup])).code).toBe(0);
    const elsewhere = {
      DATABASE_URL: target.appUrl,
      MIGRATION_DATABASE_URL: target.ownerUrl,
      OBJECT_STORE: path.join(folder, 'objects'),
    };
    const restored = await run(['restore', backup], elsewhere);
    expect([restored.code, restored.text]).toEqual([0, expect.stringContaining('1 objects are restored')]);
    const { code, text } = await verify(elsewhere);
    expect([code, text]).toEqual([0, expect.stringContaining('Verified: 8 predictions, 17 sealed fields, 1 objects.')]);
  } finally {
    await target.drop();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
