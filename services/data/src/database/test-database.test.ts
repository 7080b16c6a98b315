import { type TestDatabase, testDatabase } from './database.test-support.ts';

let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  [first, second] = await Promise.all([testDatabase(), testDatabase()]);
});
afterAll(() => Promise.all([first.drop(), second.drop()]));

test('each test has a migrated database of its own, as the application role and as the owner', async () => {
  await first.db.prisma.dataKey.create({
    data: { id: crypto.randomUUID(), masterKeyId: 'm1', wrapped: Buffer.alloc(40) },
  });
  expect(await first.owner.prisma.dataKey.count()).toBe(1);
  expect(await second.db.prisma.dataKey.count()).toBe(0);
  const role = async (database: TestDatabase['db']) =>
    (await database.pool.query('SELECT current_user AS role')).rows[0].role;
  expect(await role(first.db)).toBe('voxelwise_app');
  expect(await role(first.owner)).toBe('voxelwise_owner');
});
