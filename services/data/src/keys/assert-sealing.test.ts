import { randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { assertSealing, SEALED_COLUMNS } from './assert-sealing.ts';
import { createDataKey, destroyDataKey } from './data-keys.ts';
import { KeyError, SealError } from './errors.ts';
import { newKeyRing, withNewMasterKey } from './keys.test-support.ts';
import { pseudonym } from './pseudonyms.ts';

let database: TestDatabase;
const ring = newKeyRing();

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

test('a new database and one with data keys of this ring pass, and nothing is left behind', async () => {
  await assertSealing(database.db, ring);
  const { id } = await createDataKey(database.db.prisma, ring);
  await assertSealing(database.db, ring);
  await assertSealing(database.db, withNewMasterKey(ring));
  expect(await database.db.prisma.dataKey.findMany({ select: { id: true } })).toEqual([{ id }]);
  expect(await database.db.prisma.emergencyAccess.count()).toBe(0);
});

test('another key file is told in a sentence', async () => {
  await createDataKey(database.db.prisma, ring);
  await expect(assertSealing(database.db, newKeyRing())).rejects.toThrow(KeyError);
  await expect(assertSealing(database.db, newKeyRing())).rejects.toThrow(
    'The master key m1 does not open the data keys in this database: this is not its key file.',
  );
});

test('an old copy of the key file is told in a sentence', async () => {
  await createDataKey(database.db.prisma, withNewMasterKey(ring));
  await expect(assertSealing(database.db, ring)).rejects.toThrow(
    'The keys lack the master key m2 (they have m1), which data keys in this database need.',
  );
});

test('destroyed data keys need no master key', async () => {
  const { id } = await createDataKey(database.db.prisma, newKeyRing());
  await destroyDataKey(database.db.prisma, id);
  await assertSealing(database.db, ring);
});

test.each(SEALED_COLUMNS)(
  'the database refuses plain text in $table.$column, and a dropped check is noticed',
  async column => {
    const { table, check } = column;
    await database.owner.pool.query(`ALTER TABLE "${table}" DROP CONSTRAINT "${check}"`);
    await expect(assertSealing(database.db, ring)).rejects.toThrow(SealError);
    await expect(assertSealing(database.db, ring)).rejects.toThrow(
      `The database would accept plain text in ${table}.${column.column}: its constraint ${check} is missing.`,
    );
  },
);

test.each([
  [
    'changes what is stored',
    `NEW.reason_sealed := NEW.reason_sealed || 'A'`,
    'The field emergency_access.reason_sealed of row',
  ],
  [
    'keeps the plain text',
    `NEW.site := 'Written at start to see that free text is sealed, and rolled back.'`,
    'Free text is stored as it is',
  ],
])('a database that %s is noticed', async (_name, statement, sentence) => {
  await database.owner.pool.query(`
    CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${statement}; RETURN NEW; END $$;
    CREATE TRIGGER meddle BEFORE INSERT ON emergency_access FOR EACH ROW EXECUTE FUNCTION meddle()`);
  await expect(assertSealing(database.db, ring)).rejects.toThrow(SealError);
  await expect(assertSealing(database.db, ring)).rejects.toThrow(sentence);
});

test('plain text is refused by the database itself', async () => {
  const { id: dataKeyId } = await createDataKey(database.db.prisma, ring);
  const insert = (reasonSealed: string) =>
    database.db.prisma.emergencyAccess.create({
      data: {
        id: randomUUID(),
        site: 'here',
        actor: pseudonym(ring, 'person', 'a reader'),
        reasonSealed,
        dataKeyId,
        expiresAt: new Date(),
      },
    });
  await expect(insert('The patient cannot speak')).rejects.toThrow('emergency_reason_is_sealed');
  expect(await database.db.prisma.emergencyAccess.count()).toBe(0);
});

test('every column that is called sealed is checked', async () => {
  const { rows } = await database.owner.pool.query(
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name LIKE '%sealed%' ORDER BY 1, 2`,
  );
  const known = SEALED_COLUMNS.map(({ table, column }) => ({ table, column }));
  expect(rows).toEqual(known.sort((a, b) => `${a.table}.${a.column}`.localeCompare(`${b.table}.${b.column}`)));
});
