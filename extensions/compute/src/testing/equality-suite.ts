import type { Engine } from '../engine/engine.ts';
import {
  type AnyKernel,
  type Kernel,
  PRODUCER_ORDER,
  type Producer,
  type RunOptions,
  type RunReport,
} from '../engine/kernel.ts';
import { abortError, isAbortError, type RunControl } from '../engine/run-control.ts';
import { runKernel } from '../engine/run-kernel.ts';
import type { VoxelVolume } from '../volume.ts';
import { type Random, seededRandom } from './random.ts';

export interface EqualityCase<Parameters> {
  /** What is special about it, for the failure's message. */
  readonly name: string;
  readonly volume: VoxelVolume;
  readonly parameters: Parameters;
  /** Producers that can run this case; all that the kernel has where this is missing. */
  readonly producers?: readonly Producer[];
}

/** What a kernel gives to be compared with its twin, in Node and in the browser. */
export interface EqualitySpec<Parameters, Output> {
  readonly kernel: Kernel<Parameters, Output>;
  /** The truth: plain functions, without producers and engine. */
  twin(volume: VoxelVolume, parameters: Parameters): Output;
  /** One of them at least is so large that every producer takes several steps. */
  cases(random: Random): Iterable<EqualityCase<Parameters>>;
  /** How an answer differs from the twin's, in words, or null when it is equal (or close enough, for floats). */
  difference(answer: Output, twin: Output): string | null;
}

/** What was compared: how many answers were equal, which producers gave them, and what was wrong with others. */
export interface EqualityOutcome {
  readonly checked: number;
  readonly ran: readonly Producer[];
  readonly problems: readonly string[];
}

/** A spec whose types are hidden, so that specs of different kernels fit one list. */
export interface EqualitySuite {
  readonly kernelName: string;
  readonly kernel: AnyKernel;
  readonly producers: readonly Producer[];
  /** Whether several workers can compute it on slabs. */
  readonly canSplit: boolean;
  /** Runs every case on an engine, with a producer that is forced or preferred. */
  check(options: Pick<RunOptions, 'producer' | 'prefer'>, engine: Engine): Promise<EqualityOutcome>;
  /** Runs a case of moderate size in this thread, for tests of what goes wrong in a run. */
  runOne(options: RunOptions): Promise<{
    readonly difference: string | null;
    readonly report: RunReport;
  }>;
  /** Runs the largest case in this thread, counts the steps, and cancels it at some of them: the first, the last, others. */
  cancelled(producer: Producer): Promise<{ readonly steps: number; readonly problems: readonly string[] }>;
}

const SEED = 20;
const MODERATE_VOXELS = 1000;
const MOST_CANCELLED_STEPS = 5;

export function equalitySuite<Parameters, Output>(spec: EqualitySpec<Parameters, Output>): EqualitySuite {
  const { kernel } = spec;
  const producers = PRODUCER_ORDER.filter(producer => kernel.producers[producer]);
  const casesOf = (asked: Producer | undefined) =>
    [...spec.cases(seededRandom(SEED))].filter(({ producers: able = producers }) => !asked || able.includes(asked));
  return {
    kernelName: kernel.name,
    kernel,
    producers,
    canSplit: kernel.slabs !== undefined,
    async check(options, engine) {
      const problems: string[] = [];
      const ran = new Set<Producer>();
      let checked = 0;
      for (const { name, volume, parameters } of casesOf(options.producer)) {
        // A copy: an engine in a worker takes the array away.
        await engine.loadVolume(name, () => ({ ...volume, voxels: volume.voxels.slice() }));
        const { output, report } = await engine.run(kernel, name, parameters, options);
        await engine.unloadVolume(name);
        ran.add(report.producer);
        const difference = spec.difference(output, spec.twin(volume, parameters));
        if (difference) problems.push(`${kernel.name}, ${report.producer}, ${name}: ${difference}`);
        else checked++;
      }
      return { checked, ran: [...ran], problems };
    },
    async runOne(options) {
      const able = casesOf(options.producer ?? options.prefer);
      const { volume, parameters } = able.find(one => one.volume.voxels.length >= MODERATE_VOXELS) ?? able[0]!;
      const { output, report } = await runKernel(kernel, { ...volume }, parameters, options);
      return { difference: spec.difference(output, spec.twin(volume, parameters)), report };
    },
    async cancelled(producer) {
      const implementation = kernel.producers[producer]!;
      const [largest] = casesOf(producer).sort((a, b) => b.volume.voxels.length - a.volume.voxels.length);
      const { volume, parameters } = largest!;
      await implementation.prepare?.();
      // A new object every time: one that is on the GPU already needs no steps to be uploaded.
      const run = async (control: RunControl) => implementation.run({ ...volume }, parameters, undefined, control);
      const problems: string[] = [];
      const counting = controlUntil(Number.POSITIVE_INFINITY);
      const difference = spec.difference(await run(counting.control), spec.twin(volume, parameters));
      if (difference) problems.push(difference);
      for (const last of spread(counting.steps(), MOST_CANCELLED_STEPS)) {
        const end = await run(controlUntil(last).control).then(() => 'it went on', isAbortError);
        if (end !== true) problems.push(`cancelled at step ${last}: ${end || 'another error'}`);
      }
      return { steps: counting.steps(), problems };
    },
  };
}

/** So many numbers from 1 to the last one, both included, or all of them. */
function spread(last: number, most: number): number[] {
  const count = Math.min(last, most);
  return Array.from({ length: count }, (_, i) => (count > 1 ? 1 + Math.round((i * (last - 1)) / (count - 1)) : 1));
}

/** A control whose run is cancelled when it takes this step. */
function controlUntil(last: number): { readonly control: RunControl; readonly steps: () => number } {
  let steps = 0;
  const control: RunControl = {
    signal: new AbortController().signal,
    waiting() {},
    async step() {
      if (++steps === last) throw abortError();
    },
  };
  return { control, steps: () => steps };
}
