import { forSeeds, integer, type Random } from '../testing/random.ts';
import type { VoxelArray } from '../volume.ts';
import { restrictMask, type Span } from './bit-mask.ts';
import { packed, randomVoxelMask } from './plain-masks.test-support.ts';
import { runsFromMask } from './runs.ts';
import { filterValuedRuns, restrictRuns, thresholdRuns, type ValuedRuns, valuedRunsOfMask } from './valued-runs.ts';

/** [row, x, value] of every voxel in a run. */
function listed({ runs, values }: ValuedRuns): number[][] {
  const voxels: number[][] = [];
  for (let row = 0; row + 1 < runs.rowStart.length; row++) {
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      for (let x = runs.start[run]!; x < runs.end[run]!; x++) voxels.push([row, x, values[voxels.length]!]);
    }
  }
  expect(values).toHaveLength(voxels.length);
  return voxels;
}

/** A mask of random density and values that tell every voxel from the others. */
function randomRuns(random: Random) {
  const [width, rows] = [integer(random, 1, 70), integer(random, 1, 12)] as const;
  const plain = randomVoxelMask(random, width * rows, random());
  const voxels: VoxelArray = Int16Array.from(plain, (_, voxel) => voxel * 7 - 3000);
  const mask = packed(plain, width);
  return { width, rows, plain, voxels, mask, valued: valuedRunsOfMask(mask, voxels) };
}

test('the values are those of the mask’s voxels, in raster order', async () => {
  await forSeeds(10, random => {
    const { width, plain, voxels, valued } = randomRuns(random);
    const inside = [...plain.keys()].filter(voxel => plain[voxel]);
    expect(listed(valued)).toEqual(inside.map(voxel => [Math.floor(voxel / width), voxel % width, voxels[voxel]]));
  });
});

test('values keep the type of the volume', () => {
  const { runs, values } = thresholdRuns({ voxels: Float32Array.of(0.5, 1.5, 2.25, 0), dimensions: [2, 2, 1] }, 1.5);
  expect([...runs.rowStart]).toEqual([0, 1, 2]);
  expect(values).toEqual(Float32Array.of(1.5, 2.25));
});

describe('filterValuedRuns', () => {
  test('keeps the chosen runs with their values', async () => {
    await forSeeds(20, random => {
      const { valued } = randomRuns(random);
      const kept = Uint8Array.from({ length: valued.runs.count }, () => (random() < 0.6 ? 1 : 0));
      const runOf = [...valued.runs.start.keys()].flatMap(run =>
        Array.from({ length: valued.runs.end[run]! - valued.runs.start[run]! }, () => run),
      );
      const expected = listed(valued).filter((_, voxel) => kept[runOf[voxel]!]);
      expect(listed(filterValuedRuns(valued, run => kept[run] === 1))).toEqual(expected);
    });
  });

  test('keeps all and keeps none', () => {
    const valued = valuedRunsOfMask(packed(Uint8Array.of(1, 0, 1, 0, 1, 1), 3), Int16Array.of(1, 2, 3, 4, 5, 6));
    expect(filterValuedRuns(valued, () => true)).toEqual(valued);
    expect(filterValuedRuns(valued, () => false).values).toHaveLength(0);
  });
});

describe('restrictRuns', () => {
  test('gives what the restricted mask gives', async () => {
    await forSeeds(20, random => {
      const { width, rows, voxels, mask, valued } = randomRuns(random);
      const spans: Span[][] = Array.from({ length: rows }, () => {
        const ends = Array.from({ length: 2 * integer(random, 0, 3) }, () => integer(random, -4, width + 4));
        ends.sort((a, b) => a - b);
        // Spans that touch would make two runs of one.
        const apart = ends.filter((x, i) => i === 0 || x > ends[i - 1]!);
        return Array.from({ length: apart.length >> 1 }, (_, i) => ({ start: apart[2 * i]!, end: apart[2 * i + 1]! }));
      });
      const restricted = restrictRuns(valued, row => spans[row]!);
      const expected = valuedRunsOfMask(
        restrictMask(mask, row => spans[row]!),
        voxels,
      );
      expect(restricted).toEqual(expected);
      expect(valued).toEqual({ runs: runsFromMask(mask), values: valued.values });
    });
  });
});
