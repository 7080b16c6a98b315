import type { Producer } from './kernel.ts';
import type { Stop } from './worker-link.ts';

/**
 * Producers that were computing when a worker stopped. They go last for the rest of the session: whoever has waited a minute
 * for a GPU that hangs should not wait again. The twin is always last, and not remembered.
 */
export class StoppedProducers {
  private readonly stopped = new Set<string>();

  learn(kernelName: string, { producer }: Stop): void {
    if (producer && producer !== 'ts') this.stopped.add(keyOf(kernelName, producer));
  }

  of(kernelName: string): Producer[] {
    return (['webgl2', 'wasm'] as const).filter(producer => this.stopped.has(keyOf(kernelName, producer)));
  }
}

/** A GPU is the same for all kernels; on the processor it is the kernel's own code that went wrong. */
const keyOf = (kernelName: string, producer: Producer) =>
  producer === 'webgl2' ? producer : `${kernelName}/${producer}`;
