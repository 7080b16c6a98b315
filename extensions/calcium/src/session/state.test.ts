import { lesionsOf, volumeWith } from '../core/calcium.test-support.ts';
import {
  applyEdits,
  assignPart,
  type Convention,
  enteredCalibration,
  type HuVolume,
  LARGE_STRUCTURE_MM3,
  type Label,
  type LabeledLesions,
  type LesionSet,
  partAt,
  VESSELS,
} from '../core/index.ts';
import { allWarnings, INITIAL_STATE, scoreTable, sortedParts } from './state.ts';

/** Lesions of one row in one slice: first column, columns, HU. */
type Bar = readonly [x: number, length: number, hu: number];

function barsOf(
  bars: readonly Bar[],
  spacingMm: HuVolume['spacingMm'] = [1, 1, 3],
  convention: Partial<Convention> = {},
): LesionSet {
  const hu = (x: number) => bars.find(([start, length]) => x >= start && x < start + length)?.[2] ?? 0;
  return lesionsOf(
    volumeWith([64, 3, 1], spacingMm, (x, y) => (y === 1 ? hu(x) : 0)),
    convention,
  );
}

/** The lesions with the parts at these columns labelled. */
function labelled(set: LesionSet, at: Readonly<Record<number, Label>>): LabeledLesions {
  const whole = applyEdits(set, []);
  const edits = Object.entries(at).map(([x, label]) => assignPart(whole, partAt(whole, Number(x), 1, 0), label));
  return applyEdits(set, edits);
}

const calibration = null;

describe('score table', () => {
  const lesionSet = barsOf([
    [0, 3, 150],
    [10, 4, 250],
    [20, 5, 350],
    [30, 6, 450],
  ]);

  test('does not exist without lesions having been looked for', () => {
    expect(scoreTable({ labeled: null, calibration, zeroConfirmed: true })).toBeNull();
  });

  test('has the vessels in their order, the lesions of each, and their sum', () => {
    const labeled = labelled(lesionSet, { 0: 'LAD', 10: 'LAD', 20: 'excluded', 30: 'RCA' });
    const table = scoreTable({ labeled, calibration, zeroConfirmed: false })!;
    expect(table.rows.map(({ vessel }) => vessel)).toEqual([...VESSELS]);
    expect(table.rows.map(({ score }) => [score.lesions, score.agatston, score.volumeMm3])).toEqual([
      [0, 0, 0],
      [2, 3 + 8, 21],
      [0, 0, 0],
      [1, 24, 18],
    ]);
    expect(table.total).toEqual({ agatston: 35, volumeMm3: 39, lesions: 3, lesionSlices: 3 });
    expect(table.interpretation?.category.id).toBe('mild');
  });

  test('moving a lesion to another vessel keeps the total', () => {
    const totals = VESSELS.map(
      vessel => scoreTable({ labeled: labelled(lesionSet, { 20: vessel }), calibration, zeroConfirmed: false })?.total,
    );
    expect(totals).toEqual(VESSELS.map(() => ({ agatston: 15, volumeMm3: 15, lesions: 1, lesionSlices: 1 })));
  });

  test('a score of 0 is a result only when the reader has confirmed it', () => {
    const labeled = labelled(lesionSet, { 10: 'excluded' });
    const open = scoreTable({ labeled, calibration, zeroConfirmed: false })!;
    expect(open.total).toEqual({ agatston: 0, volumeMm3: 0, lesions: 0, lesionSlices: 0 });
    expect(open.interpretation).toBeNull();
    expect(scoreTable({ labeled, calibration, zeroConfirmed: true })?.interpretation?.category.id).toBe('none');
  });

  test('calcium that is assigned but below the weights is never "no calcium", even where that was confirmed', () => {
    // 99 HU at a threshold of 90: a lesion that weighs nothing.
    const low = barsOf([[0, 8, 99]], [1, 1, 3], { thresholdHu: 90 });
    for (const zeroConfirmed of [false, true]) {
      const table = scoreTable({ labeled: labelled(low, { 0: 'LAD' }), calibration, zeroConfirmed })!;
      expect(table.total).toMatchObject({ agatston: 0, lesions: 1 });
      expect(table.interpretation).toBeNull();
    }
    const mixed = barsOf(
      [
        [0, 8, 99],
        [20, 5, 350],
      ],
      [1, 1, 3],
      { thresholdHu: 90 },
    );
    const both = labelled(mixed, { 0: 'LAD', 20: 'RCA' });
    expect(scoreTable({ labeled: both, calibration, zeroConfirmed: false })?.interpretation).toMatchObject({
      category: { id: 'mild' },
      calcifiedVessels: ['RCA'],
    });
  });

  test('has masses only with a calibration, and they add up', () => {
    const labeled = labelled(lesionSet, { 0: 'LAD', 30: 'RCA' });
    expect(scoreTable({ labeled, calibration, zeroConfirmed: false })?.totalMass.massMg).toBeNull();
    const factor = enteredCalibration({ factor: 0.8, unit: 'mg/cm3/HU', date: '2025-01-15', text: 'phantom' });
    const { rows, totalMass } = scoreTable({ labeled, calibration: factor, zeroConfirmed: false })!;
    // 3 voxels of 150 HU and 6 of 450 HU, 3 mm3 each.
    expect(rows.map(({ mass }) => mass.massMg)).toEqual([0, expect.closeTo(1.08), 0, expect.closeTo(6.48)]);
    expect(totalMass.massMg).toBeCloseTo(7.56);
  });
});

