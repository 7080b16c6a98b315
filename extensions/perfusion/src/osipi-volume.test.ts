import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { survey } from './core/arterial/survey.ts';
import { vesselCurve } from './core/arterial/vessel-curve.ts';
import type { DynamicVolume } from './core/dynamic-volume.ts';
import { readNifti } from './nifti.test-support.ts';

/** OSIPI's volume of arterial curves; beside the repository. */
const FOLDER = join(__dirname, '../../../../shared/data/perfusion/osipi-dro');
const hasVolume = existsSync(FOLDER);
if (!hasVolume && process.env.CI) {
  throw new Error('CI is set, but the test data ../shared/data/perfusion/osipi-dro is missing.');
}
if (!hasVolume) console.warn('Skipped: ../shared/data/perfusion/osipi-dro is not here.');

(hasVolume ? test : test.skip)('the arterial curve that the OSIPI volume is made of', () => {
  // One arterial curve (peak 0.66 at sample 19), later by up to four samples in four fifths of the image; in the last fifth single
  // samples are raised by up to 0.25. All of it is marked as arterial.
  const { dimensions, values } = readNifti(join(FOLDER, 'test_concentration.nii'));
  const region = Uint8Array.from(readNifti(join(FOLDER, 'test_artery_ROI.nii')).values);
  expect(dimensions).toEqual([25, 25, 1, 40]);
  const volume: DynamicVolume = {
    voxels: Float32Array.from(values),
    dimensions: [25, 25, 1],
    timePoints: 40,
    intervalS: 1,
    spacingMm: [1, 1, 1],
    signal: { kind: 'attenuation' },
  };
  const { aif } = survey(volume, { brainMask: region, arteryRegion: region });
  const unchanged = Float64Array.from({ length: 40 }, (_, t) => values[t * 625 + 20 * 25 + 20]!);
  const truth = vesselCurve(new Int32Array(), unchanged, 1);
  expect(truth.peak).toBeCloseTo(0.66, 2);
  expect(Math.abs(aif!.peak / truth.peak - 1)).toBeLessThan(0.1);
  expect(Math.abs(aif!.arrivalS - truth.arrivalS)).toBeLessThanOrEqual(1);
  expect(aif!.peakS).toBe(truth.peakS);
});
