import { mapStatistics } from './map-statistics.ts';
import { mirroredVoxels, regionVoxels } from './region-voxels.ts';

const DIMENSIONS = [8, 6, 2] as const;
const UPRIGHT = { through: [3.5, 2.5], along: [0, 1] } as const;

test('an ellipse holds the pixels whose center is in it, on its slice', () => {
  const voxels = regionVoxels({ kind: 'ellipse', centre: [2, 3], radii: [1, 1] }, 1, DIMENSIONS);
  expect([...voxels]).toEqual([48 + 18, 48 + 25, 48 + 26, 48 + 27, 48 + 34]);
});

test('a polygon does, too, and nothing is taken beside the image', () => {
  const points = [
    [-3, -0.5],
    [1.5, -0.5],
    [1.5, 1.5],
    [-3, 1.5],
  ] as const;
  expect([...regionVoxels({ kind: 'polygon', points }, 0, DIMENSIONS)]).toEqual([0, 1, 8, 9]);
});

test('mirroring twice comes back, and stays on the slice', () => {
  const voxels = [48 + 18, 48 + 25];
  const once = mirroredVoxels(voxels, UPRIGHT, DIMENSIONS, [1, 1]);
  expect([...once]).toEqual([48 + 21, 48 + 30]);
  expect([...mirroredVoxels(once, UPRIGHT, DIMENSIONS, [1, 1])]).toEqual(voxels);
});

test('a line that is turned mirrors in millimeters, not in pixels', () => {
  const diagonal = { through: [0, 0], along: [Math.SQRT1_2, Math.SQRT1_2] } as const;
  // (4 px, 0) is 4 mm to the right; mirrored it is 4 mm down, 2 rows of 2 mm
  expect([...mirroredVoxels([4], diagonal, DIMENSIONS, [1, 2])]).toEqual([16]);
});

test('what is mirrored beside the image is left out', () => {
  expect(mirroredVoxels([7], { through: [1, 0], along: [0, 1] }, DIMENSIONS, [1, 1])).toHaveLength(0);
});

test('statistics count what has a value', () => {
  const map = Float32Array.of(1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY, 100);
  const statistics = mapStatistics(map, [0, 1, 2, 3, 4]);
  expect(statistics).toMatchObject({ voxels: 3, median: 2, minimum: 1, maximum: 4 });
  expect(statistics?.mean).toBeCloseTo(7 / 3, 12);
  expect(statistics?.standardDeviation).toBeCloseTo(Math.sqrt(7 / 3), 12);
  expect(mapStatistics(map, [0, 1, 3, 5])?.median).toBe(3);
  expect(mapStatistics(map, [5])?.standardDeviation).toBe(0);
  expect(mapStatistics(map, [2, 4])).toBeNull();
});
