import { metricsSchema, TRUTH_LEVELS } from '@voxelwise/contract';
import { hasPythonReferees, runReferee, temporaryFiles } from '../../../../e2e/referees/referees.ts';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { advance } from '../keys/pseudonyms.ts';
import { calciumTotal, perfusion } from '../truth/contents.test-support.ts';
import { foldReviews } from '../truth/fold.ts';
import type { FoldSources } from '../truth/folded-predictions.ts';
import { diceOfTestMasks, randomRecords } from '../truth/random-records.test-support.ts';
import { STORED_AT, storeRecords, TEST_SITE, type TestRecord } from '../truth/records.test-support.ts';
import { metricsOf } from './metrics.ts';
import type { MetricsQuery } from './metrics-query.ts';
import { QUANTITIES } from './quantities.ts';

const ring = newKeyRing();
const HOUR_MS = 3_600_000;
const NOW = new Date('2026-02-01T00:00:00.000Z');
const hoursAfter = (hours: number) => new Date(STORED_AT.getTime() + hours * HOUR_MS);

/** Three voxels, and one of them: Dice 0.5, which diceOfTestMasks says too. */
const masks: Record<string, Uint8Array> = { a: Uint8Array.of(0b0111), b: Uint8Array.of(0b0001) };
const sources: FoldSources = {
  ring,
  newestReader: reader => advance(ring, 'person', reader),
  openMask: async (_site, sha256) =>
    (async function* () {
      yield masks[sha256[0]!]!;
    })(),
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const metrics = (query: Partial<MetricsQuery> = {}) =>
  database.db.transaction(transaction => metricsOf(transaction, { sites: [TEST_SITE], ...query }, sources, NOW), {
    isolationLevel: 'RepeatableRead',
  });

const read = (reader: string, part: 'first' | 'second', action: 'accept' | 'reject', hour: number) => ({
  reader,
  part,
  action,
  correction: null,
  at: hoursAfter(hour),
});

/** What the referee needs of a record, as of a moment. */
function observation({ content, reviews, columns }: TestRecord, asOf?: Date) {
  const fold = foldReviews(content, asOf ? reviews.filter(({ at }) => at <= asOf) : reviews, diceOfTestMasks);
  const quantities = QUANTITIES.filter(({ kind }) => kind === content.kind).map(({ name, of }) => [
    name,
    [of(content.payload), fold.groundTruth && of(fold.groundTruth)],
  ]);
  return {
    kind: content.kind,
    name: columns.algorithmName,
    version: columns.algorithmVersion,
    firstAction: fold.firstAction,
    status: fold.status,
    level: fold.groundTruthLevel,
    agreement: fold.agreement,
    quantities: Object.fromEntries(quantities),
  };
}

(hasPythonReferees() ? describe : describe.skip)('equal to statsmodels and numpy on random records', () => {
  const file = temporaryFiles();
  const records = randomRecords(600, 20_261_130);
  const cases = TRUTH_LEVELS.flatMap(truthLevel =>
    [undefined, 0, 1, 2, 3.5, 6, 8].map(hours => ({
      truthLevel,
      name: `${truthLevel}, ${hours === undefined ? 'now' : `as of ${hours} hours`}`,
      until: hours === undefined ? undefined : hoursAfter(hours),
    })),
  );
  let expected: Record<string, unknown>[][];

  beforeAll(async () => {
    await storeRecords(database.db, ring, records, diceOfTestMasks);
    const observed = cases.map(({ truthLevel, until }) => ({
      truthLevel,
      predictions: records.map(record => observation(record, until)),
    }));
    expected = runReferee('metrics.py', file('cases.json', JSON.stringify(observed))) as typeof expected;
  }, 30_000);

  for (const [index, { name, truthLevel, until }] of cases.entries()) {
    test(name, async () => {
      const found = await metrics({ truthLevel, ...(until && { until }) });
      expect(metricsSchema.parse(found)).toEqual(found);
      expect(found.rows.length).toBe(16);
      const comparable = found.rows.map(({ errors, ...row }) => ({
        ...row,
        errors: Object.fromEntries(errors.map(({ quantity, unit: _, ...error }) => [quantity, error])),
      }));
      expectClose(comparable, expected[index]);
    });
  }
});

test('what was stored or filed after `until` is as if it were not there', async () => {
  const site = 'as-of';
  const record = (action: 'accept' | 'reject', hour: number): TestRecord => ({
    content: calciumTotal(100),
    columns: { site, createdAt: hoursAfter(hour) },
    reviews: [read('A', 'first', action, hour + 1), read('B', 'second', 'accept', hour + 2)],
  });
  await storeRecords(database.db, ring, [record('reject', 0), record('accept', 0), record('accept', 10)]);
  const asOf = async (hours: number) => (await metrics({ sites: [site], until: hoursAfter(hours) })).rows[0];
  expect(await asOf(-1)).toBeUndefined();
  expect(await asOf(0)).toMatchObject({ predictions: 2, reviewed: { count: 0 }, readersAgree: { n: 0, rate: null } });
  expect(await asOf(1)).toMatchObject({ reviewed: { count: 2 }, rejected: { count: 1 }, accurate: { count: 1, n: 2 } });
  expect(await asOf(2)).toMatchObject({ accurate: { count: 1, n: 1 }, readersAgree: { count: 1, n: 2 } });
  expect(await asOf(12)).toMatchObject({ predictions: 3, readersAgree: { count: 2, n: 3 } });
  expect((await metrics({ sites: [site], until: hoursAfter(12) })).rows).toEqual(
    (await metrics({ sites: [site] })).rows,
  );
});

test('other sites, kinds and times are left out; erased predictions are not counted', async () => {
  const columns = { site: 'mixed' };
  await storeRecords(database.db, ring, [
    { content: calciumTotal(1), columns, reviews: [] },
    { content: calciumTotal(1), columns: { ...columns, createdAt: hoursAfter(5) }, reviews: [] },
    { content: perfusion(1, 2), columns, reviews: [] },
    { content: calciumTotal(1), columns: { ...columns, shreddedAt: STORED_AT }, reviews: [] },
    { content: calciumTotal(1), columns: { site: 'elsewhere' }, reviews: [] },
  ]);
  const counts = async (query: Partial<MetricsQuery>) =>
    (await metrics({ sites: ['mixed'], ...query })).rows.map(({ kind, predictions }) => [kind, predictions]);
  expect(await counts({})).toEqual([
    ['calcium', 2],
    ['perfusion', 1],
  ]);
  expect(await counts({ kind: 'calcium', from: hoursAfter(1) })).toEqual([['calcium', 1]]);
  expect(await counts({ sites: ['mixed', 'elsewhere'], kind: 'calcium' })).toEqual([['calcium', 3]]);
  expect(await counts({ sites: [] })).toEqual([]);
});

test('a person under two versions of a pseudonym is one reader as of a moment', async () => {
  const newer = { ...ring, pseudonymKeys: [...ring.pseudonymKeys, { ...newKeyRing().pseudonymKeys[0]!, version: 2 }] };
  const site = 'rotated';
  const [id] = await storeRecords(database.db, ring, [
    {
      content: calciumTotal(100),
      columns: { site },
      reviews: [read('A', 'first', 'reject', 1), read('A', 'first', 'accept', 2), read('B', 'second', 'reject', 5)],
    },
  ]);
  const [, revision] = await database.owner.prisma.review.findMany({
    where: { predictionId: id! },
    orderBy: { seq: 'asc' },
  });
  await database.owner.prisma.review.update({
    where: { id: revision!.id },
    data: { reader: advance(newer, 'person', revision!.reader) },
  });
  const rotated = { ...sources, newestReader: (reader: string) => advance(newer, 'person', reader) };
  const { rows } = await database.db.transaction(transaction =>
    metricsOf(transaction, { sites: [site], until: hoursAfter(3) }, rotated, NOW),
  );
  expect(rows[0]).toMatchObject({ accepted: { count: 1, n: 1 }, rejected: { count: 0 } });
});

/** Numbers within 1e-9 of each other, relative to their size; everything else equal. */
function expectClose(found: unknown, expected: unknown, path = 'rows'): void {
  if (typeof expected === 'number' && typeof found === 'number') {
    const difference = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
    if (!(difference <= 1e-9)) throw new Error(`${path}: ${found} instead of ${expected}`);
  } else if (typeof expected === 'object' && expected !== null && typeof found === 'object' && found !== null) {
    expect([path, Object.keys(found).sort()]).toEqual([path, Object.keys(expected).sort()]);
    for (const [key, value] of Object.entries(expected)) {
      expectClose((found as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  } else {
    expect([path, found]).toEqual([path, expected]);
  }
}
