import { arterialInput } from './core/arterial/arterial-input.ts';
import { survey } from './core/arterial/survey.ts';
import { DEFAULT_SMOOTHING, NO_SMOOTHING, smoothingWeights } from './core/contrast/smoothing.ts';
import { ABSOLUTE_CONSTANTS } from './core/maps.ts';
import { type StrokePhantomParameters, strokePhantom } from './core/phantoms/stroke.ts';
import { STROKE_METHOD, strokeVolumes } from './core/stroke/stroke-volumes.ts';
import { mapsOfVolume } from './kernels/maps/twin.ts';

// the maps of a quarter of a million voxels, in float64
jest.setTimeout(60_000);

/** From the images to the volumes, as the mode does it. */
function measure(parameters: Partial<StrokePhantomParameters>, isSmoothed: boolean) {
  const phantom = strokePhantom(parameters);
  const { voxels, dimensions, timePoints, intervalS, spacingMm, signal } = phantom.volume;
  const { baseline, brainMask, tissueMask, aif, vof } = survey(phantom.volume);
  const maps = mapsOfVolume(
    { voxels, dimensions: [dimensions[0], dimensions[1] * timePoints, dimensions[2]] },
    {
      timePoints,
      intervalS,
      signal,
      baseline,
      smoothing: isSmoothed ? smoothingWeights(DEFAULT_SMOOTHING, intervalS, spacingMm) : NO_SMOOTHING,
      mask: tissueMask,
      aif: arterialInput(aif!, vof, true).curve,
      method: STROKE_METHOD,
      constants: ABSOLUTE_CONSTANTS,
    },
  );
  return { phantom, ...strokeVolumes({ maps, brainMask, tissueMask, dimensions, spacingMm }) };
}

function dice(a: Uint8Array, b: Uint8Array): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i]! & b[i]!;
    sum += a[i]! + b[i]!;
  }
  return (2 * both) / sum;
}

test.each([
  ['CT', { kind: 'attenuation' }],
  ['MR', { kind: 'susceptibility', echoTimeS: 0.03 }],
] as const)('%s without noise and smoothing: volumes within 5 %%, Dice above 0.95', (_, signal) => {
  const { phantom, ...volumes } = measure({ dimensions: [128, 128, 4], timePoints: 50, signal }, false);
  expect(Math.abs(volumes.coreMl / phantom.coreMl - 1)).toBeLessThan(0.05);
  expect(Math.abs(volumes.hypoperfusedMl / phantom.hypoperfusionMl - 1)).toBeLessThan(0.05);
  expect(dice(volumes.core, phantom.core)).toBeGreaterThan(0.95);
  expect(dice(volumes.hypoperfused, phantom.hypoperfusion)).toBeGreaterThan(0.95);
});

test('CT with 2 HU of noise and the default smoothing: volumes within 10 %', () => {
  const parameters = { dimensions: [256, 256, 3], timePoints: 50, noiseSd: 2, wholeNumbers: true } as const;
  const { phantom, ...volumes } = measure(parameters, true);
  expect(Math.abs(volumes.coreMl / phantom.coreMl - 1)).toBeLessThan(0.1);
  expect(Math.abs(volumes.hypoperfusedMl / phantom.hypoperfusionMl - 1)).toBeLessThan(0.1);
  expect(Math.abs(volumes.mismatchRatio! / (phantom.hypoperfusionMl / phantom.coreMl) - 1)).toBeLessThan(0.15);
});

test.each([0, 0.03])('a core with %d of its normal flow and 2 HU of noise: volumes within 10 %%', coreFlow => {
  const noise = { noiseSd: 2, wholeNumbers: true };
  const { phantom, ...volumes } = measure({ dimensions: [128, 128, 3], timePoints: 50, coreFlow, ...noise }, true);
  expect(Math.abs(volumes.coreMl / phantom.coreMl - 1)).toBeLessThan(0.1);
  expect(Math.abs(volumes.hypoperfusedMl / phantom.hypoperfusionMl - 1)).toBeLessThan(0.1);
  expect(dice(volumes.core, phantom.core)).toBeGreaterThan(0.95);
  expect(dice(volumes.hypoperfused, phantom.hypoperfusion)).toBeGreaterThan(0.95);
});

test('noise that leaves healthy voxels without a value makes no core', () => {
  // of the signal of white matter 1 in 32
  const mr = { noiseSd: 22, signal: { kind: 'susceptibility', echoTimeS: 0.03 }, wholeNumbers: true } as const;
  const healthy = { coreFlow: 1, penumbraFlow: 1, delayS: 0 };
  const volumes = measure({ dimensions: [128, 128, 4], timePoints: 50, ...healthy, ...mr }, true);
  expect(volumes).toMatchObject({ coreMl: 0, hypoperfusedMl: 0 });
});

test('a healthy brain with noise has neither core nor hypoperfusion', () => {
  const parameters = {
    dimensions: [128, 128, 3],
    timePoints: 50,
    noiseSd: 1,
    coreFlow: 1,
    penumbraFlow: 1,
    delayS: 0,
  } as const;
  const volumes = measure(parameters, true);
  expect(volumes.coreMl).toBe(0);
  expect(volumes.hypoperfusedMl).toBe(0);
  expect(volumes.mismatchRatio).toBeNull();
});
