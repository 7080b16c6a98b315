import { dcm, sct, ucum } from './codes.ts';
import { type ParametricMap, type ParametricMapOptions, writeParametricMap } from './parametric-map.ts';
import { readPart10 } from './read-part10.ts';
import { TEST_SOFTWARE, type TestSlices, testSource } from './results.test-support.ts';

export const COLUMNS = 7;
export const ROWS = 5;
export const FRAMES = 3;
export const LENGTH = COLUMNS * ROWS * FRAMES;

/** A map on the test slices, without a cube's symmetry. */
export function map(changes: Partial<ParametricMap> = {}): ParametricMap {
  return {
    voxels: Float32Array.from({ length: LENGTH }, (_, index) => Math.sqrt(index) - 3),
    dimensions: [COLUMNS, ROWS, FRAMES],
    quantity: dcm('126390', 'Absolute Regional Blood Flow'),
    units: ucum('ml/(100.g)/min'),
    label: 'CBF',
    explanation: 'Cerebral blood flow, oSVD',
    displayRange: [0, 80],
    ...changes,
  };
}

export const options: ParametricMapOptions = {
  seriesNumber: 1001,
  software: TEST_SOFTWARE,
  anatomicRegion: sct('12738006', 'Brain'),
};

export const write = (
  changes: Partial<ParametricMap> = {},
  slices: TestSlices = {},
  more: Partial<ParametricMapOptions> = {},
) => writeParametricMap(testSource(slices), map(changes), { ...options, ...more });
export const dataSetOf = (file: Uint8Array) => readPart10(file).dataSet;
export const bits = (values: ArrayLike<number>) => Array.from(new Uint32Array(Float32Array.from(values).buffer));
