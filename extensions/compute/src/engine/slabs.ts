import type { Slab } from './messages.ts';

/** Whole slices for each of so many workers, as equal as can be; fewer slabs than workers where there are fewer slices. */
export function slabsOf(sliceCount: number, workers: number): Slab[] {
  const count = Math.min(workers, sliceCount);
  const first = (slab: number) => Math.floor((slab * sliceCount) / count);
  return Array.from({ length: count }, (_, slab) => ({
    firstSlice: first(slab),
    sliceCount: first(slab + 1) - first(slab),
  }));
}

/** Workers that leave a core to the page, so that it stays smooth. More than two have not been measured. */
export function defaultWorkers(cores = globalThis.navigator?.hardwareConcurrency ?? 1): number {
  return Math.max(1, Math.min(2, cores - 1));
}

/** @throws RangeError when there cannot be so many workers: slabs for a part of one would not cover the volume */
export function assertWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1) return;
  throw new RangeError(`workers is a whole number from 1 on; ${workers} cannot be.`);
}
