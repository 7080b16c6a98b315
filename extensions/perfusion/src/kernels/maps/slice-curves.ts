import type { RunControl, VoxelArray, VoxelVolume } from '@voxelwise/compute';
import { LEAST_SIGNAL_RATIO } from '../../core/contrast/contrast-of-curve.ts';
import type { DynamicSignal } from '../../core/dynamic-volume.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { placeFrameSmoothing } from './frame-smoothing.ts';
import type { MapsModule } from './maps-module.ts';
import { type UsableVoxels, usableVoxels } from './usable-voxels.ts';

/** Voxels of a block of curves, see maps.wat. */
export const BLOCK = 16;
/** Values behind the curves that can be read: who copies them in rows copies the last one whole. */
const MARGIN = 1024;
/** Frames between two steps of a run. */
const FRAMES_PER_STEP = 8;

/** Contrast curves of a slice in the memory of the module, laid out as maps.wat says. */
export interface SliceCurves {
  /** Which pixel y * nx + x each curve is of. */
  readonly pixels: Int32Array;
  readonly blocks: number;
  /** Address of the curves. */
  readonly address: number;
}

/** Time points that a block has room for: even in number, the last one perhaps 0. */
export const paddedTimePoints = (timePoints: number) => timePoints + (timePoints % 2);

/** Where in the curves the first time point of a curve is. */
export const slotOf = (curve: number, blockValues: number) => (curve >> 4) * blockValues + (curve & 15);

/**
 * Places what the curves of slices need. The result makes those of one slice after the other: contrastOfSlice in float32, of
 * the voxels in the mask that have a contrast. Nothing more may be placed while it is in use.
 */
export function placeSliceCurves(
  module: MapsModule,
  { voxels, dimensions: [nx, rows, nz] }: VoxelVolume,
  parameters: MapsParameters,
): (z: number, control?: RunControl) => Promise<SliceCurves> {
  const { timePoints, signal, smoothing: weights, mask } = parameters;
  const ny = rows / timePoints;
  const frameLength = nx * ny;
  const blockValues = BLOCK * paddedTimePoints(timePoints);
  const smoothing = placeFrameSmoothing(module, nx, ny, weights);
  const address = module.place(Math.ceil(mostVoxels(mask, frameLength, nz) / BLOCK) * blockValues + MARGIN);

  return async (z, control) => {
    const slice = voxels.subarray(z * timePoints * frameLength, (z + 1) * timePoints * frameLength);
    const usable = usableVoxels(slice, mask.subarray(z * frameLength, (z + 1) * frameLength), parameters);
    const { pixels } = usable;
    const blocks = Math.ceil(pixels.length / BLOCK);
    const curves = module.view(address, blocks * blockValues).fill(0);
    const slots = pixels.map((_, curve) => slotOf(curve, blockValues));
    smoothing?.begin(pixels);
    for (let t = 0; t < timePoints; t++) {
      if (t % FRAMES_PER_STEP === 0) await control?.step(t, timePoints);
      const frame = slice.subarray(t * frameLength, (t + 1) * frameLength);
      const ofTime = curves.subarray(t * BLOCK);
      if (smoothing) {
        writeContrast(frame, usable, signal, smoothing.source, smoothing.sourceAt);
        smoothing.smooth();
        gather(smoothing.result, smoothing.resultAt, ofTime, slots);
      } else {
        writeContrast(frame, usable, signal, ofTime, slots);
      }
    }
    if (weights.time.length > 1) smoothOverTime(curves, slots, timePoints, weights.time);
    return { pixels, blocks, address };
  };
}

/** Voxels in the mask of the slice that has most. */
export function mostVoxels(mask: Uint8Array, frameLength: number, nz: number): number {
  let most = 0;
  for (let z = 0; z < nz; z++) {
    let count = 0;
    for (let i = z * frameLength; i < (z + 1) * frameLength; i++) if (mask[i] !== 0) count++;
    most = Math.max(most, count);
  }
  return most;
}

/** The contrast of a frame's voxels, written to their places. */
function writeContrast(
  frame: VoxelArray,
  { pixels, base }: UsableVoxels,
  signal: DynamicSignal,
  target: Float32Array,
  places: Int32Array,
): void {
  if (signal.kind === 'attenuation') {
    for (let k = 0; k < pixels.length; k++) target[places[k]!] = frame[pixels[k]!]! - base[k]!;
    return;
  }
  const factor = -1 / signal.echoTimeS;
  for (let k = 0; k < pixels.length; k++) {
    target[places[k]!] = factor * Math.log(Math.max(frame[pixels[k]!]! / base[k]!, LEAST_SIGNAL_RATIO));
  }
}

function gather(source: Float32Array, from: Int32Array, target: Float32Array, to: Int32Array): void {
  for (let k = 0; k < from.length; k++) target[to[k]!] = source[from[k]!]!;
}

/** As smoothInSteps does it. */
function smoothOverTime(curves: Float32Array, slots: Int32Array, timePoints: number, weights: readonly number[]): void {
  const reach = (weights.length - 1) / 2;
  const values = new Float64Array(timePoints);
  for (const slot of slots) {
    for (let t = 0; t < timePoints; t++) values[t] = curves[slot + t * BLOCK]!;
    for (let t = 0; t < timePoints; t++) {
      const end = Math.min(timePoints - 1, t + reach);
      let [sum, support] = [0, 0];
      for (let from = Math.max(0, t - reach); from <= end; from++) {
        const weight = weights[from - t + reach]!;
        sum += weight * values[from]!;
        support += weight;
      }
      curves[slot + t * BLOCK] = sum / support;
    }
  }
}