describe('order of the lesion list', () => {
  test('is empty without lesions', () => {
    expect(sortedParts(null)).toEqual({ candidates: [], excluded: [], largeStructures: [] });
  });

  test('has assigned lesions first, then the highest score; equal ones keep the order of the volume', () => {
    const lesionSet = barsOf([
      [0, 3, 150],
      [10, 3, 450],
      [20, 3, 150],
      [30, 3, 350],
      [40, 3, 150],
    ]);
    const labeled = labelled(lesionSet, { 20: 'RCA', 40: 'LM' });
    const { candidates } = sortedParts(labeled);
    expect(candidates).toEqual([20, 40, 10, 30, 0].map(x => partAt(labeled, x, 1, 0)));
  });

  test('sets excluded lesions apart, and large structures unless they are labelled', () => {
    // A voxel of 100 mm3: 30 of them are the limit, 31 more than it.
    const lesionSet = barsOf(
      [
        [0, 30, 450],
        [32, 31, 150],
      ],
      [10, 10, 1],
    );
    expect(LARGE_STRUCTURE_MM3).toBe(3000);
    const labeled = labelled(lesionSet, {});
    const [atLimit, beyond] = [0, 32].map(x => partAt(labeled, x, 1, 0));
    expect(sortedParts(labeled)).toEqual({ candidates: [atLimit], excluded: [], largeStructures: [beyond] });
    expect(sortedParts(labelled(lesionSet, { 32: 'LM' }))).toEqual({
      candidates: [beyond, atLimit],
      excluded: [],
      largeStructures: [],
    });
    expect(sortedParts(labelled(lesionSet, { 0: 'excluded', 32: 'excluded' }))).toEqual({
      candidates: [],
      excluded: [atLimit, beyond],
      largeStructures: [],
    });
  });

  test.each(['voxels', 'isotropic'] as const)(
    'a structure is warned of when it is folded away, with the volume by %s',
    volumeMethod => {
      // 3200 mm3 of voxels; in a single slice, with 4 steps to the next one, the isotropic volume is a quarter of it.
      const lesionSet = barsOf([[0, 8, 450]], [10, 2, 20], { volumeMethod });
      expect(sortedParts(labelled(lesionSet, {})).largeStructures).toHaveLength(1);
      expect(allWarnings({ ...INITIAL_STATE, labeled: labelled(lesionSet, { 0: 'LAD' }) })).toEqual([
        expect.stringMatching(/^A lesion assigned to LAD measures 3200 mm³/),
      ]);
    },
  );
});
