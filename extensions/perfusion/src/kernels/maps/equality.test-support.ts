import { equalitySuite, type Random } from '@voxelwise/compute/testing';
import { NO_SMOOTHING, smoothingWeights } from '../../core/contrast/smoothing.ts';
import { defaultMethod } from '../../core/deconvolution/default-method.ts';
import { DECONVOLUTION_METHODS } from '../../core/deconvolution-method.ts';
import type { DynamicSignal } from '../../core/dynamic-volume.ts';
import { ABSOLUTE_CONSTANTS, PERFUSION_MAPS, type PerfusionMaps } from '../../core/maps.ts';
import { gammaVariate, sampleTimes } from '../../core/phantoms/curves.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { mapsKernel } from './index.ts';
import { mapsOfVolume } from './twin.ts';

/** Of a value; or of the map's largest, times SMALL, where the value is near 0 and what it is the difference of is not. */
const TOLERANCE = 1e-4;
const SMALL = 1e-4;
/** Part of the voxels that may differ in Tmax and TTP, where two samples are as large but for rounding. */
const OTHER_INDEX = 1e-3;

const CT: DynamicSignal = { kind: 'attenuation' };
const MR: DynamicSignal = { kind: 'susceptibility', echoTimeS: 0.03 };

interface CaseOptions {
  readonly dimensions: readonly [nx: number, ny: number, nz: number];
  readonly timePoints: number;
  readonly signal?: DynamicSignal;
  readonly voxels?: 'int16' | 'float32';
  /** SD of the noise, HU. */
  readonly noise?: number;
  readonly smoothing?: MapsParameters['smoothing'];
  readonly inMask?: (x: number, y: number, z: number) => boolean;
}

const BASELINE: readonly [number, number] = [1, 6];

/** Tissue of random flow, transit time and delay (some before the artery), in the signal of CT or MR. */
function caseOf(
  random: Random,
  { dimensions, timePoints, signal = CT, voxels = 'int16', noise = 1, smoothing = NO_SMOOTHING, inMask }: CaseOptions,
) {
  const [nx, ny, nz] = dimensions;
  const intervalS = 1.5;
  const times = sampleTimes(timePoints * intervalS, intervalS);
  const peak = signal === CT ? 300 : 40;
  const aif = gammaVariate(times, { arrivalS: 10, shape: 3, scaleS: 1.5, peak });
  const length = nx * ny;
  const values = new Float64Array(length * timePoints * nz);
  const mask = new Uint8Array(length * nz);
  for (let voxel = 0; voxel < length * nz; voxel++) {
    const [z, pixel] = [Math.floor(voxel / length), voxel % length];
    mask[voxel] = !inMask || inMask(pixel % nx, Math.floor(pixel / nx), z) ? 1 : 0;
    const delayS = -4 + 12 * random();
    const tissue = gammaVariate(times, {
      arrivalS: 10 + delayS,
      shape: 2.5 + random(),
      scaleS: 1.6 + 2 * random(),
      peak: peak * (0.01 + 0.07 * random()),
    });
    for (let t = 0; t < timePoints; t++) {
      const normal = random() + random() + random() + random() - 2; // SD 0.58
      const contrast = tissue[t]! + (noise * normal * peak) / 300 / 0.58;
      const value = signal.kind === 'attenuation' ? 35 + contrast : 900 * Math.exp(-signal.echoTimeS * contrast);
      values[(z * timePoints + t) * length + pixel] = mask[voxel] === 1 ? value : 3000 * random() - 1000;
    }
  }
  const stored = voxels === 'int16' ? Int16Array.from(values, Math.round) : Float32Array.from(values);
  const volume = { voxels: stored, dimensions: [nx, ny * timePoints, nz] as const };
  const parameters: Omit<MapsParameters, 'method'> = {
    timePoints,
    intervalS,
    signal,
    baseline: BASELINE,
    smoothing,
    mask,
    aif,
    constants: ABSOLUTE_CONSTANTS,
  };
  return { volume, parameters };
}

