import type { VoxelVolume } from '../volume.ts';
import type { OnProgress, RunControl } from './run-control.ts';

/** How a kernel can be computed. Every kernel has 'ts', its twin and the truth. */
export type Producer = 'webgl2' | 'wasm' | 'ts';

/**
 * Order without a measurement. WASM is always ahead of the twin; WebGL2 may be the fastest or, without a real GPU, the
 * slowest, so it is not the first choice until a calibration says so.
 */
export const PRODUCER_ORDER: readonly Producer[] = ['wasm', 'webgl2', 'ts'];

/** Where a run's time went, filled in by producers that can tell. */
export interface RunMeasurement {
  /** To the device. 0 when the volume was there already. */
  uploadMs?: number;
  computeMs?: number;
  readbackMs?: number;
  /** What told computing from reading back: the device's own clock, or waiting in steps of a few milliseconds. */
  clock?: 'device' | 'waiting';
  /** Bytes of arrays that the run made beside its output, such as masks between two stages, at their most. */
  workBytes?: number;
}

export interface ProducerImplementation<Parameters, Output> {
  /** False where the runtime can never have this producer, as a GPU in Node. It is passed over without a note. */
  supported?(): boolean;
  /** Why this producer cannot do this here, or null when it can. */
  unavailable?(volume: VoxelVolume, parameters: Parameters): string | null;
  /** What is done once per thread, such as compiling; it is not part of the time that a run reports. */
  prepare?(): Promise<unknown>;
  /** What computes, where that is not the processor. */
  deviceName?(): string | null;
  /**
   * Whether the volume is on this producer's device already, so that a run uploads nothing. Missing: every run takes along
   * what it needs.
   */
  isResident?(volume: VoxelVolume): boolean;
  /** Bytes that this producer keeps in this thread between runs, such as WebAssembly memory; they are never given back. */
  heldBytes?(): number;
  run(
    volume: VoxelVolume,
    parameters: Parameters,
    measurement?: RunMeasurement,
    control?: RunControl,
  ): Output | Promise<Output>;
}

/** A part of a volume on which a kernel's producers can be timed. */
export interface Sample<Parameters> {
  readonly volume: VoxelVolume;
  readonly parameters: Parameters;
}

/** The output of a part of a volume's slices, computed as if they were a volume of their own. */
export interface SlabOutput<Output> {
  readonly output: Output;
  /** Where the slab begins in the whole volume. */
  readonly firstSlice: number;
}

/** How a kernel is computed on slabs of whole slices, in several workers, and merged to exactly what the whole gives. */
export interface Slabs<Parameters, Output> {
  /** `parts` cover the volume, in order. Called in a worker. */
  merge(parts: readonly SlabOutput<Output>[], volume: Pick<VoxelVolume, 'dimensions'>, parameters: Parameters): Output;
  /** Parameters for a slab. Missing: the same as for the whole volume. */
  parametersFor?(parameters: Parameters, firstSlice: number, sliceCount: number): Parameters;
  /** False where a job with these parameters has to see the whole volume. Missing: never. */
  canSplit?(parameters: Parameters): boolean;
}

/** A computation on a volume, with one implementation per producer. All of them give equal answers. */
export interface Kernel<Parameters, Output> {
  /** Unique, with its extension first: 'calcium.lesions'. */
  readonly name: string;
  readonly producers: { readonly ts: ProducerImplementation<Parameters, Output> } & {
    readonly [producer in Producer]?: ProducerImplementation<Parameters, Output>;
  };
  /** Buffers of an output that may be moved, not copied, to another thread. */
  transferables?(output: Output): ArrayBufferLike[];
  /**
   * A part of at most this many bytes, with parameters that fit it, on which producers are timed. Where this is missing,
   * whole rows or slices are cut from the middle and the parameters stay as they are. Null: this job cannot be cut.
   */
  sample?(volume: VoxelVolume, parameters: Parameters, maximumBytes: number): Sample<Parameters> | null;
  /**
   * How much has to be done per voxel, in any unit: taps of a filter, or one more for every voxel of which something is
   * done. Times of one job say nothing about a job of other parameters without it. Called before every run that chooses
   * its producer, so it looks at a few voxels at most. Missing: always as much.
   */
  workPerVoxel?(volume: VoxelVolume, parameters: Parameters): number;
  /** Where this is missing, the kernel is always computed on the whole volume by one worker. */
  readonly slabs?: Slabs<Parameters, Output>;
  /**
   * Bytes that a run takes beside the volume, output included, so that one that cannot be is refused before it begins. It
   * is asked twice: by a page that does not have the voxels any more, for what is certain without them, and where they are.
   */
  neededBytes?(volume: Pick<VoxelVolume, 'dimensions'> & Partial<VoxelVolume>, parameters: Parameters): number;
}

/** A kernel in a list of kernels of different shapes. Each is only ever called with the parameters its caller typed. */
// biome-ignore lint/suspicious/noExplicitAny: variance of the parameters cannot be expressed for a mixed list
export type AnyKernel = Kernel<any, any>;

/** What ran, for the panel, the report and the prediction record. */
export interface RunReport extends Readonly<RunMeasurement> {
  readonly producer: Producer;
  readonly milliseconds: number;
  /** The GPU by name, or 'CPU'. */
  readonly deviceName?: string;
  /** How many workers computed it; missing where the calling thread did. */
  readonly workers?: number;
  /** Most memory that the engine knows of while this ran, in bytes; memory.ts says what is counted. */
  readonly peakBytes?: number;
  /** The part of it on the GPU. */
  readonly gpuPeakBytes?: number;
  /** Why other producers were passed over or failed, in plain words. Empty when the first choice ran. */
  readonly notes: readonly string[];
}

export interface KernelResult<Output> {
  readonly output: Output;
  readonly report: RunReport;
}

export interface RunOptions {
  /** Cancels the run: it is rejected with an AbortError, and its result is never given. */
  readonly signal?: AbortSignal;
  /** Told from 0 to 1, never less than before, about every 100 ms; not at all by short runs. */
  readonly onProgress?: OnProgress;
  /** Forces one producer; the run fails when it is not available. */
  readonly producer?: Producer;
  /** Tries this producer first, and the others when it is not available or fails. */
  readonly prefer?: Producer;
}

/** What an engine adds to the options of a run. */
export interface EngineRunOptions extends RunOptions {
  /** Producers that have stopped a worker: they go last, and are not preferred. */
  readonly distrusted?: readonly Producer[];
  /** Told which producer is about to compute, also where that is only timed, so that it is known which one never came back. */
  readonly onProducer?: (producer: Producer) => void;
}
