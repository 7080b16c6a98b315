import { thresholdMaskKernel } from '../kernels/threshold-mask/index.ts';
import type { VoxelVolume } from '../volume.ts';
import type { Kernel } from './kernel.ts';

export function sumOf({ voxels }: VoxelVolume): number {
  let sum = 0;
  for (const value of voxels) sum += value;
  return sum;
}

/** Sum of the voxels plus a number: the smallest kernel there is. */
export const sumKernel: Kernel<{ readonly plus: number }, number> = {
  name: 'test.sum',
  producers: { ts: { run: (volume, { plus }) => sumOf(volume) + plus } },
};

export interface InterruptedParameters {
  /** [0] counts the attempts. Shared with the test, so that it sees a run under way and outlives a worker. */
  readonly attempts: Int32Array;
  /** Attempts that do not answer. */
  readonly failing: number;
  readonly by: 'blocking' | 'exiting' | 'throwing outside';
}

/** A sum whose first attempts never answer: they block the thread, end it, or throw where nobody catches. */
export const interruptedKernel: Kernel<InterruptedParameters, number> = {
  name: 'test.interrupted',
  producers: {
    ts: {
      run: (volume, { attempts, failing, by }) => {
        const earlier = Atomics.add(attempts, 0, 1);
        Atomics.notify(attempts, 0);
        if (earlier >= failing) return sumOf(volume);
        if (by === 'blocking') Atomics.wait(attempts, 1, 0);
        if (by === 'exiting') process.exit(3);
        setTimeout(() => {
          throw new Error('thrown outside of any run');
        });
        return new Promise<number>(() => {});
      },
    },
  },
};

/** A sum whose WASM producer ends every worker that runs it. */
export const fragileKernel: Kernel<null, number> = {
  name: 'test.fragile',
  producers: {
    ts: { run: sumOf },
    wasm: { run: () => process.exit(3) },
  },
};

/** The same, and it can be computed on slabs. */
export const fragileSlabKernel: Kernel<null, number> = {
  ...fragileKernel,
  name: 'test.fragile-slabs',
  slabs: { merge: parts => parts.reduce((sum, { output }) => sum + output, 0) },
};

/** Slabs of sums whose merge ends every worker. */
export const fragileMergeKernel: Kernel<null, Float64Array> = {
  name: 'test.fragile-merge',
  producers: { ts: { run: volume => Float64Array.of(sumOf(volume)) } },
  transferables: sums => [sums.buffer],
  slabs: { merge: () => process.exit(3) },
};

const PREPARING_MS = 250;
let isPrepared = false;

/** A fast sum of which something has to be done once per thread, as compiling, and as finding the best producer. */
export const preparedKernel: Kernel<null, number> = {
  name: 'test.prepared',
  producers: {
    ts: {
      prepare: async () => {
        if (!isPrepared) await new Promise(resolve => setTimeout(resolve, PREPARING_MS));
        isPrepared = true;
      },
      run: sumOf,
    },
  },
  slabs: { merge: parts => parts.reduce((sum, { output }) => sum + output, 0) },
};

export interface SteppingParameters {
  readonly steps: number;
  readonly stepMs: number;
  /** [0] counts the steps. Shared with the test. */
  readonly counter?: Int32Array;
}

/** A sum that takes its time, and listens between steps. */
export const steppingKernel: Kernel<SteppingParameters, number> = {
  name: 'test.stepping',
  producers: {
    ts: {
      run: async (volume, { steps, stepMs, counter }, _, control) => {
        for (let step = 0; step < steps; step++) {
          await control?.step(step, steps);
          if (counter) Atomics.add(counter, 0, 1);
          const started = performance.now();
          while (performance.now() - started < stepMs);
        }
        return sumOf(volume);
      },
    },
  },
};

export interface SlabSumParameters {
  /** Only slices from this one on. */
  readonly fromSlice: number;
  /** What happens in workers other than the first. */
  readonly others?: 'exiting' | 'throwing' | 'blocking';
  /** A job that has to see everything. */
  readonly whole?: boolean;
}

/** Sums of slices, which can be computed in slabs. The output names the dimensions that were seen. */
export const slabSumKernel: Kernel<SlabSumParameters, Float64Array> = {
  name: 'test.slab-sums',
  producers: {
    ts: {
      run: ({ voxels, dimensions: [nx, ny, nz] }, { fromSlice, others }) => {
        if (others && fromSlice < 0) misbehave(others);
        return Float64Array.from({ length: nz }, (_, z) =>
          z < fromSlice
            ? 0
            : sumOf({ voxels: voxels.subarray(z * nx * ny, (z + 1) * nx * ny), dimensions: [nx, ny, 1] }),
        );
      },
    },
  },
  transferables: sums => [sums.buffer],
  slabs: {
    merge(parts, { dimensions: [, , nz] }) {
      const merged = new Float64Array(nz);
      for (const { output, firstSlice } of parts) merged.set(output, firstSlice);
      return merged;
    },
    // Negative in every slab but the first, when nothing is left out.
    parametersFor: (parameters, firstSlice) => ({ ...parameters, fromSlice: parameters.fromSlice - firstSlice }),
    canSplit: ({ whole }) => !whole,
  },
};

function misbehave(how: NonNullable<SlabSumParameters['others']>): void {
  if (how === 'exiting') process.exit(3);
  if (how === 'blocking') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error('not in this worker');
}

/** Fails in the ordinary way: by throwing. */
export const throwingKernel: Kernel<null, never> = {
  name: 'test.throwing',
  producers: {
    ts: {
      run: () => {
        throw new Error('the twin does not like this volume');
      },
    },
  },
};

/** Needs too much memory, as is only known where the voxels are. */
export const greedyKernel: Kernel<null, null> = {
  name: 'test.greedy',
  producers: { ts: { run: () => null } },
  neededBytes: ({ voxels }) => (voxels ? 2 ** 40 : 0),
};

/** Known to the page, not to the worker. */
export const unservedKernel: Kernel<null, null> = { name: 'test.unserved', producers: { ts: { run: () => null } } };

export const servedKernels = [
  thresholdMaskKernel,
  sumKernel,
  slabSumKernel,
  steppingKernel,
  interruptedKernel,
  fragileKernel,
  fragileSlabKernel,
  fragileMergeKernel,
  greedyKernel,
  preparedKernel,
  throwingKernel,
] as const;
