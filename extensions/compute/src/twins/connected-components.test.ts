import { firstDifference, forSeeds, integer } from '../testing/random.ts';
import { labelRuns } from './connected-components.ts';
import { floodFill, labelImage } from './flood-fill.test-support.ts';
import { packed, randomVoxelMask } from './plain-masks.test-support.ts';
import { runsFromMask } from './runs.ts';
import type { Connectivity } from './touching-runs.ts';

type Dimensions = readonly [number, number, number];
const CONNECTIVITIES: readonly Connectivity[] = [4, 8, 6, 26];

function label(plain: ArrayLike<number>, [nx, ny]: Dimensions, connectivity: Connectivity) {
  const runs = runsFromMask(packed(plain, nx));
  const { label: labels, count } = labelRuns(runs, ny, connectivity);
  return { image: labelImage(runs, labels, nx), count };
}

/** Equal labels, numbers included: both count components in raster order of their first voxel. */
function expectFloodFill(plain: ArrayLike<number>, dimensions: Dimensions, connectivity: Connectivity): number {
  const { image, count } = label(plain, dimensions, connectivity);
  const expected = floodFill(plain, dimensions, connectivity);
  expect(count).toBe(expected.count);
  expect(firstDifference(image, expected.label)).toBe(-1);
  return count;
}

/** Component counts at 4, 8, 6 and 26 connectivity, each compared with the flood fill. */
const counts = (plain: ArrayLike<number>, dimensions: Dimensions) =>
  CONNECTIVITIES.map(connectivity => expectFloodFill(plain, dimensions, connectivity));

/** Plain mask of the voxels for which inside is true. */
function drawn([nx, ny, nz]: Dimensions, inside: (x: number, y: number, z: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: nx * ny * nz }, (_, i) =>
    inside(i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))) ? 1 : 0,
  );
}

/** One-pixel path from a corner to the centre, one pixel of background between its turns, filling size x size. */
function spiral(size: number): Uint8Array {
  const plain = new Uint8Array(size * size);
  const isFree = (x: number, y: number) => x < 0 || y < 0 || x >= size || y >= size || !plain[y * size + x];
  const inImage = (x: number, y: number) => x >= 0 && y >= 0 && x < size && y < size;
  let [x, y, dx, dy] = [0, 0, 1, 0];
  plain[0] = 1;
  for (let turns = 0; turns < 2; ) {
    if (inImage(x + dx, y + dy) && isFree(x + dx, y + dy) && isFree(x + 2 * dx, y + 2 * dy)) {
      x += dx;
      y += dy;
      plain[y * size + x] = 1;
      turns = 0;
    } else {
      [dx, dy] = [-dy, dx];
      turns++;
    }
  }
  return plain;
}

describe('labelRuns on random masks', () => {
  test.each([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])('equals a flood fill at density %d', async density => {
    await forSeeds(8, random => {
      const dimensions = [integer(random, 1, 70), integer(random, 1, 24), integer(random, 1, 6)] as const;
      const plain = randomVoxelMask(random, dimensions[0] * dimensions[1] * dimensions[2], density);
      counts(plain, dimensions);
    });
  });

  test('equals a flood fill where rows, columns or slices are one voxel thin', async () => {
    await forSeeds(10, random => {
      for (const dimensions of [
        [1, 40, 5],
        [40, 1, 5],
        [1, 1, 40],
        [2, 2, 30],
        [33, 2, 3],
      ] as const) {
        counts(randomVoxelMask(random, dimensions[0] * dimensions[1] * dimensions[2], 0.5), dimensions);
      }
    });
  });
});

