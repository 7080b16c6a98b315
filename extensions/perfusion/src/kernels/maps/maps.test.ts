import { runKernel } from '@voxelwise/compute';
import { NO_SMOOTHING } from '../../core/contrast/smoothing.ts';
import { createDeconvolver } from '../../core/deconvolution/create-deconvolver.ts';
import { defaultMethod } from '../../core/deconvolution/default-method.ts';
import { ABSOLUTE_CONSTANTS, PERFUSION_MAPS, type PerfusionMaps } from '../../core/maps.ts';
import { perfusionValues, trapezoidSum } from '../../core/perfusion-values.ts';
import { delayGrid } from '../../core/phantoms/delay-grid.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { mapsKernel } from './index.ts';
import { mapsOfVolume } from './twin.ts';

const grid = delayGrid({ kind: 'exponential', mttS: 6 });
const { aif, intervalS } = grid;
const timePoints = aif.length;
const curves = grid.curves.map(({ curve }) => curve);
const BASELINE = [0, 5] as const;

/** A series of three slices whose voxels are curves of the delay grid, CT of 40 HU before the bolus. */
function series(nx = 8, ny = 6, nz = 3) {
  const voxels = new Float32Array(nx * ny * nz * timePoints);
  for (let voxel = 0; voxel < nx * ny * nz; voxel++) {
    const [z, pixel] = [Math.floor(voxel / (nx * ny)), voxel % (nx * ny)];
    const curve = curves[voxel % curves.length]!;
    for (let t = 0; t < timePoints; t++) voxels[(z * timePoints + t) * nx * ny + pixel] = 40 + curve[t]!;
  }
  const mask = Uint8Array.from({ length: nx * ny * nz }, (_, voxel) => (voxel % 5 === 3 ? 0 : 1));
  return { volume: { voxels, dimensions: [nx, ny * timePoints, nz] as const }, mask };
}

const parametersOf = (mask: Uint8Array, changed: Partial<MapsParameters> = {}): MapsParameters => ({
  timePoints,
  intervalS,
  signal: { kind: 'attenuation' },
  baseline: BASELINE,
  smoothing: NO_SMOOTHING,
  mask,
  aif,
  method: defaultMethod('csvd', intervalS),
  constants: ABSOLUTE_CONSTANTS,
  ...changed,
});

const part = (maps: PerfusionMaps, from: number, to?: number) => PERFUSION_MAPS.map(name => maps[name].slice(from, to));

test('every voxel has the values of its curve, and none outside the mask', () => {
  const { volume, mask } = series();
  const maps = mapsOfVolume(volume, parametersOf(mask));
  const deconvolver = createDeconvolver(aif, intervalS, defaultMethod('csvd', intervalS));
  const settings = { deconvolver, arterialSum: trapezoidSum(aif), intervalS, constants: ABSOLUTE_CONSTANTS };
  for (let voxel = 0; voxel < mask.length; voxel++) {
    if (mask[voxel] === 0) {
      for (const name of PERFUSION_MAPS) expect(maps[name][voxel]).toBeNaN();
      continue;
    }
    const input = { curve: curves[voxel % curves.length]!, noiseSd: 0, baselineEnd: BASELINE[1] };
    const { cbf, cbv, mttS, ttpS, tmaxS } = perfusionValues(input, settings);
    expect(maps.CBF[voxel]).toBeCloseTo(cbf, 3);
    expect(maps.CBV[voxel]).toBeCloseTo(cbv, 4);
    expect(maps.MTT[voxel]).toBeCloseTo(mttS, 4);
    expect(maps.TTP[voxel]).toBeCloseTo(ttpS, 6);
    expect(maps.Tmax[voxel]).toBeCloseTo(tmaxS, 6);
  }
});

test('a slab of slices gives what the whole gives there, and merged slabs are the whole', () => {
  const { volume, mask } = series();
  const parameters = parametersOf(mask, { method: defaultMethod('lr', intervalS) });
  const whole = mapsOfVolume(volume, parameters);
  const sliceValues = volume.dimensions[0] * volume.dimensions[1];
  const slab = (first: number, count: number) => ({
    firstSlice: first,
    output: mapsOfVolume(
      {
        voxels: volume.voxels.subarray(first * sliceValues, (first + count) * sliceValues),
        dimensions: [volume.dimensions[0], volume.dimensions[1], count],
      },
      mapsKernel.slabs!.parametersFor!(parameters, first, count),
    ),
  });
  const merged = mapsKernel.slabs!.merge([slab(0, 1), slab(1, 2)], volume, parameters);
  expect(part(merged, 0)).toEqual(part(whole, 0));
});

test.each([
  ['rows of the middle slice', 3, 48 + 8, 24],
  ['whole slices', 12, 0, 96],
])('a sample of %s gives what the whole gives there', (_, rows, from, count) => {
  const { volume, mask } = series();
  const parameters = parametersOf(mask);
  const maximumBytes = rows * 8 * timePoints * 4;
  const sample = mapsKernel.sample!(volume, parameters, maximumBytes)!;
  expect(sample.volume.voxels.byteLength).toBe(maximumBytes);
  const whole = mapsOfVolume(volume, parameters);
  expect(part(mapsOfVolume(sample.volume, sample.parameters), 0)).toEqual(part(whole, from, from + count));
});

test.each<[string, Partial<MapsParameters>, string]>([
  ['a mask of another size', { mask: new Uint8Array(3) }, 'The mask has 3 values, and the series 144 voxels'],
  [
    'an arterial input of another length',
    { aif: aif.slice(1) },
    `The arterial input has ${timePoints - 1} time points`,
  ],
  ['a constant arterial input', { aif: aif.map(() => 5) }, 'The arterial input is constant'],
  ['an interval of 0', { intervalS: 0 }, 'The sampling interval must be a positive number of seconds'],
  ['a baseline that is not in the series', { baseline: [0, 1000] }, 'The baseline holds at least one of the'],
  ['time points that do not fit the rows', { timePoints: 7 }, 'A series of 7 time points cannot have'],
  ['a truncation of everything', { method: { name: 'csvd', truncation: 1 } }, 'The truncation is from 0 to below 1'],
  ['no iterations', { method: { name: 'lr', maximumIterations: 0, noiseFactor: 2 } }, 'from 1 on; 0 cannot be'],
  ['no density', { constants: { hematocritFactor: 1, densityGPerMl: 0 } }, 'densityGPerMl is a positive number'],
])('refuses %s, by every producer', async (_, changed, message) => {
  const { volume, mask } = series();
  const parameters = parametersOf(mask, changed);
  for (const producer of ['ts', 'wasm'] as const) {
    await expect(runKernel(mapsKernel, volume, parameters, { producer })).rejects.toThrow(message);
  }
});

test("what a run needs beside the volume is within a run's limit for 512 x 512 x 16 x 60", () => {
  const parameters = parametersOf(new Uint8Array(512 * 512 * 16), { timePoints: 60 });
  const bytes = mapsKernel.neededBytes!({ dimensions: [512, 512 * 60, 16] }, parameters);
  const volumeBytes = 512 * 512 * 16 * 60 * 2;
  expect(bytes + volumeBytes).toBeLessThan(2e9);
  expect(bytes).toBeGreaterThan(512 * 512 * 16 * 5 * 4);
});
