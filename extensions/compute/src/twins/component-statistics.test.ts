import { forSeeds, integer } from '../testing/random.ts';
import type { VoxelArray } from '../volume.ts';
import { componentStatistics } from './component-statistics.ts';
import { labelRuns } from './connected-components.ts';
import { floodFill } from './flood-fill.test-support.ts';
import { packed, randomVoxelMask } from './plain-masks.test-support.ts';
import { runsFromMask } from './runs.ts';

function statisticsOf(plain: Uint8Array, voxels: VoxelArray, width: number, rowsPerSlice: number) {
  const runs = runsFromMask(packed(plain, width));
  return componentStatistics(runs, labelRuns(runs, rowsPerSlice, 8), voxels, width);
}

describe('componentStatistics', () => {
  test.each([
    ['Int16', () => Int16Array],
    ['Float32', () => Float32Array],
  ] as const)('equals a search through the label image of %s volumes', async (name, arrayType) => {
    await forSeeds(25, random => {
      const [nx, ny, nz] = [integer(random, 1, 50), integer(random, 1, 12), integer(random, 1, 4)];
      const plain = randomVoxelMask(random, nx * ny * nz, random());
      // Few different values, so that peaks tie often.
      const values = Array.from(plain, () => integer(random, -2, 4) * (name === 'Int16' ? 8000 : 0.25));
      const voxels = arrayType().from(values);
      const { label, count } = floodFill(plain, [nx, ny, nz], 8);
      const statistics = statisticsOf(plain, voxels, nx, ny);
      expect(statistics.voxelCount).toHaveLength(count);
      for (let component = 0; component < count; component++) {
        const members = [...label.keys()].filter(voxel => label[voxel] === component);
        const peak = Math.max(...members.map(voxel => voxels[voxel]!));
        expect(statistics.voxelCount[component]).toBe(members.length);
        expect(statistics.peak[component]).toBe(peak);
        expect(statistics.peakVoxel[component]).toBe(members.find(voxel => voxels[voxel] === peak));
        expect(statistics.sum[component]).toBe(members.reduce((sum, voxel) => sum + voxels[voxel]!, 0));
        expect(statistics.firstRow[component]).toBe(Math.floor(members[0]! / nx));
      }
    });
  });

  test('of equal peaks the first voxel in raster order is reported', () => {
    const voxels = Int16Array.of(1, 5, 0, 5, 5, 5);
    expect([...statisticsOf(Uint8Array.of(1, 1, 0, 1, 1, 1), voxels, 3, 2).peakVoxel]).toEqual([1]);
  });

  test('NaN is no peak, and does not hide where the peak is', () => {
    const voxels = Float32Array.of(1, Number.NaN, 3, 2);
    const { peak, peakVoxel } = statisticsOf(Uint8Array.of(1, 1, 1, 1), voxels, 4, 1);
    expect([...peak]).toEqual([3]);
    expect([...peakVoxel]).toEqual([2]);
  });

  test('holds the int16 extremes', () => {
    const statistics = statisticsOf(Uint8Array.of(1, 0, 1, 1), Int16Array.of(-32768, 0, 32767, 32767), 4, 1);
    expect([...statistics.peak]).toEqual([-32768, 32767]);
    expect([...statistics.peakVoxel]).toEqual([0, 2]);
    expect([...statistics.sum]).toEqual([-32768, 65534]);
  });

  test('has no entries without runs', () => {
    expect(statisticsOf(new Uint8Array(12), new Int16Array(12), 4, 3).voxelCount).toHaveLength(0);
  });
});
