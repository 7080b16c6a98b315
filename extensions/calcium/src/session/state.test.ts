import { lesionsOf, volumeWith } from '../core/calcium.test-support.ts';
import { type HuVolume, LARGE_STRUCTURE_MM3, type LesionSet, lesionAt, VESSELS, type Vessel } from '../core/index.ts';
import { scoreTable, sortedLesions } from './state.ts';

/** Lesions of one row in one slice: first column, columns, HU. */
type Bar = readonly [x: number, length: number, hu: number];

function barsOf(bars: readonly Bar[], spacingMm: HuVolume['spacingMm'] = [1, 1, 3]): LesionSet {
  const hu = (x: number) => bars.find(([start, length]) => x >= start && x < start + length)?.[2] ?? 0;
  return lesionsOf(volumeWith([64, 3, 1], spacingMm, (x, y) => (y === 1 ? hu(x) : 0)));
}

function vesselsOf(set: LesionSet, at: Readonly<Record<number, Vessel>>): (Vessel | null)[] {
  const vessels = new Array<Vessel | null>(set.lesions.count).fill(null);
  for (const [x, vessel] of Object.entries(at)) vessels[lesionAt(set, Number(x), 1, 0)] = vessel;
  return vessels;
}

describe('score table', () => {
  const lesionSet = barsOf([
    [0, 3, 150],
    [10, 4, 250],
    [20, 5, 350],
    [30, 6, 450],
  ]);

  test('does not exist without lesions having been looked for', () => {
    expect(scoreTable({ lesionSet: null, vessels: [], zeroConfirmed: true })).toBeNull();
  });

  test('has the vessels in their order, the lesions of each, and their sum', () => {
    const vessels = vesselsOf(lesionSet, { 0: 'LAD', 10: 'LAD', 30: 'RCA' });
    const table = scoreTable({ lesionSet, vessels, zeroConfirmed: false })!;
    expect(table.rows.map(({ vessel }) => vessel)).toEqual([...VESSELS]);
    expect(table.rows.map(({ score }) => [score.lesions, score.agatston, score.volumeMm3])).toEqual([
      [0, 0, 0],
      [2, 3 + 8, 21],
      [0, 0, 0],
      [1, 24, 18],
    ]);
    expect(table.total).toEqual({ agatston: 35, volumeMm3: 39, lesions: 3, lesionSlices: 3 });
    expect(table.category?.id).toBe('mild');
  });

  test('moving a lesion to another vessel keeps the total', () => {
    const totals = VESSELS.map(
      vessel => scoreTable({ lesionSet, vessels: vesselsOf(lesionSet, { 20: vessel }), zeroConfirmed: false })?.total,
    );
    expect(totals).toEqual(VESSELS.map(() => ({ agatston: 15, volumeMm3: 15, lesions: 1, lesionSlices: 1 })));
  });

  test('a score of 0 is a result only when the reader has confirmed it', () => {
    const vessels = vesselsOf(lesionSet, {});
    const open = scoreTable({ lesionSet, vessels, zeroConfirmed: false })!;
    expect(open.total).toEqual({ agatston: 0, volumeMm3: 0, lesions: 0, lesionSlices: 0 });
    expect(open.category).toBeNull();
    expect(scoreTable({ lesionSet, vessels, zeroConfirmed: true })?.category?.id).toBe('none');
  });
});

describe('order of the lesion list', () => {
  test('is empty without lesions', () => {
    expect(sortedLesions({ lesionSet: null, vessels: [] })).toEqual({ candidates: [], largeStructures: [] });
  });

  test('has assigned lesions first, then the highest score; equal ones keep the order of the volume', () => {
    const lesionSet = barsOf([
      [0, 3, 150],
      [10, 3, 450],
      [20, 3, 150],
      [30, 3, 350],
      [40, 3, 150],
    ]);
    const { candidates } = sortedLesions({ lesionSet, vessels: vesselsOf(lesionSet, { 20: 'RCA', 40: 'LM' }) });
    expect(candidates).toEqual([20, 40, 10, 30, 0].map(x => lesionAt(lesionSet, x, 1, 0)));
  });

  test('sets large structures apart, unless they are assigned', () => {
    // A voxel of 100 mm3: 30 of them are the limit, 31 more than it.
    const lesionSet = barsOf(
      [
        [0, 30, 450],
        [32, 31, 150],
      ],
      [10, 10, 1],
    );
    expect(LARGE_STRUCTURE_MM3).toBe(3000);
    const [atLimit, beyond] = [0, 32].map(x => lesionAt(lesionSet, x, 1, 0));
    expect(sortedLesions({ lesionSet, vessels: vesselsOf(lesionSet, {}) })).toEqual({
      candidates: [atLimit],
      largeStructures: [beyond],
    });
    expect(sortedLesions({ lesionSet, vessels: vesselsOf(lesionSet, { 32: 'LM' }) })).toEqual({
      candidates: [beyond, atLimit],
      largeStructures: [],
    });
  });
});
