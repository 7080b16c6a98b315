import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type TestDatabase, testDatabase } from './database.test-support.ts';

const PRISMA = path.resolve(import.meta.dirname, '../../../../prisma');
const ENGINE = path.join(import.meta.dirname, 'schema-engine.test-support.ts');

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(path.join(os.tmpdir(), 'voxelwise-schema-'));
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** What Prisma's own engine would have to change, and what it thinks of the migrations. */
async function compare(schemaFile = path.join(PRISMA, 'schema.prisma')): Promise<{ script: string; history: object }> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    ENGINE,
    database.ownerUrl,
    schemaFile,
    path.join(PRISMA, 'migrations'),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

test('the migrations make what schema.prisma says, and Prisma finds them applied', async () => {
  const { script, history } = await compare();
  expect(script.trim()).toBe('-- This is an empty migration.');
  expect(history).toEqual({
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
    history: null,
  });
});

test('a column that only the database has is found', async () => {
  await database.owner.pool.query('ALTER TABLE review ADD COLUMN mood text');
  expect((await compare()).script).toContain('DROP COLUMN "mood"');
});

test('a column that only schema.prisma has is found', async () => {
  const schema = await readFile(path.join(PRISMA, 'schema.prisma'), 'utf8');
  const changed = path.join(folder, 'schema.prisma');
  await writeFile(changed, schema.replace('model Review {', 'model Review {\n  mood String?'));
  expect((await compare(changed)).script).toContain('ADD COLUMN     "mood" TEXT');
});

test('an index, a default or a foreign key that differs is found', async () => {
  await database.owner.pool.query(`
    DROP INDEX review_prediction_id_seq_idx;
    ALTER TABLE prediction ALTER COLUMN status SET DEFAULT 'agreed';
    ALTER TABLE review DROP CONSTRAINT review_prediction_id_fkey`);
  const { script } = await compare();
  expect(script).toContain('CREATE INDEX "review_prediction_id_seq_idx"');
  expect(script).toContain(`SET DEFAULT 'unreviewed'`);
  expect(script).toContain('ADD CONSTRAINT "review_prediction_id_fkey"');
});

// What Prisma's schema cannot express, and its engine does not see: stated here, so that none is lost by a later migration.

test('the partial indexes', async () => {
  expect(
    await names(`SELECT indexrelid::regclass::text AS name FROM pg_index
      WHERE indpred IS NOT NULL AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)`),
  ).toEqual(['prediction_queue', 'prediction_retention']);
});

test('the check constraints', async () => {
  expect(
    await names(
      `SELECT conname::text AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND convalidated`,
    ),
  ).toEqual([
    'data_key_is_wrapped_or_destroyed',
    'emergency_actor_is_pseudonym',
    'emergency_reason_is_sealed',
    'prediction_accession_is_pseudonym',
    'prediction_confidence_range',
    'prediction_created_by_is_pseudonym',
    'prediction_note_is_sealed',
    'prediction_patient_is_pseudonym',
    'prediction_status',
    'review_action',
    'review_correction_is_sealed',
    'review_part',
    'review_reader_is_pseudonym',
    'review_reason_is_sealed',
  ]);
});

test('the triggers and functions', async () => {
  expect(
    await names(`SELECT tgname || ' on ' || tgrelid::regclass AS name FROM pg_trigger
      WHERE NOT tgisinternal AND tgenabled = 'O' AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)`),
  ).toEqual(['prediction_is_immutable on prediction']);
  expect(await names(`SELECT proname::text AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace`)).toEqual([
    'prediction_is_immutable',
  ]);
});

async function names(query: string): Promise<string[]> {
  const { rows } = await database.owner.pool.query(query);
  return rows.map(row => row.name).sort();
}
