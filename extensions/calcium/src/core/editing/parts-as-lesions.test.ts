import { lesionAt, lesionsOf, volumeWith } from '../calcium.test-support.ts';
import { applyEdits, assignPart, partAt, scoreLesion, scoreParts } from '../index.ts';
import { partsAsLesions, vesselsOfParts, voxelOfPart } from './parts-as-lesions.ts';

// One lesion of 10 x 1 x 2 voxels, brighter to the right, and one apart.
const lesionSet = lesionsOf(
  volumeWith([16, 3, 2], [1, 1, 3], (x, y, z) =>
    y === 1 && x < 10 ? 200 + 10 * x : y === 1 && x > 12 && z === 1 ? 500 : 0,
  ),
);
const whole = applyEdits(lesionSet, []);
const voxels = { row: Int32Array.of(1, 4), start: Int32Array.of(6, 6), end: Int32Array.of(10, 10) };
const edits = [
  assignPart(whole, partAt(whole, 0, 1, 0), 'LM'),
  { kind: 'paint', label: 'LAD', voxels } as const,
  assignPart(whole, partAt(whole, 13, 1, 1), 'excluded'),
];
const divided = applyEdits(lesionSet, edits);

test('undivided lesions stay what they are', () => {
  expect(partsAsLesions(whole)).toEqual({ ...lesionSet, lesions: whole.parts });
});

test('parts are lesions with their own voxels, whose scores and components add up to the whole', () => {
  const set = partsAsLesions(divided);
  expect(set.lesions.count).toBe(3);
  for (const [x, y, z] of [
    [0, 1, 0],
    [7, 1, 1],
    [14, 1, 1],
  ] as const) {
    expect(lesionAt(set, x, y, z)).toBe(partAt(divided, x, y, z));
  }
  const scores = [0, 1, 2].map(part => scoreLesion(set, part).agatston);
  expect(scores.reduce((sum, one) => sum + one, 0)).toBeCloseTo(scoreParts(whole).agatston, 9);
  for (let component = 0; component < set.components.count; component++) {
    const part = set.components.lesion[component]!;
    const runs = [...set.componentOfRun.keys()].filter(run => set.componentOfRun[run] === component);
    expect(runs.map(run => set.lesionOfRun[run])).toEqual(runs.map(() => part));
    expect(runs.reduce((sum, run) => sum + set.runs.end[run]! - set.runs.start[run]!, 0)).toBe(
      set.components.pixels[component],
    );
  }
});

test('vessels of parts, and no vessel for what is excluded', () => {
  const vesselAt = (x: number, z: number) => vesselsOfParts(divided)[partAt(divided, x, 1, z)];
  expect([vesselAt(0, 0), vesselAt(9, 1), vesselAt(14, 1)]).toEqual(['LM', 'LAD', null]);
});

test('the brightest voxel of a part', () => {
  expect(voxelOfPart(divided, partAt(divided, 0, 1, 0))).toEqual([5, 1, 0]);
  expect(voxelOfPart(divided, -1)).toBeNull();
  expect(voxelOfPart(null, 0)).toBeNull();
});
