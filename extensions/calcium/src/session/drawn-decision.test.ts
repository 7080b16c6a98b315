import { type AreaShape, type DrawnShape, decide } from '@voxelwise/host';
import { lesionsOf, volumeWith } from '../core/calcium.test-support.ts';
import {
  applyEdits,
  type Edit,
  type Label,
  measureEllipse,
  partAt,
  regionFromPlain,
  scoreLabel,
} from '../core/index.ts';
import { measuredRoi, NO_ROIS, roiSummary } from './calibration-rois.ts';
import type { CtSeries } from './ct-series.ts';
import { NOTHING_DECIDED } from './decisions.ts';
import { drawnDecision } from './drawn-decision.ts';
import type { Tool } from './state.ts';

// A bar of columns 2 to 9 in rows 3 and 4 of both slices.
const lesionSet = lesionsOf(
  volumeWith([12, 8, 2], [1, 1, 3], (x, y) => (x >= 2 && x < 10 && (y === 3 || y === 4) ? 200 : 0)),
);
const whole = applyEdits(lesionSet, []);

// A slice of 64 columns and rows, half of it at 300 HU.
const SERIES = {
  dimensions: [64, 64, 1],
  readSlice: () => Int16Array.from({ length: 64 * 64 }, (_, at) => (at % 64 < 32 ? 300 : 10)),
  loaded: { instances: [{ InstanceNumber: '7' }] },
} as unknown as CtSeries;

function draw(
  shape: DrawnShape,
  { edits = [] as readonly Edit[], activeLabel = 'LAD' as Label | null, reach = 0, tool = 'assign' as Tool } = {},
) {
  const history = decide(NOTHING_DECIDED, { edits });
  const brush = { radiusMm: 1, reachSlices: reach };
  const roiOf = (area: AreaShape) => measuredRoi(SERIES, 0, area);
  const decision = drawnDecision({ history, tool, brush, activeLabel }, applyEdits(lesionSet, edits), 0, shape, roiOf);
  return 'hint' in decision ? decision.hint : decision.change;
}
const voxelsWith = (edits: readonly Edit[] = [], label: Label) => {
  const labeled = applyEdits(lesionSet, edits);
  return scoreLabel(labeled, label).volumeMm3 / 3;
};

test('a line across a lesion splits it, one beside it says why not', () => {
  const change = draw({ kind: 'line', from: [5, 0], to: [5, 7] });
  const { edits = [] } = change as { edits?: readonly Edit[] };
  const split = applyEdits(lesionSet, edits);
  expect(partAt(split, 4, 3, 1)).not.toBe(partAt(split, 6, 3, 1));
  expect(partAt(whole, 4, 3, 1)).toBe(partAt(whole, 6, 3, 1));
  expect(draw({ kind: 'line', from: [11, 0], to: [11, 7] })).toContain('divides no lesion');
});

test('a stroke paints what it touches, on the slices it reaches, after what was done before', () => {
  const stroke: DrawnShape = { kind: 'stroke', path: [[2, 3]] };
  const { edits: one } = draw(stroke) as { edits: readonly Edit[] };
  expect(voxelsWith(one, 'LAD')).toBe(3); // columns 2 and 3 of row 3, column 2 of row 4
  const { edits: both } = draw(stroke, { reach: 1 }) as { edits: readonly Edit[] };
  expect(voxelsWith(both, 'LAD')).toBe(6);
  const { edits: further } = draw(stroke, { edits: one, activeLabel: 'LCX', reach: 1 }) as { edits: readonly Edit[] };
  expect(further).toHaveLength(2);
  expect([voxelsWith(further, 'LAD'), voxelsWith(further, 'LCX')]).toEqual([0, 6]);
  const { edits: wiped } = draw(stroke, { edits: one, activeLabel: null }) as { edits: readonly Edit[] };
  expect(voxelsWith(wiped, 'LAD')).toBe(0);
});

test('a stroke that changes nothing is no decision', () => {
  const { edits } = draw({ kind: 'stroke', path: [[2, 3]] }) as { edits: readonly Edit[] };
  expect(draw({ kind: 'stroke', path: [[2, 3]] }, { edits })).toContain('no calcium that it could change');
  expect(draw({ kind: 'stroke', path: [[5, 0]] })).toContain('no calcium that it could change');
  expect(draw({ kind: 'stroke', path: [[2, 3]] }, { activeLabel: null })).toContain('no calcium that it could change');
});

test('an area is the heart region, and the edits stay', () => {
  const shape: DrawnShape = { kind: 'ellipse', centre: [5, 3], radii: [3, 2] };
  expect(draw(shape)).toEqual({ region: { shapes: [{ ...shape, slices: [0, 1] }] } });
});

test('an ellipse that was only begun says nothing of HU', () => {
  const begun = measureEllipse(SERIES.readSlice(0), SERIES.dimensions, { centre: [12.5, 30.5], radii: [0, 0] });
  expect(roiSummary(begun)).toBe('0 px');
});

test('an outline of two points, from a fast flick, is no heart region: nothing that holds it could be reopened', () => {
  const points = [
    [1, 1],
    [9, 6],
  ] as const;
  expect(draw({ kind: 'polygon', points })).toContain('encloses nothing');
  const region = { shapes: [{ kind: 'polygon', points, slices: [0, 1] }] };
  expect(() => regionFromPlain(region)).toThrow('an outline of 2 points');
  expect(draw({ kind: 'polygon', points: [...points, [1, 6]] })).toHaveProperty('region');
});

test('with the tools of the calibration, an ellipse is measured; what is no region is no decision', () => {
  const shape: DrawnShape = { kind: 'ellipse', centre: [12, 30], radii: [8, 6] };
  expect(draw(shape, { tool: 'calibration-insert' })).toEqual({
    calibrationRois: {
      ...NO_ROIS,
      insert: { slice: 0, imageName: 'image 7', centre: [12, 30], radii: [8, 6], pixels: 145, meanHu: 300, sdHu: 0 },
    },
  });
  const water = draw({ ...shape, centre: [45, 30] }, { tool: 'calibration-water' });
  expect(water).toMatchObject({ calibrationRois: { insert: null, water: { meanHu: 10 } } });
  expect(draw({ ...shape, radii: [2, 2] }, { tool: 'calibration-water' })).toContain('too few to measure');
  expect(draw({ ...shape, centre: [5, 30] }, { tool: 'calibration-water' })).toContain('beyond the image');
});
