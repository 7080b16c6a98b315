import { GrowingArray } from '../growing-array.ts';

/** The runs of one chunk after the other. */
export class GatheredRuns {
  readonly start = new GrowingArray(Int32Array);
  readonly end = new GrowingArray(Int32Array);
  readonly values = new GrowingArray(Int16Array);
  readonly sum = new GrowingArray(Int32Array);
  readonly peak = new GrowingArray(Int16Array);

  /** The most that it has held at once since it was empty. */
  get peakBytes(): number {
    return this.arrays.reduce((bytes, array) => bytes + array.peakBytes, 0);
  }

  /** What giveBack keeps of it. */
  get keptBytes(): number {
    const bytes = this.arrays.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0);
    return bytes <= MOST_KEPT_BYTES ? bytes : 0;
  }

  clear(): void {
    for (const array of this.arrays) array.clear();
  }

  private get arrays() {
    return [this.start, this.end, this.values, this.sum, this.peak];
  }
}

const MOST_KEPT_BYTES = 64 << 20;
/** Of the last run in this thread: to touch memory that is new to the process takes about as long as to find the runs. */
let spare: GatheredRuns | undefined;

/** An empty one, until it is given back. */
export function borrowGathered(): GatheredRuns {
  const gathered = spare ?? new GatheredRuns();
  spare = undefined;
  return gathered;
}

export function giveBack(gathered: GatheredRuns): void {
  gathered.clear();
  if (gathered.keptBytes > 0) spare = gathered;
}

/** Bytes that this thread keeps for the next run. */
export const spareBytes = () => spare?.keptBytes ?? 0;
