import type { Kernel, Producer, ProducerImplementation, RunMeasurement } from '../../engine/kernel.ts';
import { RUN_LIMIT_BYTES } from '../../engine/limits.ts';
import { bufferBytes } from '../../engine/memory.ts';
import { partOf, type RunControl, takeSteps } from '../../engine/run-control.ts';
import type { BitMask } from '../../twins/bit-mask.ts';
import { estimateRunDensity, type RunDensity } from '../../twins/run-density.ts';
import { type ValuedRuns, valuedRunsOfMaskInSteps } from '../../twins/valued-runs.ts';
import { isInt16Volume, type VoxelVolume } from '../../volume.ts';
import { thresholdMaskTs } from '../threshold-mask/ts.ts';
import { thresholdMaskWebgl2 } from '../threshold-mask/webgl2.ts';
import { wasmUnavailable } from '../wasm-module.ts';
import { heldBytes, runsModule, thresholdRunsWasm } from './threshold-runs-wasm.ts';

/** Finding, joining and measuring a run takes about as long as reading so many voxels. */
const VOXELS_PER_RUN = 1000;

/** Work per voxel of a kernel that looks at the runs at or above a threshold: a dense mask takes many times a sparse one. */
export function workOfRuns({ voxels, dimensions: [width] }: VoxelVolume, threshold: number): number {
  return 1 + VOXELS_PER_RUN * estimateRunDensity(voxels, width, threshold).runs;
}

/**
 * Bytes that such a kernel takes beside the volume, as far as its voxels are at hand.
 * @param finishBytesPerRun of arrays that finishing makes, output included
 */
export function neededBytesOfRuns(
  { dimensions: [width, ny, nz], voxels }: Pick<VoxelVolume, 'dimensions'> & Partial<VoxelVolume>,
  threshold: number,
  finishBytesPerRun: number,
): number {
  const rowBytes = ny * nz * Int32Array.BYTES_PER_ELEMENT;
  if (!voxels) return rowBytes;
  const bytesAt = ({ runs, voxels: inside }: RunDensity) => {
    const runCount = runs * voxels.length;
    const valueBytes = inside * voxels.byteLength;
    // Arrays that grow are copied when they are full, so for a moment there is up to three times of what they hold.
    const finding = 3 * (runCount * RUN_BYTES + valueBytes);
    const finishing = runCount * (RUN_BYTES + finishBytesPerRun) + valueBytes;
    return Math.ceil(rowBytes + Math.max(finding, finishing));
  };
  // No mask of a volume this small can need too much, so nothing has to be looked at.
  const atMost = bytesAt({ runs: 0.5, voxels: 1 });
  return atMost <= RUN_LIMIT_BYTES ? atMost : bytesAt(estimateRunDensity(voxels, width, threshold, NEEDED_LOOKS));
}

/** Start, end, sum and peak. */
const RUN_BYTES = 3 * Int32Array.BYTES_PER_ELEMENT + Int16Array.BYTES_PER_ELEMENT;
/** Enough to know masks so dense that they matter to a few hundredths. */
const NEEDED_LOOKS = 1 << 14;
/** Finding runs goes up to this fraction of a run; on sparse masks it is nearly all, on noise much less. */
const FOUND_AT = 0.4;

type ThresholdRunsProducer = ProducerImplementation<number, ValuedRuns>;

/** Runs at or above the threshold that is their only parameter. */
const PRODUCERS = {
  ts: {
    run: async (volume, threshold, measurement, control) =>
      runsOfMask(await thresholdMaskTs(volume, threshold, partOf(control, 0, 0.5)), volume, measurement, control),
  },
  wasm: {
    unavailable: wasmUnavailable,
    prepare: runsModule,
    heldBytes,
    run: (volume, threshold, measurement, control) => {
      if (!isInt16Volume(volume)) throw new TypeError('The WASM threshold kernel reads Int16 volumes only.');
      return thresholdRunsWasm(volume, threshold, control, measurement);
    },
  },
  // The GPU packs the mask; reading the few voxels inside it back from the processor's copy is cheaper than sending them.
  webgl2: {
    ...thresholdMaskWebgl2,
    unavailable: (volume, threshold) => thresholdMaskWebgl2.unavailable?.(volume, { threshold }) ?? null,
    run: async (volume, threshold, measurement, control) => {
      const mask = await thresholdMaskWebgl2.run(volume, { threshold }, measurement, partOf(control, 0, 0.5));
      return runsOfMask(mask, volume, measurement, control);
    },
  },
} satisfies Record<Producer, ThresholdRunsProducer>;

/**
 * What follows when the runs are found. It takes steps of its own; in `measurement.workBytes` it adds what it makes
 * beside its output.
 */
export type FinishRuns<Parameters, Output> = (
  runs: ValuedRuns,
  volume: VoxelVolume,
  parameters: Parameters,
  control?: RunControl,
  measurement?: RunMeasurement,
) => Output | Promise<Output>;

/**
 * Producers of a kernel that begins with the runs at or above a threshold: each finds the runs in its own way, and all
 * finish in the same way on the processor, in time that is proportional to the runs.
 */
export function producersFromRuns<Parameters, Output>(
  thresholdOf: (parameters: Parameters) => number,
  finish: FinishRuns<Parameters, Output>,
): Required<Kernel<Parameters, Output>['producers']> {
  const finishing = (producer: ThresholdRunsProducer): ProducerImplementation<Parameters, Output> => ({
    ...producer,
    unavailable: (volume, parameters) => producer.unavailable?.(volume, thresholdOf(parameters)) ?? null,
    run: async (volume, parameters, measurement = {}, control) => {
      const runs = await producer.run(volume, thresholdOf(parameters), measurement, partOf(control, 0, FOUND_AT));
      const findingBytes = measurement.workBytes ?? 0;
      measurement.workBytes = 0;
      const output = await finish(runs, volume, parameters, partOf(control, FOUND_AT, 1), measurement);
      // The output may share arrays with the runs, and is counted by itself.
      const finishingBytes = bufferBytes([runs, output]) + measurement.workBytes;
      measurement.workBytes = Math.max(0, Math.max(findingBytes, finishingBytes) - bufferBytes(output));
      return output;
    },
  });
  return { ts: finishing(PRODUCERS.ts), wasm: finishing(PRODUCERS.wasm), webgl2: finishing(PRODUCERS.webgl2) };
}

async function runsOfMask(
  mask: BitMask,
  { voxels }: VoxelVolume,
  measurement?: RunMeasurement,
  control?: RunControl,
): Promise<ValuedRuns> {
  const runs = await takeSteps(valuedRunsOfMaskInSteps(mask, voxels), partOf(control, 0.5, 1));
  if (measurement) measurement.workBytes = mask.words.byteLength + bufferBytes(runs);
  return runs;
}
