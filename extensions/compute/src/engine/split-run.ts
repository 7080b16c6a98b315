import type { VoxelVolume } from '../volume.ts';
import type { ExtraWorkers } from './extra-workers.ts';
import type { Kernel, KernelResult, RunOptions, RunReport, SlabOutput } from './kernel.ts';
import type { Slab, SlabRun, WorkerRunOptions } from './messages.ts';
import { slabsOf } from './slabs.ts';
import {
  type MakeMessage,
  type Message,
  type SendOptions,
  type WorkerLink,
  WorkerStoppedError,
} from './worker-link.ts';

/** A volume that the first worker holds. */
export interface ResidentVolume {
  /** Of this volume and no other, even one that is loaded under the same id. */
  readonly key: string;
  readonly dimensions: VoxelVolume['dimensions'];
}

export interface SplitJob<Parameters, Output> {
  readonly kernel: Kernel<Parameters, Output>;
  readonly volumeId: string;
  readonly volume: ResidentVolume;
  /** False as soon as another volume is on its way to the first worker under the same id. */
  readonly isCurrent: () => boolean;
  readonly parameters: Parameters;
  readonly options: Pick<RunOptions, 'signal' | 'onProgress'>;
  /** What the workers are told. */
  readonly asked: WorkerRunOptions;
}

let runs = 0;

/**
 * Computes a kernel on slabs, one per worker, at the same time. The first worker keeps the output of its own slab and
 * merges those of the others into it.
 * @returns also whether the workers were ready and free, so that the time is that of computing
 * @throws when anything went wrong in any worker; then nothing is kept
 */
export async function splitRun<Parameters, Output>(
  job: SplitJob<Parameters, Output>,
  main: WorkerLink,
  extras: ExtraWorkers,
): Promise<{ readonly result: KernelResult<Output>; readonly wasReady: boolean }> {
  const { kernel, volumeId, volume, parameters, options, asked } = job;
  const started = performance.now();
  const slabs = slabsOf(volume.dimensions[2], 1 + extras.count);
  const others = slabs.slice(1);
  const wasReady = main.isIdle && others.every((_, index) => extras.isReady(index, volume.key));
  const kept = `${volume.key}/${runs++}`;
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  options.signal?.addEventListener('abort', onAbort);
  if (options.signal?.aborted) onAbort();
  const progress = progressOfParts(slabs, options.onProgress);
  const sendOptions = (index: number): SendOptions => ({ signal: stop.signal, onProgress: progress(index) });
  const slabMessage = (holder: string, slab: SlabRun): MakeMessage =>
    askedOnce(() => ({
      request: { type: 'run', kernel: kernel.name, volumeId: holder, parameters, options: asked, slab },
    }));

  try {
    await Promise.all(
      others.map((slab, index) => extras.prepare(index, volumeId, volume.key, slab, volume.dimensions)),
    );
    const [own, ...answers] = await Promise.all([
      main.send(slabMessage(volumeId, { ...slabs[0]!, ofWhole: true, keepAs: kept }), sendOptions(0)),
      ...others.map((slab, index) =>
        extras.send(index, slabMessage(volume.key, { ...slab, ofWhole: false }), sendOptions(index + 1)),
      ),
    ]);
    if (!job.isCurrent()) throw new Error('the volume was replaced meanwhile'); // slabs of two volumes are no answer
    const parts = answers.map(({ output }, index) => ({
      output: output as Output,
      firstSlice: others[index]!.firstSlice,
    }));
    const merge = askedOnce(() => mergeMessage(job, kept, parts));
    const { output } = await main.send(merge, { signal: stop.signal });
    const reports = [own, ...answers].map(({ report }) => report!);
    const milliseconds = performance.now() - started;
    return { result: { output: output as Output, report: joinReports(reports, milliseconds) }, wasReady };
  } catch (error) {
    stop.abort();
    main.post(() => ({ request: { type: 'drop', kept } }));
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** Not asked of another worker when one stopped under it: with the worker its part of the answer is lost. */
function askedOnce(message: () => Message): MakeMessage {
  return ({ stopped }) => {
    if (stopped) throw new WorkerStoppedError(stopped, `the compute worker stopped (${stopped.reason})`);
    return message();
  };
}

/** Moves the other workers' parts to the first one. */
function mergeMessage<Parameters, Output>(
  { kernel, volume, parameters }: SplitJob<Parameters, Output>,
  kept: string,
  others: readonly SlabOutput<Output>[],
): Message {
  const transfer = others.flatMap(({ output }) => kernel.transferables?.(output) ?? []) as Transferable[];
  const { dimensions } = volume;
  return { request: { type: 'merge', kernel: kernel.name, kept, others, dimensions, parameters }, transfer };
}

/** Progress of the whole from that of the slabs. */
function progressOfParts(slabs: readonly Slab[], onProgress: RunOptions['onProgress']) {
  const slices = slabs.reduce((sum, { sliceCount }) => sum + sliceCount, 0);
  const done = slabs.map(() => 0);
  return (index: number) => (fraction: number) => {
    done[index] = (fraction * slabs[index]!.sliceCount) / slices;
    onProgress?.(done.reduce((sum, part) => sum + part, 0));
  };
}

function joinReports(reports: readonly RunReport[], milliseconds: number): RunReport {
  const [{ producer, deviceName, notes }] = reports as [RunReport];
  const sum = (part: (report: RunReport) => number | undefined) =>
    reports.reduce((total, report) => total + (part(report) ?? 0), 0);
  const ofOthers = reports.slice(1).flatMap((report, index) => {
    const other = report.producer === producer ? [] : [`computed by ${report.producer}`];
    return [...other, ...report.notes].map(note => `worker ${index + 2}: ${note}`);
  });
  return {
    producer,
    milliseconds,
    ...(deviceName !== undefined && { deviceName }),
    workers: reports.length,
    peakBytes: sum(({ peakBytes }) => peakBytes),
    gpuPeakBytes: sum(({ gpuPeakBytes }) => gpuPeakBytes),
    notes: [...notes, ...ofOthers],
  };
}
