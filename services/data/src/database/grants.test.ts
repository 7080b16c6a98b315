import { UserError } from '../user-error.ts';
import { connectOnce } from './connection.ts';
import { type TestDatabase, testDatabase } from './database.test-support.ts';
import { grantToApplication, PRIVILEGES } from './grants.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const APPEND_ONLY = ['review', 'audit_event', 'audit_leaf', 'audit_tree_head', 'split_assignment'];

async function columns(table: string): Promise<string[]> {
  const { rows } = await database.owner.pool.query(
    `SELECT attname::text AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [`public.${table}`],
  );
  return rows.map(row => row.name);
}

/** SQLSTATE of a statement as the application role; undefined where it is allowed. */
async function refusal(statement: string): Promise<string | undefined> {
  try {
    await database.db.pool.query(statement);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

test('every table of the schema has its privileges', async () => {
  const { rows } = await database.owner.pool.query(
    `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  expect(rows.map(row => row.name).sort()).toEqual([...Object.keys(PRIVILEGES), '_prisma_migrations'].sort());
});

test.each(APPEND_ONLY)('%s cannot be updated in any column, deleted from or truncated', async table => {
  expect(PRIVILEGES[table]).toEqual({});
  for (const column of await columns(table)) {
    expect(await refusal(`UPDATE ${table} SET "${column}" = "${column}"`)).toBe('42501');
  }
  expect(await refusal(`DELETE FROM ${table}`)).toBe('42501');
  expect(await refusal(`TRUNCATE ${table} CASCADE`)).toBe('42501');
  expect(await refusal(`SELECT * FROM ${table} FOR UPDATE`)).toBe('42501');
  expect(await refusal(`SELECT count(*) FROM ${table}`)).toBeUndefined();
});

test.each(Object.entries(PRIVILEGES))(
  '%s: exactly the named columns can be changed, rows deleted where allowed',
  async (table, allowed) => {
    for (const column of await columns(table)) {
      const expected = allowed.update?.includes(column) ? undefined : '42501';
      expect([column, await refusal(`UPDATE ${table} SET "${column}" = "${column}" WHERE false`)]).toEqual([
        column,
        expected,
      ]);
    }
    expect(await refusal(`DELETE FROM ${table} WHERE false`)).toBe(allowed.delete ? undefined : '42501');
    expect(await refusal(`TRUNCATE ${table} CASCADE`)).toBe('42501');
  },
);

test.each([
  'CREATE TABLE mine (a int)',
  'CREATE SCHEMA mine',
  'ALTER TABLE audit_event ADD COLUMN mine int',
  'ALTER TABLE audit_event DISABLE TRIGGER ALL',
  'DROP TABLE audit_event',
  'CREATE INDEX mine ON audit_event (type)',
  'CREATE TRIGGER mine BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION prediction_is_immutable()',
  'CREATE RULE mine AS ON INSERT TO audit_event DO INSTEAD NOTHING',
  'ALTER TABLE prediction DISABLE TRIGGER prediction_is_immutable',
  'DROP TRIGGER prediction_is_immutable ON prediction',
  'CREATE OR REPLACE FUNCTION prediction_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
  `SELECT setval('audit_event_seq_seq', 1)`,
  'SET session_replication_role = replica',
  'SET ROLE voxelwise_owner',
  `UPDATE _prisma_migrations SET checksum = ''`,
  'DELETE FROM _prisma_migrations',
  'INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES (1, 2, 3)',
  'CREATE TABLE pgboss.mine (a int)',
  'DROP TABLE pgboss.job_common',
  `COPY audit_event TO PROGRAM 'cat'`,
  `SELECT pg_read_file('postgresql.conf')`,
])('not for the application role: %s', async statement => {
  expect(await refusal(statement)).toBe('42501');
});

test('what was given besides is taken away by the next migrate', async () => {
  await database.owner.pool.query(
    'GRANT UPDATE, DELETE ON audit_event TO voxelwise_app; GRANT SELECT ON audit_event TO PUBLIC',
  );
  expect(await refusal('DELETE FROM audit_event WHERE false')).toBeUndefined();
  const client = await connectOnce(database.ownerUrl, 'test');
  await grantToApplication(client, 'voxelwise_app');
  await client.end();
  expect(await refusal('DELETE FROM audit_event WHERE false')).toBe('42501');
  expect(await refusal('SELECT count(*) FROM audit_event')).toBeUndefined();
});

test('a role that does not exist, and the owner itself, are refused with a sentence', async () => {
  const client = await connectOnce(database.ownerUrl, 'test');
  await expect(grantToApplication(client, 'no "body')).rejects.toThrow(
    new UserError(
      `The role no "body of DATABASE_URL does not exist. Create it: CREATE ROLE "no ""body" LOGIN PASSWORD '...'`,
    ),
  );
  await expect(grantToApplication(client, 'voxelwise_owner')).rejects.toThrow(/must name two roles/);
  await client.end();
});
