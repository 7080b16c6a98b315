import { BudgetExceededError } from './errors.ts';

/** Frees something that is kept but not in use. Returns false when nothing is left to free. */
export type Evictor = () => boolean;

/**
 * GPU memory cannot be queried, so every byte is counted here. Up to `budgetBytes` are kept for reuse; an operation under
 * way may go beyond that up to `limitBytes`, after everything idle was given up.
 */
export class MemoryBudget {
  readonly budgetBytes: number;
  readonly limitBytes: number;
  private held = 0;
  private peak = 0;
  private readonly evictors: Evictor[] = [];

  /** @throws RangeError when one of them is no positive number */
  constructor(budgetBytes: number, limitBytes: number) {
    assertGpuMemory({ budgetBytes, operationLimitBytes: limitBytes });
    this.budgetBytes = Math.min(budgetBytes, limitBytes);
    this.limitBytes = limitBytes;
  }

  get heldBytes(): number {
    return this.held;
  }

  /** Most bytes held at a time since `startPeak`. */
  get peakBytes(): number {
    return this.peak;
  }

  startPeak(): void {
    this.peak = this.held;
  }

  /** Evictors are asked in the order in which they were added: cheapest to make again first. */
  addEvictor(evictor: Evictor): void {
    this.evictors.push(evictor);
  }

  /** @throws BudgetExceededError when the bytes do not fit even with nothing idle kept */
  reserve(bytes: number): void {
    this.evictDownTo(this.budgetBytes - bytes);
    if (this.held + bytes > this.limitBytes) throw new BudgetExceededError(bytes, this.held, this.limitBytes);
    this.held += bytes;
    this.peak = Math.max(this.peak, this.held);
  }

  release(bytes: number): void {
    this.held -= bytes;
  }

  /** After an operation that went beyond the budget: back under it. */
  trim(): void {
    this.evictDownTo(this.budgetBytes);
  }

  /** Nothing is held any more: the context was lost. */
  reset(): void {
    this.held = 0;
  }

  private evictDownTo(bytes: number): void {
    for (const evict of this.evictors) {
      while (this.held > bytes && evict());
    }
  }
}

/** @throws RangeError when one of the limits is no positive number of bytes */
export function assertGpuMemory(limits: {
  readonly budgetBytes?: number;
  readonly operationLimitBytes?: number;
}): void {
  for (const [name, bytes] of Object.entries(limits)) {
    if (bytes === undefined || bytes > 0) continue;
    throw new RangeError(`${name} of the GPU memory is a positive number of bytes; ${bytes} cannot be.`);
  }
}
