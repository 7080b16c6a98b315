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

/** Known to the page, not to the worker. */
export const unservedKernel: Kernel<null, null> = { name: 'test.unserved', producers: { ts: { run: () => null } } };

export const servedKernels = [thresholdMaskKernel, sumKernel, interruptedKernel, throwingKernel] as const;
