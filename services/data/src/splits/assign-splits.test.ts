import { createSecretKey, randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { assignSplits, type SplitRequest } from './assign-splits.ts';
import { DEFAULT_RATIOS, type SplitGroup } from './split-plan.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ poolSize: 12 });
});
afterAll(() => database.drop());

const groups = (from: number, to: number): SplitGroup[] =>
  Array.from({ length: to - from }, (_, index) => ({
    members: [`p1:${from + index}`],
    records: 1,
    stratum: 'calcium',
  }));

const assign = (change: Partial<SplitRequest>) =>
  database.db.transaction(transaction =>
    assignSplits(transaction, {
      site: 'north',
      line: 'calcium',
      exportId: randomUUID(),
      splitKey: createSecretKey(Buffer.alloc(32, 7)),
      groups: [],
      ratios: DEFAULT_RATIOS,
      newestMember: member => member,
      ...change,
    }),
  );

const rowsOf = (line: string) =>
  database.db.prisma.splitAssignment.findMany({ where: { line }, orderBy: { patient: 'asc' } });

test('what an export assigned is what the next one finds; only new groups are added', async () => {
  const first = await assign({ line: 'grows', groups: groups(0, 20) });
  const before = await rowsOf('grows');
  const second = await assign({ line: 'grows', groups: groups(10, 40) });
  expect(second.fresh).toHaveLength(20);
  for (const { members } of groups(10, 20)) expect(second.splits.get(members[0]!)).toBe(first.splits.get(members[0]!));
  const after = await rowsOf('grows');
  expect(after).toHaveLength(40);
  expect(after.filter(({ patient }) => before.some(row => row.patient === patient))).toEqual(before);
});

test('lines and sites do not share splits', async () => {
  await assign({ line: 'one', groups: groups(0, 8) });
  expect((await assign({ line: 'other', groups: groups(0, 8) })).fresh).toHaveLength(8);
  expect((await assign({ line: 'one', site: 'south', groups: groups(0, 8) })).fresh).toHaveLength(8);
});

test('exports of one line at the same time give every patient one split', async () => {
  const plans = await Promise.all(
    Array.from({ length: 10 }, (_, at) => assign({ line: 'busy', groups: groups(at * 5, at * 5 + 30) })),
  );
  const rows = await rowsOf('busy');
  expect(rows).toHaveLength(75);
  const stored = new Map(rows.map(({ patient, split }) => [patient, split]));
  for (const { splits } of plans) for (const [member, split] of splits) expect(stored.get(member)).toBe(split);
  expect(plans.reduce((sum, { fresh }) => sum + fresh.length, 0)).toBe(75);
});

test('a patient keeps the split while pseudonyms are rotated, and gets no second row', async () => {
  const first = await assign({ line: 'rotated', groups: groups(0, 20) });
  const newestMember = (member: string) => member.replace(/^p1:/, 'p2:');
  const renamed = groups(0, 20).map(group => ({ ...group, members: group.members.map(newestMember) }));
  const second = await assign({ line: 'rotated', groups: renamed, newestMember });
  expect(second.fresh).toEqual([]);
  expect(second.splits).toEqual(new Map([...first.splits].map(([member, split]) => [newestMember(member), split])));
  expect(await rowsOf('rotated')).toHaveLength(20);
});

test('thousands of patients are assigned at once', async () => {
  const { splits } = await assign({ line: 'large', groups: groups(0, 10_000) });
  const count = (split: string) => [...splits.values()].filter(one => one === split).length;
  expect([count('train'), count('validation'), count('test')]).toEqual([7000, 1500, 1500]);
  expect(await rowsOf('large')).toHaveLength(10_000);
});

test('the application cannot change what was assigned', async () => {
  await assign({ line: 'kept', groups: groups(0, 1) });
  const change = database.db.prisma.splitAssignment.updateMany({ where: { line: 'kept' }, data: { split: 'test' } });
  await expect(change).rejects.toThrow(/permission denied/);
});
