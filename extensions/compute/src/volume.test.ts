import { assertVolume } from './volume.ts';

describe('assertVolume', () => {
  test('accepts an array of exactly nx * ny * nz values', () => {
    expect(() => assertVolume({ voxels: new Int16Array(24), dimensions: [2, 3, 4] })).not.toThrow();
    expect(() => assertVolume({ voxels: new Float32Array(1), dimensions: [1, 1, 1] })).not.toThrow();
  });

  test.each([23, 25, 0])('refuses %d values for 2 x 3 x 4 voxels and says so', length => {
    expect(() => assertVolume({ voxels: new Int16Array(length), dimensions: [2, 3, 4] })).toThrow(
      `A volume of 2 x 3 x 4 voxels cannot have ${length} values.`,
    );
  });

  test.each([
    [[0, 3, 4], 0],
    [[-2, -3, 4], 24],
    [[1.5, 2, 8], 24],
    [[Number.NaN, 3, 4], 24],
    [[Number.POSITIVE_INFINITY, 1, 1], 24],
  ] as const)('refuses dimensions %j', (dimensions, length) => {
    expect(() => assertVolume({ voxels: new Int16Array(length), dimensions })).toThrow(RangeError);
  });
});
