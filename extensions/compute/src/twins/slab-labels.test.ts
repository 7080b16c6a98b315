import { forSeeds, integer, type Random, randomInt16Volume } from '../testing/random.ts';
import { comb, spiral, volumeOfShape } from '../testing/shapes.ts';
import type { Int16Volume } from '../volume.ts';
import { statisticsOfValues } from './component-statistics.ts';
import { labelRuns } from './connected-components.ts';
import { joinLabels, joinRuns, joinSlices, joinStatistics } from './slab-labels.ts';
import type { Connectivity } from './touching-runs.ts';
import { thresholdRuns } from './valued-runs.ts';

const CONNECTIVITIES: readonly Connectivity[] = [4, 8, 6, 26];

/** Everything about the components of a volume, and nothing about slabs. */
function components({ voxels, dimensions }: Int16Volume, connectivity: Connectivity) {
  const valued = thresholdRuns({ voxels, dimensions }, 130);
  const labels = labelRuns(valued.runs, dimensions[1], connectivity);
  return { runs: valued.runs, labels, statistics: statisticsOfValues(valued, labels, dimensions[0]) };
}

/** The same from slabs that begin at these slices. */
function joined({ voxels, dimensions }: Int16Volume, connectivity: Connectivity, firstSlices: readonly number[]) {
  const [nx, ny, nz] = dimensions;
  const slabs = firstSlices.map((first, i) => {
    const end = firstSlices[i + 1] ?? nz;
    const slab = voxels.subarray(first * nx * ny, end * nx * ny);
    return components({ voxels: slab, dimensions: [nx, ny, end - first] }, connectivity);
  });
  const runs = joinRuns(slabs);
  const joinedLabels = joinLabels(slabs, runs, ny, connectivity);
  return { runs, labels: joinedLabels.labels, statistics: joinStatistics(slabs, joinedLabels, nx) };
}

/** Slices at which slabs begin: 0 and a random choice of others, at times all of them. */
function randomCuts(random: Random, slices: number): number[] {
  const share = random() < 0.2 ? 1 : random();
  return Array.from({ length: slices }, (_, slice) => slice).filter(slice => slice === 0 || random() < share);
}

describe.each(CONNECTIVITIES)('%d-connected', connectivity => {
  test.each([0.05, 0.2, 0.4, 0.6, 0.9])(
    'slabs of random volumes of density %d give what the whole gives',
    async density => {
      await forSeeds(12, random => {
        const dimensions = [integer(random, 1, 40), integer(random, 1, 12), integer(random, 1, 9)] as const;
        const volume = randomInt16Volume(random, dimensions, density, 130);
        // Few different values, so that peaks tie within and across slabs.
        volume.voxels.forEach((hu, i) => {
          volume.voxels[i] = hu < 130 ? 0 : 130 + (hu % 3);
        });
        const cuts = randomCuts(random, dimensions[2]);
        expect(joined(volume, connectivity, cuts)).toEqual(components(volume, connectivity));
      });
    },
  );

  test('long components that go through every slab', () => {
    for (const shape of [spiral(33), comb, () => true, () => false]) {
      const volume = volumeOfShape(shape, [33, 33, 5]);
      for (const cuts of [[0], [0, 1, 2, 3, 4], [0, 3]]) {
        expect(joined(volume, connectivity, cuts)).toEqual(components(volume, connectivity));
      }
    }
  });
});

test.each([
  [4, 6],
  [8, 26],
] as const)(
  '%d-connected components of slices, joined across all slices, are the %d-connected ones',
  async (within, across) => {
    await forSeeds(20, random => {
      const [nx, ny, nz] = [integer(random, 1, 40), integer(random, 1, 12), integer(random, 1, 6)] as const;
      const { runs } = thresholdRuns(randomInt16Volume(random, [nx, ny, nz], random(), 130), 130);
      const slices = Array.from({ length: nz - 1 }, (_, below) => below + 1);
      const inSlices = labelRuns(runs, ny, within);
      expect(joinSlices(runs, inSlices, ny, across, slices).labels).toEqual(labelRuns(runs, ny, across));
      expect(joinSlices(runs, inSlices, ny, within, slices).labels).toEqual(inSlices);
    });
  },
);

test('components that only meet in a later slab get one number, the first one', () => {
  // Two columns that a bar in the last slice joins, and a third voxel between them in raster order.
  const inside = (x: number, z: number) => (z < 2 ? x === 0 || x === 4 || (x === 2 && z === 0) : true);
  const voxels = Int16Array.from({ length: 5 * 3 }, (_, i) => (inside(i % 5, Math.floor(i / 5)) ? 130 : 0));
  const volume: Int16Volume = { voxels, dimensions: [5, 1, 3] };
  const { labels, statistics } = joined(volume, 6, [0, 2]);
  expect([...labels.label]).toEqual([0, 1, 0, 0, 0, 0]);
  expect([...statistics.voxelCount]).toEqual([9, 1]);
});
