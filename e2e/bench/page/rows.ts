import type { Timing } from '../statistics.ts';
import type { AnswerSize, Job } from './answers.ts';
import type { Contender, RunFacts } from './contenders/contender.ts';

/** What came of one contender: a time only where its answer equals the twins'. */
export type Outcome =
  | {
      readonly status: 'measured';
      readonly timing: Timing;
      /** A copy of the volume in ordinary memory. */
      readonly floor: Timing;
      /** A copy of the volume out of shared memory, where the contender's workers share it. */
      readonly sharedFloor?: Timing;
      readonly answer: AnswerSize;
    }
  | { readonly status: 'wrong' | 'unavailable' | 'out of memory' | 'failed' | 'cancelled'; readonly reason: string };

/** Running out of memory is a result, in whatever words an engine or a library says it. */
export function failureOf(error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  const isTooLarge = error instanceof Error && error.name === 'TooLargeError';
  const isMemory =
    isTooLarge ||
    /allocation failed|out of memory|invalid (typed )?array (buffer )?length|could not allocate/i.test(reason);
  return { status: isMemory ? 'out of memory' : 'failed', reason };
}

/** Memory of the browser's processes, as far as somebody outside of the page measured it. */
export interface ProcessMemory {
  /** Resident memory of the page's process before the contender began: the volume and the floor's copy are in it. */
  readonly beforeBytes: number;
  /** The most that this process and the GPU process had beyond that. */
  readonly peakAboveBytes: number;
}

/** Which contender a row is about. */
export interface ContenderFacts {
  readonly id: string;
  readonly job: Job;
  readonly name: string;
  readonly note: string;
  readonly isPeer: boolean;
  /** Of a peer. */
  readonly version?: string;
}

/** A row of the table. */
export type Row = ContenderFacts & { readonly facts?: RunFacts; readonly memory?: ProcessMemory } & Outcome;

export function contenderFacts({ id, job, name, note, peer }: Contender, version?: string): ContenderFacts {
  return { id, job, name, note, isPeer: peer !== undefined, ...(version && { version }) };
}

/** What a run leaves behind, as JSON. */
export interface BenchReport {
  readonly format: 'voxelwise-bench-1';
  readonly date: string;
  readonly machine: Machine;
  readonly dimensions: readonly [number, number, number];
  readonly thresholdHu: number;
  readonly rows: readonly Row[];
}

export interface Machine {
  readonly browser: string;
  readonly gpu: string;
  readonly cores: number;
  readonly isolated: boolean;
  /** Only the command knows it. */
  readonly processor?: string;
}
