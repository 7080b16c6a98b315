import { lesionsOf, volumeWith } from '../calcium.test-support.ts';
import {
  applyEdits,
  assignPart,
  brushStroke,
  type CutLine,
  cutAlong,
  type Edit,
  type HuVolume,
  type Label,
  type LabeledLesions,
  partAt,
  scoreLabel,
  scoreParts,
} from '../index.ts';

const MM3: HuVolume['spacingMm'] = [0.5, 0.5, 3];
/** 4 x 4 pixels of 150 HU in slice 1 and of 450 HU in slice 2, as object A6 of the scoring tests: Agatston 20. */
const twoPeaks = volumeWith([64, 64, 6], MM3, (x, y, z) =>
  x >= 10 && x < 14 && y >= 10 && y < 14 ? ({ 1: 150, 2: 450 }[z] ?? 40) : 40,
);
const MIDDLE: CutLine = { from: [11.5, 8], to: [11.5, 16] };

/** Two blobs that a faint bridge joins at low thresholds, and a third blob far away. */
const dumbbell = volumeWith([30, 8, 2], MM3, (x, y) => {
  if (y < 2 || y > 5) return 0;
  if ((x >= 2 && x < 6) || (x >= 10 && x < 14)) return 400;
  if (x >= 6 && x < 10 && y === 3) return 150;
  return x >= 22 && x < 26 ? 250 : 0;
});
const at = (thresholdHu: number) => lesionsOf(dumbbell, { thresholdHu });

/** Applies edits one by one; each is made on what the ones before it gave. */
function edited(volume: HuVolume, steps: readonly ((labeled: LabeledLesions) => Edit | null)[], thresholdHu = 130) {
  const set = lesionsOf(volume, { thresholdHu });
  const edits: Edit[] = [];
  for (const step of steps) edits.push(step(applyEdits(set, edits))!);
  return { edits, labeled: applyEdits(set, edits) };
}

const assignAt = (x: number, y: number, z: number, label: Label | null) => (labeled: LabeledLesions) =>
  assignPart(labeled, partAt(labeled, x, y, z), label);
const cutBy = (slice: number, line: CutLine) => (labeled: LabeledLesions) => cutAlong(labeled, slice, line);
const brush = (path: [number, number][], radiusMm: number, slices: [number, number], label: Label | null) => () =>
  brushStroke(twoPeaks, path, radiusMm, slices, label);

