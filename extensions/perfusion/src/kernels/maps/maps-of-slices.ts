import { partOf, type RunControl, type VoxelVolume } from '@voxelwise/compute';
import type { PerfusionMaps } from '../../core/maps.ts';
import { trapezoidSum, valuesOfMeasures } from '../../core/perfusion-values.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import type { MapsModule } from './maps-module.ts';
import { BLOCK, paddedTimePoints, placeSliceCurves, type SliceCurves, slotOf } from './slice-curves.ts';
import { noiseOfSlice } from './slice-noise.ts';
import { emptyMaps, setVoxel } from './voxel-maps.ts';

/** Some blocks of curves in the memory of the module. */
export interface CurveBlocks {
  /** Address of the first one. */
  readonly curves: number;
  readonly blocks: number;
  /** Standard deviation of each curve's noise, where the method asks for it. */
  readonly noise: Float64Array | null;
}

/** What was measured of some curves, as lists of which every `stride`-th value counts. */
export interface Measured {
  readonly stride: number;
  /** trapezoidSum of the curve, and the frame of its first maximum. */
  readonly sums: Float32Array;
  readonly peaks: Float32Array;
  /** Largest value of the residue function, 1/s, and the index of its first sample. */
  readonly largest: Float32Array;
  readonly indices: Float32Array;
}

/** How a producer deconvolves curves. */
export interface BlockDeconvolution {
  /** Time of every sample of a residue function, s. */
  readonly timesS: Float64Array;
  /** Blocks between two steps of the run. */
  readonly blocksPerStep: number;
  measure(part: CurveBlocks): Measured | Promise<Measured>;
}

/** Of a slice's time, about so much goes into its curves; for the progress. */
const CURVES_PART = 0.3;

/** Maps of all slices, one after the other: their curves are made on the processor, for whatever deconvolves them. */
export async function mapsOfSlices(
  module: MapsModule,
  volume: VoxelVolume,
  parameters: MapsParameters,
  { timesS, blocksPerStep, measure }: BlockDeconvolution,
  control?: RunControl,
): Promise<PerfusionMaps> {
  const { timePoints, intervalS, baseline, aif, constants } = parameters;
  const [nx, rows, nz] = volume.dimensions;
  const frameLength = (nx * rows) / timePoints;
  const blockBytes = paddedTimePoints(timePoints) * BLOCK * Float32Array.BYTES_PER_ELEMENT;
  const curvesOf = placeSliceCurves(module, volume, parameters);
  const settings = { arterialSum: trapezoidSum(aif), intervalS, constants };
  const maps = emptyMaps(frameLength * nz);

  for (let z = 0; z < nz; z++) {
    const slice = await curvesOf(z, partOf(control, z / nz, (z + CURVES_PART) / nz));
    const noiseSd = parameters.method.name === 'lr' ? noiseOf(module, slice, parameters) : null;
    for (let block = 0; block < slice.blocks; block += blocksPerStep) {
      await control?.step(z + CURVES_PART + (1 - CURVES_PART) * (block / slice.blocks), nz);
      const first = block * BLOCK;
      const count = Math.min(blocksPerStep * BLOCK, slice.pixels.length - first);
      const noise = noiseSd?.subarray(first, first + count) ?? null;
      const curves = slice.address + block * blockBytes;
      const measured = await measure({ curves, blocks: Math.ceil(count / BLOCK), noise });
      for (let curve = 0, i = 0; curve < count; curve++, i += measured.stride) {
        const measures = {
          sum: measured.sums[i]!,
          peak: measured.peaks[i]!,
          largest: measured.largest[i]!,
          timeS: timesS[measured.indices[i]!]!,
        };
        const voxel = z * frameLength + slice.pixels[first + curve]!;
        setVoxel(maps, voxel, valuesOfMeasures(measures, baseline[1], settings));
      }
    }
  }
  return maps;
}

/** Standard deviation of the noise of every curve. */
function noiseOf(
  module: MapsModule,
  { pixels, blocks, address }: SliceCurves,
  { timePoints, baseline }: MapsParameters,
) {
  const blockValues = paddedTimePoints(timePoints) * BLOCK;
  const curves = module.view(address, blocks * blockValues);
  return noiseOfSlice(pixels.length, baseline, (curve, t) => curves[slotOf(curve, blockValues) + t * BLOCK]!);
}
