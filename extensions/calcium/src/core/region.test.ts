import { type BitMask, countMask, emptyMask, restrictMask } from '@voxelwise/compute/twins';
import { forSeeds, integer, maskInRegion, positionOf, type Random } from './calcium.test-support.ts';
import type { DiscRegion, HuVolume, RegionShape } from './index.ts';

type Grid = Pick<HuVolume, 'dimensions' | 'spacingMm'>;

/** Mask of every voxel. */
function fullMask({ dimensions: [nx, ny, nz] }: Grid): BitMask {
  const mask = emptyMask(nx, ny * nz);
  mask.words.fill(0xffffffff);
  return restrictMask(mask, () => [{ start: 0, end: nx }]);
}

/** "x,y,z" of every voxel of a mask. */
function keysOf({ words, wordsPerRow }: BitMask, { dimensions }: Grid): string[] {
  const [nx, ny, nz] = dimensions;
  return Array.from({ length: nx * ny * nz }, (_, voxel) => positionOf(voxel, dimensions))
    .filter(([x, y, z]) => (words[(z * ny + y) * wordsPerRow + Math.floor(x / 32)]! >>> (x % 32)) & 1)
    .map(position => position.join());
}

const disc = (centre: DiscRegion['centre'], radiusMm: number, slices: DiscRegion['slices'] = [0, 0]): DiscRegion => ({
  name: 'disc',
  centre,
  radiusMm,
  slices,
});

const inDisc = (grid: Grid, region: DiscRegion) => maskInRegion(fullMask(grid), grid, region);

describe('a disc', () => {
  test('equals a search over every voxel: any centre, anisotropic pixels, partly or wholly outside', async () => {
    await forSeeds(60, random => {
      const grid: Grid = {
        dimensions: [integer(random, 1, 70), integer(random, 1, 20), integer(random, 1, 4)],
        spacingMm: [0.3 + random(), 0.3 + random(), 3],
      };
      const [nx, ny, nz] = grid.dimensions;
      const fractional = random() < 0.5;
      const around = (n: number) => -10 + random() * (n + 20);
      const centre = [around(ny), around(nx)].map(c => (fractional ? c : Math.round(c))) as [number, number];
      const region = disc(centre, random() * 12, [integer(random, -1, nz), integer(random, -1, nz)]);
      const expected = keysOf(fullMask(grid), grid).filter(key => {
        const [x, y, z] = key.split(',').map(Number) as [number, number, number];
        const right = (x - centre[1]) * grid.spacingMm[0];
        const down = (y - centre[0]) * grid.spacingMm[1];
        const inSlices = region.slices[0] <= z && z <= region.slices[1];
        return inSlices && right * right + down * down <= region.radiusMm * region.radiusMm;
      });
      expect(keysOf(inDisc(grid, region), grid)).toEqual(expected);
    });
  });

  test('includes pixels whose centre lies on the rim', () => {
    const grid: Grid = { dimensions: [21, 21, 1], spacingMm: [0.5, 0.5, 3] };
    const keys = keysOf(inDisc(grid, disc([10, 10], 2.5)), grid);
    for (const [dx, dy] of [
      [5, 0],
      [0, 5],
      [3, 4],
      [4, 3],
    ] as const) {
      expect(keys).toContain(`${10 + dx},${10 + dy},0`);
      expect(keys).toContain(`${10 - dx},${10 - dy},0`);
    }
    expect(keys).toHaveLength(81); // lattice points within 5 of the origin
  });

  test.each([0.1, 0.3, 0.35, 0.45, 0.48, 0.5859, 0.6, 0.7])(
    'includes the rim at a spacing of %d mm, which binary numbers cannot hold',
    spacing => {
      const grid: Grid = { dimensions: [51, 51, 1], spacingMm: [spacing, spacing, 3] };
      for (let radius = 1; radius <= 20; radius++) {
        const radiusMm = Number((radius * spacing).toFixed(4)); // as a person writes it
        const keys = keysOf(inDisc(grid, disc([25, 25], radiusMm)), grid);
        expect(keys).toEqual(expect.arrayContaining([`${25 + radius},25,0`, `25,${25 - radius},0`]));
        expect(keys).not.toContain(`${25 + radius + 1},25,0`);
      }
    },
  );

  test('takes the centre as [row, column]', () => {
    const grid: Grid = { dimensions: [20, 10, 1], spacingMm: [1, 1, 3] };
    expect(keysOf(inDisc(grid, disc([3, 15], 0)), grid)).toEqual(['15,3,0']);
  });

  test('takes first and last slice, both included, and nothing of the others', () => {
    const grid: Grid = { dimensions: [5, 5, 6], spacingMm: [1, 1, 3] };
    const slicesOf = (first: number, last: number) => [
      ...new Set(keysOf(inDisc(grid, disc([2, 2], 1, [first, last])), grid).map(key => Number(key.split(',')[2]))),
    ];
    expect(slicesOf(2, 4)).toEqual([2, 3, 4]);
    expect(slicesOf(3, 3)).toEqual([3]);
    expect(slicesOf(-5, 0)).toEqual([0]);
    expect(slicesOf(5, 99)).toEqual([5]);
    expect(slicesOf(4, 2)).toEqual([]);
  });

  test('keeps only what the mask holds', () => {
    const grid: Grid = { dimensions: [40, 40, 2], spacingMm: [0.5, 0.5, 3] };
    expect(countMask(maskInRegion(emptyMask(40, 80), grid, disc([20, 20], 8, [0, 1])))).toBe(0);
  });

  test('a disc wholly outside the image is empty, one around the whole image is everything', () => {
    const grid: Grid = { dimensions: [33, 12, 1], spacingMm: [0.5, 0.5, 3] };
    expect(countMask(inDisc(grid, disc([-20, 5], 3)))).toBe(0);
    expect(countMask(inDisc(grid, disc([5, 100], 3)))).toBe(0);
    expect(countMask(inDisc(grid, disc([6, 16], 50)))).toBe(33 * 12);
  });
});