describe('a cut', () => {
  test('down the middle halves the score: each side keeps the weights of the whole components', () => {
    const { labeled } = edited(twoPeaks, [cutBy(2, MIDDLE), assignAt(10, 12, 1, 'LM'), assignAt(13, 12, 2, 'LAD')]);
    const half = { agatston: 10, volumeMm3: 12, lesions: 1, lesionSlices: 2 };
    expect(scoreLabel(labeled, 'LM')).toMatchObject(half);
    expect(scoreLabel(labeled, 'LAD')).toMatchObject(half);
    // Lesion and components count for both vessels, but once in all.
    expect(scoreParts(labeled)).toMatchObject({ agatston: 20, volumeMm3: 24, lesions: 1, lesionSlices: 2 });
  });

  test('leaves a side its weight though the peak lies on the other side', () => {
    const volume = volumeWith([16, 16, 1], MM3, (x, y) => (y >= 4 && y < 8 && x < 8 ? (x === 0 ? 450 : 150) : 0));
    const { labeled } = edited(volume, [cutBy(0, { from: [3.5, 0], to: [3.5, 9] }), assignAt(6, 5, 0, 'LCX')]);
    expect(scoreLabel(labeled, 'LCX').agatston).toBe(16); // 16 pixels of 0.25 mm2, weight 4
    const part = partAt(labeled, 6, 5, 0);
    expect([labeled.parts.peakHu[part], labeled.parts.voxels[part]]).toEqual([150, 16]);
  });

  test('keeps a side that is too small to count by itself', () => {
    const { labeled } = edited(twoPeaks, [cutBy(2, { from: [9.5, 11], to: [11, 9.5] }), assignAt(10, 10, 2, 'LM')]);
    expect(labeled.parts.voxels[partAt(labeled, 10, 10, 2)]).toBe(2); // one pixel in each slice
    expect(scoreLabel(labeled, 'LM').agatston).toBe(1.25); // 0.25 mm2 x (1 + 4)
  });

  test('goes through all slices, also those past the one on which it was drawn', () => {
    const { labeled } = edited(twoPeaks, [cutBy(1, MIDDLE)]);
    expect(partAt(labeled, 11, 12, 2)).not.toBe(partAt(labeled, 12, 12, 2));
  });

  test('gives pixels on the line to the same side, whichever way it was drawn', () => {
    const through = (line: CutLine) => edited(twoPeaks, [cutBy(2, line)]).labeled.partOfPiece;
    for (const [a, b] of [
      [
        [12, 8],
        [12, 20],
      ],
      [
        [8, 12],
        [20, 12],
      ],
      [
        [9, 9],
        [15, 15],
      ],
      [
        [15, 9],
        [9, 15],
      ],
    ] as const) {
      expect(through({ from: a, to: b })).toEqual(through({ from: b, to: a }));
    }
    const { labeled } = edited(twoPeaks, [cutBy(2, { from: [12, 8], to: [12, 20] })]);
    expect([11, 12, 13].map(x => partAt(labeled, x, 12, 2))).toEqual([0, 0, 1]);
  });

  test('that crosses nothing, or has all of a lesion on one side, is none', () => {
    const labeled = applyEdits(lesionsOf(twoPeaks), []);
    expect(cutAlong(labeled, 2, { from: [30, 0], to: [30, 40] })).toBeNull();
    expect(cutAlong(labeled, 2, { from: [11.5, 0], to: [11.5, 8] })).toBeNull(); // ends above the lesion
    expect(cutAlong(labeled, 4, MIDDLE)).toBeNull(); // no calcium in this slice
    expect(cutAlong(labeled, 2, { from: [9.6, 0], to: [9.6, 40] })).toBeNull(); // beside the pixels' centres
    expect(cutAlong(labeled, 2, { from: [12, 12], to: [12, 12] })).toBeNull(); // a point is no line
  });

  test('divides what it crosses, and not the lesion beside', () => {
    const { labeled } = edited(dumbbell, [cutBy(0, { from: [0, 3.5], to: [15, 3.5] })]);
    expect(labeled.parts.count).toBe(3); // both blobs are one lesion at 130 HU
    expect(partAt(labeled, 23, 2, 0)).toBe(partAt(labeled, 23, 5, 0));
  });

  test('through a lesion that holds two labels leaves both on both sides', () => {
    const { labeled } = edited(twoPeaks, [
      assignAt(10, 10, 1, 'LAD'),
      brush([[10, 11.5]], 0.8, [1, 2], 'LM'),
      cutBy(2, { from: [8, 11.5], to: [16, 11.5] }),
    ]);
    expect(labeled.parts.label.toSorted()).toEqual(['LAD', 'LAD', 'LM', 'LM']);
  });

  test('within a cut part leaves the other parts alone', () => {
    const { labeled } = edited(twoPeaks, [
      cutBy(2, MIDDLE),
      assignAt(10, 12, 2, 'LM'),
      cutBy(2, { from: [8, 11.5], to: [11.4, 11.5] }),
      assignAt(10, 10, 2, 'RCA'),
    ]);
    expect([scoreLabel(labeled, 'RCA').agatston, scoreLabel(labeled, 'LM').agatston]).toEqual([5, 5]);
    expect(partAt(labeled, 13, 10, 2)).toBe(partAt(labeled, 13, 13, 2));
  });
});

describe('a label', () => {
  test('that both sides of a cut get does not join them', () => {
    const { labeled } = edited(twoPeaks, [assignAt(10, 12, 1, 'LAD'), cutBy(2, MIDDLE)]);
    expect(labeled.parts.label).toEqual(['LAD', 'LAD']);
    expect(scoreLabel(labeled, 'LAD')).toMatchObject({ agatston: 20, lesions: 1 });
  });

  test('of a whole lesion reaches every slice and no other lesion', () => {
    const { labeled } = edited(dumbbell, [assignAt(3, 3, 0, 'LAD')], 200);
    expect(labeled.parts.label).toEqual(['LAD', null, null]);
    expect(partAt(labeled, 3, 3, 1)).toBe(0);
  });

  test('"excluded" takes calcium out of every vessel and keeps it in the sum', () => {
    const { labeled } = edited(twoPeaks, [assignAt(10, 12, 1, 'LAD'), assignAt(10, 12, 1, 'excluded')]);
    expect([scoreLabel(labeled, 'LAD').agatston, scoreLabel(labeled, 'excluded').agatston]).toEqual([0, 20]);
  });
});

