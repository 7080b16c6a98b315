import type { VoxelVolume } from '../volume.ts';
import { releaseFromGpu } from '../webgl2/shared-device.ts';
import { type Cost, costOf, leastCostOf, type TimedRun } from './cost.ts';
import type { Kernel, Producer, RunMeasurement } from './kernel.ts';
import { middleOf } from './sample.ts';

/** Samples that are timed, smallest first. Each next one is timed only if it should fit the time that is left. */
const SAMPLE_BYTES = [1 << 16, 1 << 20, 1 << 22] as const;
export const LARGEST_SAMPLE_BYTES = SAMPLE_BYTES[2];

/**
 * Times a producer on samples of growing size, as far as `shareMs` goes. Compiling is not counted.
 * @returns what it should and what it may at least cost, or null where the job cannot be cut
 */
export async function timeProducer<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  producer: Producer,
  volume: VoxelVolume,
  parameters: Parameters,
  shareMs: number,
): Promise<{ readonly cost: Cost; readonly least: Cost; readonly spentMs: number } | null> {
  const implementation = kernel.producers[producer]!;
  const onDevice = producer === 'webgl2';
  let small: TimedRun | null = null;
  let large: TimedRun | null = null;
  let spentMs = 0;
  for (const maximumBytes of SAMPLE_BYTES) {
    const sample = kernel.sample
      ? kernel.sample(volume, parameters, maximumBytes)
      : { volume: middleOf(volume, maximumBytes), parameters };
    if (!sample) break;
    const bytes = sample.volume.voxels.byteLength;
    if (large && bytes <= large.bytes) break; // the volume has no more
    if (large && spentMs + expectedMs(small ?? large, large, bytes) > shareMs) break;
    try {
      if (!large) {
        await implementation.prepare?.();
        await implementation.run(sample.volume, sample.parameters); // compiles
        releaseFromGpu(sample.volume);
      }
      const run = (measurement: RunMeasurement) => implementation.run(sample.volume, sample.parameters, measurement);
      const first = await timeRun(bytes, onDevice, run); // uploads
      const second = await timeRun(bytes, onDevice, run);
      spentMs += first.runMs + first.uploadMs + second.runMs + second.uploadMs;
      small = large;
      large = { ...(first.runMs < second.runMs ? first : second), uploadMs: first.uploadMs };
    } finally {
      releaseFromGpu(sample.volume);
    }
  }
  return large && { cost: costOf(small ?? large, large), least: leastCostOf(small ?? large, large), spentMs };
}

/** Time of both runs and the upload of a next sample, by what is known so far. */
function expectedMs(small: TimedRun, large: TimedRun, bytes: number): number {
  const { fixedMs, msPerMegabyte, uploadMsPerMegabyte } = costOf(small, large);
  return 2 * (fixedMs + (msPerMegabyte * bytes) / 1e6) + large.uploadMs + (uploadMsPerMegabyte * bytes) / 1e6;
}

async function timeRun(
  bytes: number,
  onDevice: boolean,
  run: (measurement: RunMeasurement) => unknown,
): Promise<TimedRun> {
  const measurement: RunMeasurement = {};
  const started = performance.now();
  await run(measurement);
  const { uploadMs = 0, computeMs, clock } = measurement;
  const runMs = performance.now() - started - uploadMs;
  return {
    bytes,
    runMs,
    uploadMs,
    deviceMs: clock === 'device' && computeMs !== undefined ? computeMs : null,
    onDevice,
  };
}
