import { NoBolusError } from '../baseline/detect-baseline.ts';
import type { DynamicVolume } from '../dynamic-volume.ts';
import { type StrokePhantom, type StrokePhantomParameters, strokePhantom } from '../phantoms/stroke.ts';
import { type Survey, SurveyError, survey, surveyInSteps } from './survey.ts';
import { vesselCurve } from './vessel-curve.ts';

const MR = { kind: 'susceptibility', echoTimeS: 0.03 } as const;
const SMALL = { dimensions: [96, 96, 6] } as const;

function codesOf({ warnings }: Survey): string[] {
  return warnings.map(({ code }) => code);
}

/** Peak within 10 % and arrival within a sample of the truth, as found on the true curve by the same rule. */
function expectTrueAif({ aif }: Survey, phantom: StrokePhantom): void {
  const { intervalS } = phantom.volume;
  const truth = vesselCurve(phantom.arteryVoxels, phantom.aif, intervalS);
  expect(aif!.peak / truth.peak).toBeGreaterThan(0.9);
  expect(aif!.peak / truth.peak).toBeLessThan(1.1);
  expect(Math.abs(aif!.arrivalS - truth.arrivalS)).toBeLessThanOrEqual(intervalS);
  // a bolus is seen when it has risen by 5 %, about a second after it arrived
  expect(Math.abs(aif!.arrivalS - phantom.parameters.arrivalS)).toBeLessThanOrEqual(Math.max(1, intervalS));
}

const cases: [string, Partial<StrokePhantomParameters>][] = [
  ['CT without noise', {}],
  ['CT with 2 HU of noise', { noiseSd: 2, wholeNumbers: true }],
  ['CT with 4 HU of noise', { noiseSd: 4, wholeNumbers: true }],
  ['CT with 4 HU of noise, another seed', { noiseSd: 4, wholeNumbers: true, seed: 77 }],
  ['CT every 2 s, for 40 s', { noiseSd: 2, intervalS: 2, timePoints: 20 }],
  ['CT every 0.5 s', { noiseSd: 2, intervalS: 0.5, timePoints: 100 }],
  ['CT of a single slice', { noiseSd: 2, dimensions: [128, 128, 1] }],
  ['CT of coarse voxels', { noiseSd: 2, dimensions: [64, 64, 6] }],
  ['MR without noise', { signal: MR }],
  ['MR at a signal-to-noise ratio of 100', { signal: MR, noiseSd: 8 }],
  ['MR at a signal-to-noise ratio of 50', { signal: MR, noiseSd: 16, wholeNumbers: true }],
];

test.each(cases)('%s: the artery, the vein and the baseline are found', (_, parameters) => {
  const phantom = strokePhantom({ ...SMALL, ...parameters });
  const result = survey(phantom.volume);
  expectTrueAif(result, phantom);
  const arteries = new Set(phantom.arteryVoxels);
  expect([...result.aif!.voxels].every(voxel => arteries.has(voxel))).toBe(true);
  const sinus = new Set(phantom.sinusVoxels);
  expect([...result.vof!.voxels].every(voxel => sinus.has(voxel))).toBe(true);
  expect(result.vof!.area / result.aif!.area).toBeGreaterThan(0.9);
  expect(result.vof!.area / result.aif!.area).toBeLessThan(1.1);
  const { intervalS } = phantom.volume;
  const baselineEndS = (result.baseline[1] - 1) * intervalS;
  expect(Math.abs(baselineEndS - phantom.parameters.arrivalS)).toBeLessThanOrEqual(Math.max(1, intervalS));
  expect(codesOf(result)).toEqual([]);
});

test('vessels are left out of the tissue, and so is fluid', () => {
  const phantom = strokePhantom({ ...SMALL, noiseSd: 2 });
  const { tissueMask, vesselMask, brainMask } = survey(phantom.volume);
  expect([...phantom.arteryVoxels, ...phantom.sinusVoxels].every(voxel => vesselMask[voxel] === 1)).toBe(true);
  expect(tissueMask.every((inside, voxel) => inside === 0 || brainMask[voxel] === 1)).toBe(true);
  let [tissue, found, wrong] = [0, 0, 0];
  for (let voxel = 0; voxel < tissueMask.length; voxel++) {
    const isTissue = !Number.isNaN(phantom.maps.CBF[voxel]!);
    if (isTissue) tissue++;
    if (isTissue && tissueMask[voxel] === 1) found++;
    if (!isTissue && tissueMask[voxel] === 1) wrong++;
  }
  expect(found / tissue).toBeGreaterThan(0.99);
  expect(wrong / tissue).toBeLessThan(0.01);
});

