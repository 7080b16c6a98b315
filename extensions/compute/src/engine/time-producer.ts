import type { VoxelVolume } from '../volume.ts';
import { releaseFromGpu } from '../webgl2/shared-device.ts';
import type { Kernel, RunMeasurement } from './kernel.ts';
import { SAMPLE_RUNS, type SampleOrder } from './producer-choice.ts';
import type { TimedRun } from './producer-times.ts';
import type { RunControl } from './run-control.ts';
import { middleOf } from './sample.ts';

/** A sample that was timed. */
export interface TimedSample {
  /** The fastest run. */
  readonly run: TimedRun;
  /** All of them, the upload included. */
  readonly spentMs: number;
}

/**
 * Times a producer on a part of a volume.
 * @param isFirst whether there may be something to compile, which is done first and not counted
 * @returns null where the job cannot be cut
 */
export async function timeSample<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  { producer, bytes: maximumBytes }: SampleOrder,
  volume: VoxelVolume,
  parameters: Parameters,
  isFirst: boolean,
  control?: RunControl,
): Promise<TimedSample | null> {
  const implementation = kernel.producers[producer]!;
  const sample = kernel.sample
    ? kernel.sample(volume, parameters, maximumBytes)
    : { volume: middleOf(volume, maximumBytes), parameters };
  if (!sample) return null;
  // Listens to a cancellation; how far a sample is says nothing about the run.
  const listening = control && { ...control, step: () => control.step(0, 1) };
  const run = (on: VoxelVolume, measurement: RunMeasurement) =>
    implementation.run(on, sample.parameters, measurement, listening);
  const { byteLength: bytes } = sample.volume.voxels;
  const work = workOf(kernel, sample.volume, sample.parameters);
  if (isFirst) {
    await implementation.prepare?.();
    const another = { ...sample.volume }; // so that the timed volume is uploaded within its time
    try {
      await run(another, {});
    } finally {
      releaseFromGpu(another);
    }
  }
  try {
    const runs: TimedRun[] = [];
    for (let count = 0; count < SAMPLE_RUNS; count++) {
      const measurement: RunMeasurement = {};
      const started = performance.now();
      await run(sample.volume, measurement);
      const milliseconds = performance.now() - started;
      runs.push({ bytes, work, ...splitTime(implementation, milliseconds, measurement) });
    }
    const spentMs = runs.reduce((sum, { runMs, uploadMs }) => sum + runMs + uploadMs, 0);
    const runMs = Math.min(...runs.map(timed => timed.runMs));
    return { run: { ...runs[0]!, runMs }, spentMs }; // the first run is the one that uploads
  } finally {
    releaseFromGpu(sample.volume);
  }
}

/** A run's time without the upload, and that of the upload where it is made once per volume. */
export function splitTime(
  { isResident }: { isResident?(volume: VoxelVolume): boolean },
  milliseconds: number,
  { uploadMs = 0 }: RunMeasurement,
): Pick<TimedRun, 'runMs' | 'uploadMs'> {
  return isResident ? { runMs: milliseconds - uploadMs, uploadMs } : { runMs: milliseconds, uploadMs: 0 };
}

/** In megabytes of voxels, times the work per voxel. */
export function workOf<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
): number {
  return (volume.voxels.byteLength / 1e6) * workPerVoxelOf(kernel, volume, parameters);
}

export function workPerVoxelOf<Parameters, Output>(
  { workPerVoxel }: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
): number {
  const work = workPerVoxel?.(volume, parameters) ?? 1;
  return work > 0 ? work : Number.EPSILON; // a job of no work takes time, too
}
