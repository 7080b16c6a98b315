import { type Random, seededRandom } from '../twins/random.test-support.ts';
import type { VoxelVolume } from '../volume.ts';
import type { Engine } from './engine.ts';
import { type Kernel, PRODUCER_ORDER, type Producer } from './kernel.ts';

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
  cases(random: Random): Iterable<EqualityCase<Parameters>>;
  /** How an answer differs from the twin's, in words, or null when it is equal (or close enough, for floats). */
  difference(answer: Output, twin: Output): string | null;
}

/** A spec whose types are hidden, so that specs of different kernels fit one list. */
export interface EqualitySuite {
  readonly kernelName: string;
  readonly producers: readonly Producer[];
  /** Whether several workers can compute it on slabs. */
  readonly canSplit: boolean;
  /** Runs every case with one forced producer on an engine. Gives how many were equal, and what was not. */
  check(
    producer: Producer,
    engine: Engine,
  ): Promise<{ readonly checked: number; readonly problems: readonly string[] }>;
}

const SEED = 20;

export function equalitySuite<Parameters, Output>(spec: EqualitySpec<Parameters, Output>): EqualitySuite {
  const { kernel } = spec;
  const producers = PRODUCER_ORDER.filter(producer => kernel.producers[producer]);
  return {
    kernelName: kernel.name,
    producers,
    canSplit: kernel.slabs !== undefined,
    async check(producer, engine) {
      const problems: string[] = [];
      let checked = 0;
      for (const { name, volume, parameters, producers: able = producers } of spec.cases(seededRandom(SEED))) {
        if (!able.includes(producer)) continue;
        // A copy: an engine in a worker takes the array away.
        await engine.loadVolume(name, () => ({ ...volume, voxels: volume.voxels.slice() }));
        const { output } = await engine.run(kernel, name, parameters, { producer });
        await engine.unloadVolume(name);
        const difference = spec.difference(output, await kernel.producers.ts.run(volume, parameters));
        if (difference) problems.push(`${kernel.name}, ${producer}, ${name}: ${difference}`);
        else checked++;
      }
      return { checked, problems };
    },
  };
}
