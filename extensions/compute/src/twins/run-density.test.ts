import { forSeeds, randomInt16Volume, seededRandom } from '../testing/random.ts';
import { comb, volumeOfShape } from '../testing/shapes.ts';
import { thresholdMask } from './bit-mask.ts';
import { estimateRunDensity } from './run-density.ts';
import { runsFromMask } from './runs.ts';

test('a small volume is counted, run by run', async () => {
  await forSeeds(20, random => {
    const volume = randomInt16Volume(random, [33, 9, 4], random(), 130);
    const { runs } = estimateRunDensity(volume.voxels, 33, 130);
    expect(runs * volume.voxels.length).toBeCloseTo(runsFromMask(thresholdMask(volume, 130)).count, 6);
  });
});

test.each([0.01, 0.1, 0.5, 0.9])('a large random volume of density %d is estimated as so many looks allow', density => {
  const { voxels } = randomInt16Volume(seededRandom(1), [512, 512, 4], density, 130);
  const estimate = estimateRunDensity(voxels, 512, 130, 10_000);
  const expectNear = (estimated: number, truth: number) =>
    expect(Math.abs(estimated - truth)).toBeLessThan(4 * Math.sqrt(truth / 10_000)); // four standard deviations
  expectNear(estimate.voxels, density);
  expectNear(estimate.runs, density * (1 - density));
});

test('regular patterns do not mislead it', () => {
  const { voxels } = volumeOfShape(comb, [512, 512, 2]);
  expect(estimateRunDensity(voxels, 512, 130).runs).toBeCloseTo(0.5, 1);
});

test('NaN and thresholds that nothing reaches', () => {
  expect(estimateRunDensity(Float32Array.of(Number.NaN, 1), 2, 0)).toEqual({ voxels: 0.5, runs: 0.5 });
  expect(estimateRunDensity(Int16Array.of(1, 2), 2, Number.NaN)).toEqual({ voxels: 0, runs: 0 });
});