const disc = (x: number, y: number) => (x - 10) ** 2 + (y - 9) ** 2 < 60 && !(x > 8 && x < 12 && y > 6 && y < 9);
const smoothing = smoothingWeights({ temporalSigmaS: 0, spatialSigmaMm: 1.6 }, 1.5, [1, 0.8]);
const alsoOverTime = smoothingWeights({ temporalSigmaS: 1.5, spatialSigmaMm: 0 }, 1.5, [1, 1]);

/** The same maps by every producer. */
export const equality = equalitySuite({
  kernel: mapsKernel,
  twin: mapsOfVolume,
  *cases(random) {
    const jobs: readonly (readonly [string, CaseOptions])[] = [
      ['noise of 1 HU', { dimensions: [21, 9, 2], timePoints: 40 }],
      [
        'an odd number of time points, without noise',
        { dimensions: [5, 7, 3], timePoints: 33, noise: 0, voxels: 'float32' },
      ],
      ['a mask with a hole, smoothed', { dimensions: [21, 18, 2], timePoints: 26, noise: 3, smoothing, inMask: disc }],
      ['smoothed over time', { dimensions: [17, 9, 1], timePoints: 30, smoothing: alsoOverTime, voxels: 'float32' }],
      ['MR', { dimensions: [12, 11, 2], timePoints: 31, signal: MR, smoothing }],
      ['one voxel per slice', { dimensions: [9, 9, 3], timePoints: 20, inMask: (x, y, z) => x === y && x === z }],
      ['an empty slice', { dimensions: [8, 8, 3], timePoints: 20, inMask: (_x, _y, z) => z !== 1 }],
    ];
    for (const [name, options] of jobs) {
      const { volume, parameters } = caseOf(random, options);
      for (const method of DECONVOLUTION_METHODS) {
        const all = { ...parameters, method: defaultMethod(method, parameters.intervalS) };
        const producers = method === 'osvd' ? (['wasm', 'ts'] as const) : undefined;
        yield { name: `${method}, ${name}`, volume, parameters: all, ...(producers && { producers }) };
      }
    }
    const broken = caseOf(random, { dimensions: [16, 8, 1], timePoints: 24, signal: MR, voxels: 'float32' });
    const { voxels } = broken.volume;
    for (const [index, value] of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].entries()) {
      voxels[(3 + 5 * index) * 128 + 17 * index] = value;
    }
    for (let t = 0; t < 24; t++) [voxels[t * 128 + 60], voxels[t * 128 + 61], voxels[t * 128 + 62]] = [0, -5, 700];
    voxels[9 * 128 + 70] = -20;
    const csvd = defaultMethod('csvd', 1.5);
    yield {
      name: 'values that are no signal',
      ...broken,
      parameters: { ...broken.parameters, method: csvd, smoothing },
    };
    const large = caseOf(random, { dimensions: [32, 24, 3], timePoints: 24, smoothing });
    yield { name: 'large', ...large, parameters: { ...large.parameters, method: defaultMethod('lr', 1.5) } };
  },
  difference: differenceOfMaps,
});

/** How maps differ from the twin's by more than rounding explains, in words, or null. */
export function differenceOfMaps(answer: PerfusionMaps, twin: PerfusionMaps): string | null {
  for (const name of PERFUSION_MAPS) {
    const [mine, truth] = [answer[name], twin[name]];
    if (mine.length !== truth.length) return `${name} has ${mine.length} values, not ${truth.length}`;
    const largest = truth.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
    const isTime = name === 'Tmax' || name === 'TTP';
    const isClose = (value: number, expected: number) =>
      Number.isNaN(expected)
        ? Number.isNaN(value)
        : Math.abs(value - expected) <= TOLERANCE * (isTime ? 1 : Math.max(Math.abs(expected), SMALL * largest));
    const different = truth.reduce((count, value, voxel) => count + (isClose(mine[voxel]!, value) ? 0 : 1), 0);
    if (different <= (isTime ? OTHER_INDEX * truth.length : 0)) continue;
    const voxel = truth.findIndex((value, i) => !isClose(mine[i]!, value));
    return `${name} differs in ${different} of ${truth.length} voxels: voxel ${voxel} is ${mine[voxel]}, not ${truth[voxel]}`;
  }
  return null;
}