describe('warnings', () => {
  test('a series that ends during the bolus', () => {
    const result = survey(strokePhantom({ ...SMALL, noiseSd: 2, timePoints: 19 }).volume);
    expect(codesOf(result)).toContain('bolus-truncated');
    expect(result.warnings[0]!.message).toContain('has not returned');
  });

  test('a scanner that cuts off high values', () => {
    const { volume } = strokePhantom({ ...SMALL, noiseSd: 2, intervalS: 0.5, timePoints: 100, wholeNumbers: true });
    const voxels = volume.voxels.map(value => (value > 250 && value < 500 ? 250 : value));
    expect(codesOf(survey({ ...volume, voxels } as DynamicVolume))).toContain('saturated');
    expect(codesOf(survey(volume))).not.toContain('saturated');
  });

  test('the same, cut off so low that the voxels at the border of the artery are as high', () => {
    const { volume } = strokePhantom({ ...SMALL, noiseSd: 2, wholeNumbers: true });
    const voxels = volume.voxels.map(value => (value > 150 && value < 500 ? 150 : value));
    expect(codesOf(survey({ ...volume, voxels } as DynamicVolume))).toContain('saturated');
    expect(codesOf(survey(volume))).not.toContain('saturated');
  });

  test('an artery of which the scanner sees nothing more in its first pass', () => {
    const signal = { kind: 'susceptibility', echoTimeS: 0.06 } as const;
    expect(codesOf(survey(strokePhantom({ ...SMALL, signal, noiseSd: 4 }).volume))).toContain('saturated');
  });

  test('noise that is large beside the artery', () => {
    const noisy = strokePhantom({ dimensions: [64, 64, 2], noiseSd: 30, timePoints: 45 });
    const brainMask = noisy.labels.map(label => (label >= 3 ? 1 : 0));
    const arteryRegion = new Uint8Array(brainMask.length);
    for (const voxel of noisy.arteryVoxels) arteryRegion[voxel] = 1;
    const baseline = [0, 10] as const;
    expect(codesOf(survey(noisy.volume, { brainMask, arteryRegion, baseline }))).toContain('noisy');
  });

  test('tissue without an artery, and the word for it', () => {
    const { volume, labels } = strokePhantom({ ...SMALL, noiseSd: 2 });
    const brainMask = labels.map(label => (label >= 4 && label <= 5 ? 1 : 0));
    const result = survey(volume, { brainMask });
    expect(result.aif).toBeNull();
    expect(result.vof).toBeNull();
    expect(codesOf(result)).toEqual(['no-artery', 'no-vein']);
  });
});

describe('what cannot be surveyed', () => {
  const { volume } = strokePhantom({ dimensions: [64, 64, 3], noiseSd: 2 });

  test('air', () => {
    const air = volume.voxels.map(() => -1000);
    expect(() => survey({ ...volume, voxels: air } as DynamicVolume)).toThrow(SurveyError);
  });

  test('a series without contrast agent', () => {
    const still = strokePhantom({ dimensions: [64, 64, 3], noiseSd: 2, arrivalS: 100 }).volume;
    expect(() => survey(still)).toThrow(NoBolusError);
  });

  test('four time points, and a series that began too late', () => {
    const short = strokePhantom({ dimensions: [64, 64, 3], noiseSd: 2, timePoints: 3 });
    expect(() => survey(short.volume)).toThrow(NoBolusError);
    const late = strokePhantom({ dimensions: [64, 64, 3], noiseSd: 2, arrivalS: -2 });
    expect(() => survey(late.volume)).toThrow('began too late');
  });

  test.each([
    ['CT', {}, -1000],
    ['MR', { signal: MR }, 0],
  ])('%s of which one image is blank', (_, parameters, air) => {
    const { volume: blank } = strokePhantom({ dimensions: [64, 64, 3], noiseSd: 2, ...parameters });
    blank.voxels.fill(air, (blank.timePoints + 20) * 4096, (blank.timePoints + 21) * 4096);
    expect(() => survey(blank)).toThrow(`Time point 21 of ${blank.timePoints} shows no brain in slice 2 of 3`);
  });

  test('a movement that takes the brain out of a slice with little of it is no blank image', () => {
    const phantom = strokePhantom({ dimensions: [96, 96, 4], noiseSd: 2 });
    const { voxels, timePoints } = phantom.volume;
    const air = (t: number) => voxels.fill(-1000, (3 * timePoints + t) * 9216, (3 * timePoints + t + 1) * 9216);
    for (let t = 0; t < timePoints; t++) {
      const kept = voxels.slice((3 * timePoints + t) * 9216 + 40 * 96 + 40, (3 * timePoints + t) * 9216 + 40 * 96 + 52);
      air(t);
      for (let row = 40; row < 52; row++) voxels.set(kept, (3 * timePoints + t) * 9216 + row * 96 + 40);
    }
    air(30);
    expectTrueAif(survey(phantom.volume), phantom);
  });

  test('a slice of air and voxels that are no numbers do not matter', () => {
    const phantom = strokePhantom({ dimensions: [96, 96, 4], noiseSd: 2 });
    const { voxels, timePoints } = phantom.volume;
    voxels.fill(-1000, 3 * 96 * 96 * timePoints);
    for (let i = 0; i < 50; i++) voxels[96 * 40 + 30 + i] = Number.NaN;
    expectTrueAif(survey(phantom.volume), phantom);
  });
});

test('progress grows, and a survey that is not continued stops', () => {
  const { volume } = strokePhantom({ dimensions: [64, 64, 4], noiseSd: 2 });
  const progress = [...surveyInSteps(volume)];
  expect(progress.length).toBeGreaterThan(6);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBeLessThanOrEqual(1);
});