describe('a brush', () => {
  test('labels the pixels whose centres it covers, in its slices', () => {
    const { labeled } = edited(twoPeaks, [
      brush(
        [
          [10, 10],
          [13, 10],
        ],
        0.25,
        [2, 2],
        'LM',
      ),
    ]);
    const part = partAt(labeled, 10, 10, 2);
    expect([labeled.parts.voxels[part], scoreLabel(labeled, 'LM').agatston]).toEqual([4, 4]); // one row of 4 pixels, 0.25 mm2 x 4
    expect([partAt(labeled, 10, 10, 1), partAt(labeled, 10, 11, 2)]).not.toContain(part);
  });

  test('reaches as far as its radius in mm, whatever the pixels measure', () => {
    const grid = { dimensions: [64, 64, 3], spacingMm: [0.5, 1, 3] } as const;
    const edit = brushStroke(grid, [[20, 20]], 2, [1, 1], 'LM');
    if (edit.kind !== 'paint') throw new Error('a brush paints');
    expect([...edit.voxels.row]).toEqual([18, 19, 20, 21, 22].map(y => 64 + y));
    expect([...edit.voxels.start]).toEqual([20, 17, 16, 17, 20]);
    expect([...edit.voxels.end]).toEqual([21, 24, 25, 24, 21]);
  });

  test('stays inside the volume', () => {
    const edit = brushStroke(
      twoPeaks,
      [
        [-1, -1],
        [0, 70],
      ],
      2,
      [-3, 99],
      'LM',
    );
    if (edit.kind !== 'paint') throw new Error('a brush paints');
    const { row, start } = edit.voxels;
    expect([row[0], row.at(-1), Math.min(...start)]).toEqual([0, 64 * 6 - 1, 0]);
  });

  test('painted back to nothing leaves the lesion whole', () => {
    const steps = [brush([[10, 10]], 0.6, [2, 2], 'LM'), brush([[10, 10]], 0.6, [2, 2], null)];
    const { labeled } = edited(twoPeaks, steps);
    expect(labeled.parts).toMatchObject({ count: 1, label: [null], voxels: Int32Array.of(32) });
  });
});

describe('under another threshold', () => {
  const cutBridge = cutBy(0, { from: [8.5, 0], to: [8.5, 8] });
  const labelsAt = (edits: readonly Edit[], thresholdHu: number) => {
    const labeled = applyEdits(at(thresholdHu), edits);
    return [3, 11, 23].map(x => labeled.parts.label[partAt(labeled, x, 3, 0)]);
  };

  test('a lesion that falls apart keeps its label in all parts, and is whole again after', () => {
    const { edits } = edited(dumbbell, [assignAt(3, 3, 0, 'LAD')]);
    expect([130, 200, 300, 130].map(t => labelsAt(edits, t))).toEqual([
      ['LAD', 'LAD', null],
      ['LAD', 'LAD', null],
      ['LAD', 'LAD', undefined],
      ['LAD', 'LAD', null],
    ]);
  });

  test('lesions that grow together take the latest label, and part again with their own', () => {
    const { edits } = edited(dumbbell, [assignAt(11, 3, 0, 'LCX'), assignAt(3, 3, 0, 'LM')], 200);
    expect([labelsAt(edits, 130), labelsAt(edits, 200)]).toEqual([
      ['LM', 'LM', null],
      ['LM', 'LCX', null],
    ]);
  });

  test('a cut still divides what has grown, and its sides keep their labels', () => {
    const { edits } = edited(dumbbell, [cutBridge, assignAt(3, 3, 0, 'LM'), assignAt(11, 3, 0, 'LAD')]);
    expect([130, 100, 200, 130].map(t => labelsAt(edits, t))).toEqual(Array(4).fill(['LM', 'LAD', null]));
  });

  test('painted voxels are exactly those, and no more when the lesion grows', () => {
    const paint = brushStroke(dumbbell, [[3, 3]], 0.2, [0, 0], 'RCA');
    const painted = (thresholdHu: number) => scoreLabel(applyEdits(at(thresholdHu), [paint]), 'RCA').volumeMm3;
    expect([painted(130), painted(390), painted(401)]).toEqual([0.75, 0.75, 0]);
  });
});
