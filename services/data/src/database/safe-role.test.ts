import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { UserError } from '../user-error.ts';
import { type TestDatabase, testDatabase, testSuperuser } from './database.test-support.ts';
import { assertSafeRole } from './safe-role.ts';

let database: TestDatabase;
let superuser: pg.Client;
/** Roles are of the whole server, which other tests share: each has a name of its own. */
const made: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  superuser = await testSuperuser(database);
});
afterAll(async () => {
  for (const role of made.reverse()) await superuser.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await superuser.end();
  await database.drop();
});

/** A new role with what the application role has. */
async function newRole(attributes = ''): Promise<string> {
  const role = `role_${randomBytes(6).toString('hex')}`;
  await superuser.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' ${attributes}; GRANT voxelwise_app TO ${role}`);
  made.push(role);
  return role;
}

async function check(role: string): Promise<string | undefined> {
  const url = new URL(database.appUrl);
  url.username = role;
  url.password = 'x';
  const pool = new pg.Pool({ connectionString: url.href, max: 1 });
  try {
    await assertSafeRole(pool);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  } finally {
    await pool.end();
  }
}

test('the application role as it is migrated is safe', async () => {
  await expect(assertSafeRole(database.db.pool)).resolves.toBeUndefined();
  expect(await check(await newRole())).toBeUndefined();
});

test('the owner of the schema is refused', async () => {
  await expect(assertSafeRole(database.owner.pool)).rejects.toThrow(
    /voxelwise_owner of DATABASE_URL is, or may become, the owner of the database, the schema public, the table _prisma_migrations and \d+ more, so/,
  );
});

test('every way to more power is refused, also what has to be taken first with SET ROLE', async () => {
  expect(await check(await newRole('SUPERUSER'))).toMatch(/is, or may become, a superuser/);
  expect(await check(await newRole('CREATEROLE'))).toMatch(/may create roles/);

  const member = await newRole('NOINHERIT');
  await superuser.query(`GRANT voxelwise_owner TO ${member}`);
  expect(await check(member)).toMatch(/is, or may become, the owner of/);

  const writer = await newRole();
  await superuser.query(`GRANT pg_write_all_data TO ${writer}`);
  expect(await check(writer)).toMatch(/belongs to pg_write_all_data/);

  const indirect = await newRole('NOINHERIT');
  const helper = await newRole();
  await superuser.query(`GRANT DELETE ON audit_leaf TO ${helper}; GRANT ${helper} TO ${indirect}`);
  expect(await check(indirect)).toMatch(/may update, delete, truncate or put triggers on audit_leaf/);
});

test.each(['review', 'audit_event', 'audit_leaf', 'audit_tree_head', 'split_assignment'])(
  'UPDATE, DELETE, TRUNCATE or TRIGGER on %s is refused',
  async table => {
    for (const privilege of ['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) {
      const role = await newRole();
      await superuser.query(`GRANT ${privilege} ON ${table} TO ${role}`);
      expect(await check(role)).toMatch(new RegExp(`put triggers on ${table}, so it could change the audit`));
    }
  },
);

test('UPDATE of a single column of the audit is refused', async () => {
  const role = await newRole();
  await superuser.query(`GRANT UPDATE (event) ON audit_event TO ${role}`);
  expect(await check(role)).toMatch(/put triggers on audit_event/);
});

test('a role that lacks what it needs is sent to migrate', async () => {
  const role = `role_${randomBytes(6).toString('hex')}`;
  await superuser.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
  made.push(role);
  expect(await check(role)).toMatch(
    /may not use the table audit_event, audit_leaf, audit_node and \d+ more. Run: voxelwise-data migrate/,
  );
});