describe('labelRuns on shapes that are hard to label', () => {
  const size = 512;
  const slice = [size, size, 1] as const;

  test('a one-pixel spiral that fills 512 x 512 is one component, and so is the background between its turns', () => {
    const plain = spiral(size);
    expect(plain.reduce((sum, bit) => sum + bit, 0)).toBeGreaterThan(size * size * 0.49);
    expect(expectFloodFill(plain, slice, 4)).toBe(1);
    expect(expectFloodFill(plain, slice, 8)).toBe(1);
    const background = plain.map(bit => 1 - bit);
    expect(expectFloodFill(background, slice, 4)).toBe(1);
  });

  test('the spiral falls into two when one pixel of its path is missing', () => {
    const plain = spiral(size);
    const middle = size / 2;
    const y = plain[100 * size + middle] ? 100 : 101; // of two neighbouring rows, one is on the path
    plain[y * size + middle] = 0;
    expect(expectFloodFill(plain, slice, 4)).toBe(2);
    expect(expectFloodFill(plain, slice, 8)).toBe(2);
  });

  test('combs: joined at the back, at the front, not at all, and two that interlock', () => {
    const tooth = (x: number) => x % 2 === 0;
    expect(
      expectFloodFill(
        drawn(slice, (x, y) => tooth(x) || y === size - 1),
        slice,
        8,
      ),
    ).toBe(1);
    expect(
      expectFloodFill(
        drawn(slice, (x, y) => tooth(x) || y === 0),
        slice,
        8,
      ),
    ).toBe(1);
    expect(expectFloodFill(drawn(slice, tooth), slice, 8)).toBe(size / 2);
    const interlocked = drawn(slice, (x, y) => {
      const fromTheTop = y === 0 || (x % 4 === 0 && y < size - 2);
      const fromTheBottom = y === size - 1 || (x % 4 === 2 && y > 1);
      return fromTheTop || fromTheBottom;
    });
    expect(expectFloodFill(interlocked, slice, 8)).toBe(2);
  });

  test('checkerboards are one component across corners and one per voxel across faces', () => {
    expect(
      counts(
        drawn([32, 20, 1], (x, y) => (x + y) % 2 === 0),
        [32, 20, 1],
      ),
    ).toEqual([320, 1, 320, 1]);
    expect(
      counts(
        drawn([6, 6, 6], (x, y, z) => (x + y + z) % 2 === 0),
        [6, 6, 6],
      ),
    ).toEqual([108, 6, 108, 1]);
  });

  test.each([
    ['down to the right', (x: number, y: number) => x === y],
    ['down to the left', (x: number, y: number) => x + y === 39],
  ])('a diagonal chain %s', (_, inside) => {
    expect(counts(drawn([40, 40, 1], inside), [40, 40, 1])).toEqual([40, 1, 40, 1]);
  });

  test('diagonal chains through slices join only where corners across slices count', () => {
    const cube = [9, 9, 9] as const;
    expect(
      counts(
        drawn(cube, (x, y, z) => x === y && y === z),
        cube,
      ),
    ).toEqual([9, 9, 9, 1]);
    expect(
      counts(
        drawn(cube, (x, y, z) => x === 8 - y && y === z),
        cube,
      ),
    ).toEqual([9, 9, 9, 1]);
    expect(
      counts(
        drawn(cube, (x, y, z) => x === z && y === 4),
        cube,
      ),
    ).toEqual([9, 9, 9, 1]);
    expect(
      counts(
        drawn(cube, (x, y, z) => x === 4 && y === 8 - z),
        cube,
      ),
    ).toEqual([9, 9, 9, 1]);
    expect(
      counts(
        drawn(cube, (x, y) => x === 4 && y === 4),
        cube,
      ),
    ).toEqual([9, 9, 1, 1]);
  });
});

describe('labelRuns at the borders of rows and slices', () => {
  test('the last row of a slice and the first row of the next are not neighbours', () => {
    const plain = drawn([5, 4, 2], (_, y, z) => (z === 0 ? y === 3 : y === 0));
    expect(counts(plain, [5, 4, 2])).toEqual([2, 2, 2, 2]);
  });

  test('the end of a row and the start of the next are not neighbours', () => {
    const plain = drawn([32, 2, 1], (x, y) => (y === 0 ? x === 31 : x === 0));
    expect(counts(plain, [32, 2, 1])).toEqual([2, 2, 2, 2]);
  });

  test('voxels two slices, or one row and two columns, apart are not neighbours', () => {
    expect(
      counts(
        drawn([3, 3, 3], (x, y, z) => x === 1 && y === 1 && z !== 1),
        [3, 3, 3],
      ),
    ).toEqual([2, 2, 2, 2]);
    expect(
      counts(
        drawn([4, 2, 1], (x, y) => (y === 0 ? x === 0 : x === 2)),
        [4, 2, 1],
      ),
    ).toEqual([2, 2, 2, 2]);
  });
});

test('components are numbered in raster order of their first voxel, however late their parts meet', () => {
  // A U, then a dot inside it: the arms of the U meet in the last row only.
  const plain = Uint8Array.from([...'1000100100010000001001001111111'.padEnd(35, '0')].map(Number));
  const { image, count } = label(plain, [7, 5, 1], 4);
  const firsts = Array.from({ length: count }, (_, component) => image.indexOf(component));
  expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
  expect(firsts.every(first => first >= 0)).toBe(true);
});

test('an empty mask has no components', () => {
  expect(counts(new Uint8Array(60), [5, 4, 3])).toEqual([0, 0, 0, 0]);
});
