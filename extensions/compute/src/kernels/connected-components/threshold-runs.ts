import type { Kernel, Producer, ProducerImplementation, RunMeasurement } from '../../engine/kernel.ts';
import type { BitMask } from '../../twins/bit-mask.ts';
import { estimateRunDensity } from '../../twins/run-density.ts';
import { type ValuedRuns, valuedRunsOfMask } from '../../twins/valued-runs.ts';
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

type ThresholdRunsProducer = ProducerImplementation<number, ValuedRuns>;

/** Runs at or above the threshold that is their only parameter. */
const PRODUCERS = {
  ts: {
    run: async (volume, threshold, measurement, control) =>
      runsOfMask(await thresholdMaskTs(volume, threshold, control), volume, measurement),
  },
  wasm: {
    unavailable: wasmUnavailable,
    prepare: runsModule,
    heldBytes,
    run: (volume, threshold, _, control) => {
      if (!isInt16Volume(volume)) throw new TypeError('The WASM threshold kernel reads Int16 volumes only.');
      return thresholdRunsWasm(volume, threshold, control);
    },
  },
  // The GPU packs the mask; reading the few voxels inside it back from the processor's copy is cheaper than sending them.
  webgl2: {
    ...thresholdMaskWebgl2,
    run: async (volume, threshold, measurement, control) =>
      runsOfMask(await thresholdMaskWebgl2.run(volume, { threshold }, measurement, control), volume, measurement),
  },
} satisfies Record<Producer, ThresholdRunsProducer>;

/**
 * Producers of a kernel that begins with the runs at or above a threshold: each finds the runs in its own way, and all
 * finish in the same way on the processor, in time that is proportional to the runs.
 */
export function producersFromRuns<Parameters, Output>(
  thresholdOf: (parameters: Parameters) => number,
  finish: (runs: ValuedRuns, volume: VoxelVolume, parameters: Parameters) => Output,
): Required<Kernel<Parameters, Output>['producers']> {
  const finishing = (producer: ThresholdRunsProducer): ProducerImplementation<Parameters, Output> => ({
    ...producer,
    run: async (volume, parameters, measurement, control) => {
      const runs = await producer.run(volume, thresholdOf(parameters), measurement, control);
      if (measurement) measurement.workBytes = (measurement.workBytes ?? 0) + runs.values.byteLength;
      return finish(runs, volume, parameters);
    },
  });
  return { ts: finishing(PRODUCERS.ts), wasm: finishing(PRODUCERS.wasm), webgl2: finishing(PRODUCERS.webgl2) };
}

function runsOfMask(mask: BitMask, { voxels }: VoxelVolume, measurement?: RunMeasurement): ValuedRuns {
  if (measurement) measurement.workBytes = mask.words.byteLength;
  return valuedRunsOfMask(mask, voxels);
}