describe('a heart region', () => {
  const grid: Grid = { dimensions: [24, 20, 5], spacingMm: [0.5, 0.7, 3] };
  const [nx, ny, nz] = grid.dimensions;
  const inShapes = (...shapes: RegionShape[]) => keysOf(maskInRegion(fullMask(grid), grid, { shapes }), grid);
  const anySlices = (random: Random) => [integer(random, -1, nz - 1), integer(random, 0, nz)] as const;

  test('of ellipses equals a search over every voxel', async () => {
    await forSeeds(40, random => {
      const shapes = Array.from({ length: integer(random, 1, 3) }, () => ({
        kind: 'ellipse' as const,
        centre: [random() * nx, random() * ny] as const,
        radii: [random() * 12, random() * 12] as const,
        slices: anySlices(random),
      }));
      const expected = keysOf(fullMask(grid), grid).filter(key => {
        const [x, y, z] = key.split(',').map(Number) as [number, number, number];
        return shapes.some(({ centre: [cx, cy], radii: [rx, ry], slices: [first, last] }) => {
          return first <= z && z <= last && ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
        });
      });
      expect(inShapes(...shapes)).toEqual(expected);
    });
  });

  test('includes the rim of an ellipse, and is a row where it has no height', () => {
    const ellipse = (radii: readonly [number, number]) =>
      inShapes({ kind: 'ellipse', centre: [10, 8], radii, slices: [2, 2] });
    expect(ellipse([5, 3])).toEqual(expect.arrayContaining(['5,8,2', '15,8,2', '10,5,2', '10,11,2']));
    expect(ellipse([5, 3])).not.toContain('16,8,2');
    expect(ellipse([2, 0])).toEqual(['8,8,2', '9,8,2', '10,8,2', '11,8,2', '12,8,2']);
    expect(ellipse([0, 0])).toEqual(['10,8,2']);
  });

  test('of polygons holds the pixels around which they wind, whatever their shape and direction', async () => {
    await forSeeds(60, random => {
      const points = Array.from(
        { length: integer(random, 3, 9) },
        () => [-4 + random() * (nx + 8), -4 + random() * (ny + 8)] as const,
      );
      const slices = anySlices(random);
      const expected = keysOf(fullMask(grid), grid).filter(key => {
        const [x, y, z] = key.split(',').map(Number) as [number, number, number];
        return slices[0] <= z && z <= slices[1] && turnsAround(points, x, y) !== 0;
      });
      expect(inShapes({ kind: 'polygon', points, slices })).toEqual(expected);
      expect(inShapes({ kind: 'polygon', points: points.toReversed(), slices })).toEqual(expected);
    });
  });

  test('of polygons that share an edge through pixel centres holds every pixel once', () => {
    const polygon = (...points: [number, number][]): RegionShape => ({ kind: 'polygon', points, slices: [0, 0] });
    const [left, right] = [polygon([2, 2], [10, 2], [10, 12], [2, 12]), polygon([10, 2], [18, 2], [18, 12], [10, 12])];
    expect(inShapes(left)).toHaveLength(80);
    expect(inShapes(right)).toHaveLength(80);
    expect(inShapes(left, right)).toHaveLength(160);
  });

  test('without shapes, or of polygons without an inside, is empty', () => {
    expect(inShapes()).toEqual([]);
    for (const points of [
      [],
      [[3, 3]],
      [
        [3, 3],
        [9, 9],
      ],
    ] as [number, number][][]) {
      expect(inShapes({ kind: 'polygon', points, slices: [0, 4] })).toEqual([]);
    }
  });
});

/** How often a polygon turns around a point: the sum of the angles under which its edges are seen. */
function turnsAround(points: readonly (readonly [number, number])[], x: number, y: number): number {
  const angles = points.map(([px, py]) => Math.atan2(py - y, px - x));
  const turned = angles.map((angle, i) => {
    const step = angles[(i + 1) % angles.length]! - angle;
    return step > Math.PI ? step - 2 * Math.PI : step < -Math.PI ? step + 2 * Math.PI : step;
  });
  return Math.round(turned.reduce((sum, step) => sum + step, 0) / (2 * Math.PI));
}
