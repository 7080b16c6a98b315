import type { VoxelVolume } from '../volume.ts';

/** How a kernel can be computed. Every kernel has 'ts', its twin and the truth. */
export type Producer = 'webgl2' | 'wasm' | 'ts';

/** Fastest first. The engine takes the first producer that a kernel has and that can run here. */
export const PRODUCER_ORDER: readonly Producer[] = ['webgl2', 'wasm', 'ts'];

export interface ProducerImplementation<Parameters, Output> {
  /** Why this producer cannot run this volume here, or null when it can. */
  unavailable?(volume: VoxelVolume): string | null;
  /** What is done once per thread, such as compiling; it is not part of the time that a run reports. */
  prepare?(): Promise<unknown>;
  run(volume: VoxelVolume, parameters: Parameters): Output | Promise<Output>;
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
}

/** What ran, for the panel, the report and the prediction record. */
export interface RunReport {
  readonly producer: Producer;
  readonly milliseconds: number;
  /** Why faster producers were passed over or failed, in plain words. Empty when the first choice ran. */
  readonly notes: readonly string[];
}

export interface KernelResult<Output> {
  readonly output: Output;
  readonly report: RunReport;
}

export interface RunOptions {
  /** Forces one producer; the run fails when it is not available. */
  readonly producer?: Producer;
}

/**
 * Runs a kernel on the first producer that can, and on the next when one fails while running.
 * @throws when a forced producer is missing, unavailable or fails, or when the twin itself fails.
 */
export async function runKernel<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
  { producer: forced }: RunOptions = {},
): Promise<KernelResult<Output>> {
  const notes: string[] = [];
  const candidates = forced ? [forced] : PRODUCER_ORDER.filter(producer => kernel.producers[producer]);
  for (const producer of candidates) {
    const implementation = kernel.producers[producer];
    const reason = implementation ? (implementation.unavailable?.(volume) ?? null) : 'this kernel does not have it';
    if (!implementation || reason) {
      notes.push(`${producer} not used: ${reason}`);
      continue;
    }
    try {
      await implementation.prepare?.();
      const started = performance.now();
      const output = await implementation.run(volume, parameters);
      return { output, report: { producer, milliseconds: performance.now() - started, notes } };
    } catch (error) {
      notes.push(`${producer} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`${kernel.name} could not be computed (${notes.join('; ')}).`);
}
