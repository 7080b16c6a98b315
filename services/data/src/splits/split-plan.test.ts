import { createSecretKey } from 'node:crypto';
import { SPLITS, type Split } from '@voxelwise/contract';
import fc from 'fast-check';
import { DEFAULT_RATIOS, planSplits, type SplitGroup, type SplitRatios } from './split-plan.ts';

const splitKey = createSecretKey(Buffer.alloc(32, 7));

function plan(groups: readonly SplitGroup[], change: Partial<Parameters<typeof planSplits>[0]> = {}) {
  return planSplits({
    site: 'north',
    line: 'calcium',
    splitKey,
    groups,
    assigned: new Map(),
    ratios: DEFAULT_RATIOS,
    ...change,
  });
}

const group = (name: string, records = 1, stratum = 'calcium'): SplitGroup => ({ members: [name], records, stratum });
const named = (count: number, records = 1) =>
  Array.from({ length: count }, (_, index) => group(`patient-${index}`, records));

function recordsBySplit(groups: readonly SplitGroup[], splits: ReadonlyMap<string, Split>): Record<Split, number> {
  const records = { train: 0, validation: 0, test: 0 };
  for (const one of groups) records[splits.get(one.members[0]!)!] += one.records;
  return records;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
const groupsOfSizes = (all: readonly number[], prefix = 'patient') =>
  all.map((records, index) => group(`${prefix}-${index}`, records));
const ratios: fc.Arbitrary<SplitRatios> = fc
  .tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }))
  .filter(shares => shares.some(share => share > 0))
  .map(([train, validation, test]) => {
    const sum = train + validation + test;
    return { train: train / sum, validation: validation / sum, test: test / sum };
  });

test('small sets come near the ratios, where a hash of the patient alone does not', () => {
  expect(recordsBySplit(named(10), plan(named(10)).splits)).toEqual({ train: 7, validation: 2, test: 1 });
  expect(recordsBySplit(named(20), plan(named(20)).splits)).toEqual({ train: 14, validation: 3, test: 3 });
  expect(recordsBySplit(named(200), plan(named(200)).splits)).toEqual({ train: 140, validation: 30, test: 30 });
});

test('the ratio of a new line misses by less than the records of its largest group', () => {
  fc.assert(
    fc.property(sizes, ratios, (all, shares) => {
      const groups = groupsOfSizes(all);
      const total = all.reduce((sum, size) => sum + size, 0);
      const records = recordsBySplit(groups, plan(groups, { ratios: shares }).splits);
      for (const split of SPLITS) {
        expect(Math.abs(records[split] - shares[split] * total)).toBeLessThan(Math.max(...all) + 1e-6);
      }
    }),
    { numRuns: 500 },
  );
});

test('a split with the ratio 0 gets nobody', () => {
  fc.assert(
    fc.property(sizes, all => {
      const groups = groupsOfSizes(all);
      const { splits } = plan(groups, { ratios: { train: 0.8, validation: 0.2, test: 0 } });
      expect([...splits.values()]).not.toContain('test');
    }),
  );
});

test('every group has one split, and all its members the same', () => {
  const members = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(members, fc.integer({ min: 1, max: 4 }), (people, most) => {
      const groups: SplitGroup[] = [];
      for (let at = 0; at < people.length; at += most) {
        groups.push({ members: people.slice(at, at + most).map(String), records: most, stratum: 'calcium' });
      }
      const { splits, fresh } = plan(groups);
      for (const { members: own } of groups) expect(new Set(own.map(member => splits.get(member))).size).toBe(1);
      expect([...splits.values()].every(split => SPLITS.includes(split))).toBe(true);
      expect(new Set(fresh)).toEqual(new Set(people.map(String)));
    }),
  );
});

test('adding patients never moves one, whatever their records become', () => {
  fc.assert(
    fc.property(sizes, sizes, ratios, (before, added, shares) => {
      const first = plan(groupsOfSizes(before));
      const grown = [...groupsOfSizes(before.map(size => size * 3)), ...groupsOfSizes(added, 'later')];
      const second = plan(grown, { assigned: first.splits, ratios: shares });
      for (const [member, split] of first.splits) expect(second.splits.get(member)).toBe(split);
      expect(second.fresh).toEqual(
        groupsOfSizes(added, 'later')
          .flatMap(({ members }) => members)
          .sort(),
      );
      expect(second.conflicts).toEqual([]);
    }),
  );
});

test('a line that grows stays near its ratios', () => {
  const people = named(400);
  let assigned: ReadonlyMap<string, Split> = new Map();
  for (let count = 20; count <= 400; count += 20) {
    const groups = people.slice(0, count);
    const next = plan(groups, { assigned });
    const records = recordsBySplit(groups, next.splits);
    for (const split of SPLITS) expect(Math.abs(records[split] - DEFAULT_RATIOS[split] * count)).toBeLessThanOrEqual(1);
    assigned = next.splits;
  }
});

test('the order of the input does not matter', () => {
  const input = sizes.map(all => groupsOfSizes(all));
  const shuffled = input.chain(groups =>
    fc.tuple(fc.constant(groups), fc.shuffledSubarray(groups, { minLength: groups.length, maxLength: groups.length })),
  );
  fc.assert(
    fc.property(shuffled, ([groups, other]) => {
      const sorted = (splits: ReadonlyMap<string, Split>) => [...splits].sort();
      expect(sorted(plan(other).splits)).toEqual(sorted(plan(groups).splits));
    }),
  );
});

test('the same key gives the same splits on every machine; another key, line or site gives others', () => {
  // Computed by another program, and written down: a change here would change the splits of every new patient.
  const letters = { train: 'R', validation: 'V', test: 'E' };
  const text = (change: Partial<Parameters<typeof planSplits>[0]> = {}) =>
    named(12)
      .map(({ members }) => letters[plan(named(12), change).splits.get(members[0]!)!])
      .join('');
  expect(text()).toBe('RRRREREVRRVR');
  expect(text({ splitKey: createSecretKey(Buffer.alloc(32, 8)) })).not.toBe(text());
  expect(text({ line: 'other' })).not.toBe(text());
  expect(text({ site: 'south' })).not.toBe(text());
});

test('a stratum of ten groups or more is brought to the ratios by itself', () => {
  const many = Array.from({ length: 100 }, (_, index) => group(`many-${index}`, 1, 'calcium'));
  const few = Array.from({ length: 20 }, (_, index) => group(`few-${index}`, 1, 'perfusion'));
  const { splits } = plan([...many, ...few]);
  expect(recordsBySplit(few, splits)).toEqual({ train: 14, validation: 3, test: 3 });
  expect(recordsBySplit(many, splits)).toEqual({ train: 70, validation: 15, test: 15 });
});

test('small strata are joined, so that a few groups are not all trained on', () => {
  const groups = Array.from({ length: 40 }, (_, index) => group(`patient-${index}`, 1, `stratum-${index}`));
  expect(recordsBySplit(groups, plan(groups).splits)).toEqual({ train: 28, validation: 6, test: 6 });
});

test('where one person was assigned twice under two pseudonyms, the earlier holds and the later is reported', () => {
  const assigned = new Map<string, Split>([
    ['early', 'test'],
    ['late', 'train'],
  ]);
  const person: SplitGroup = { members: ['late', 'early', 'new'], records: 3, stratum: 'calcium' };
  expect(plan([person], { assigned })).toEqual({
    splits: new Map([
      ['early', 'test'],
      ['new', 'test'],
    ]),
    fresh: ['new'],
    conflicts: ['late'],
  });
});
