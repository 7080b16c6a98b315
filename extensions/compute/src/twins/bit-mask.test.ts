import { firstDifference, forSeeds, integer, randomInt16Volume, seededRandom } from '../testing/random.ts';
import type { VoxelArray } from '../volume.ts';
import { countMask, emptyMask, restrictMask, type Span, thresholdMask } from './bit-mask.ts';
import { packed, randomVoxelMask, unpacked } from './plain-masks.test-support.ts';

const WIDTHS = [1, 2, 31, 32, 33, 63, 64, 65, 100, 512];

const plainThreshold = (voxels: VoxelArray, threshold: number) =>
  Uint8Array.from(voxels, value => (value >= threshold ? 1 : 0));

describe('thresholdMask', () => {
  test.each(WIDTHS)('equals a comparison voxel by voxel at width %d', async width => {
    await forSeeds(5, random => {
      const volume = randomInt16Volume(random, [width, integer(random, 1, 7), integer(random, 1, 4)], random(), 130);
      for (const threshold of [130, 129.5, 130.5]) {
        const mask = thresholdMask(volume, threshold);
        expect(firstDifference(unpacked(mask), plainThreshold(volume.voxels, threshold))).toBe(-1);
      }
    });
  });

  test('starts every row at a word boundary and orders rows z * ny + y', () => {
    const voxels = new Int16Array(33 * 2 * 2);
    voxels[32 + 33 * (1 + 2 * 1)] = 130; // x 32, y 1, z 1
    const mask = thresholdMask({ voxels, dimensions: [33, 2, 2] }, 130);
    expect(mask).toMatchObject({ width: 33, rows: 4, wordsPerRow: 2 });
    expect([...mask.words]).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test.each([
    [130, 1],
    [129, 0],
  ])('a volume of one voxel of %d HU at threshold 130 gives the word %d', (hu, word) => {
    expect([...thresholdMask({ voxels: Int16Array.of(hu), dimensions: [1, 1, 1] }, 130).words]).toEqual([word]);
  });

  test.each([
    [-32768, [1, 1, 1, 1, 1]],
    [-40000, [1, 1, 1, 1, 1]],
    [Number.NEGATIVE_INFINITY, [1, 1, 1, 1, 1]],
    [-32767.5, [0, 1, 1, 1, 1]],
    [-32767, [0, 1, 1, 1, 1]],
    [-0, [0, 0, 1, 1, 1]],
    [0.5, [0, 0, 0, 1, 1]],
    [32766.5, [0, 0, 0, 0, 1]],
    [32767, [0, 0, 0, 0, 1]],
    [32767.5, [0, 0, 0, 0, 0]],
    [40000, [0, 0, 0, 0, 0]],
    [Number.POSITIVE_INFINITY, [0, 0, 0, 0, 0]],
    [Number.NaN, [0, 0, 0, 0, 0]],
  ])('at threshold %d of the int16 extremes', (threshold, expected) => {
    const voxels = Int16Array.of(-32768, -32767, 0, 1, 32767);
    expect([...unpacked(thresholdMask({ voxels, dimensions: [5, 1, 1] }, threshold))]).toEqual(expected);
  });

  test('compares fractional voxels without rounding, and never takes NaN', () => {
    const voxels = Float32Array.of(129.99, 130, 130.01, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const at = (threshold: number) => [...unpacked(thresholdMask({ voxels, dimensions: [6, 1, 1] }, threshold))];
    expect(at(130)).toEqual([0, 1, 1, 0, 1, 0]);
    expect(at(Number.NEGATIVE_INFINITY)).toEqual([1, 1, 1, 0, 1, 1]);
  });
});

describe('countMask', () => {
  test.each(WIDTHS)('counts the bits of random masks of width %d', async width => {
    await forSeeds(6, random => {
      const plain = randomVoxelMask(random, width * integer(random, 1, 9), random());
      expect(countMask(packed(plain, width))).toBe(plain.reduce((sum, bit) => sum + bit, 0));
    });
  });

  test('counts empty and full masks', () => {
    expect(countMask(emptyMask(70, 11))).toBe(0);
    expect(countMask(packed(new Uint8Array(64 * 11).fill(1), 64))).toBe(64 * 11);
  });
});

describe('restrictMask', () => {
  test.each(WIDTHS)('keeps exactly the voxels inside the spans of their row at width %d', async width => {
    await forSeeds(12, random => {
      const rows = integer(random, 1, 8);
      const plain = randomVoxelMask(random, width * rows, 0.7);
      const spans: Span[][] = Array.from({ length: rows }, () =>
        Array.from({ length: integer(random, 0, 3) }, () => ({
          start: integer(random, -3, width + 3),
          end: integer(random, -3, width + 3),
        })),
      );
      const expected = plain.map((bit, voxel) => {
        const x = voxel % width;
        return spans[Math.floor(voxel / width)]!.some(({ start, end }) => x >= start && x < end) ? bit : 0;
      });
      const restricted = restrictMask(packed(plain, width), row => spans[row]!);
      expect(firstDifference(unpacked(restricted), expected)).toBe(-1);
    });
  });

  test('every span of a full row of 70 voxels', () => {
    const full = packed(new Uint8Array(70).fill(1), 70);
    for (let start = 0; start <= 70; start++) {
      for (let end = start; end <= 70; end++) {
        expect(countMask(restrictMask(full, () => [{ start, end }]))).toBe(end - start);
      }
    }
  });

  test('leaves the given mask as it was', () => {
    const mask = packed(randomVoxelMask(seededRandom(1), 66, 0.5), 33);
    const before = mask.words.slice();
    restrictMask(mask, () => []);
    expect(firstDifference(mask.words, before)).toBe(-1);
  });
});
