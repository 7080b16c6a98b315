import type { VoxelVolume } from '../volume.ts';
import type { Calibration } from './calibration.ts';
import {
  type Kernel,
  type KernelResult,
  PRODUCER_ORDER,
  type Producer,
  type RunMeasurement,
  type RunOptions,
} from './kernel.ts';
import { assertRunSize } from './limits.ts';
import { watchMemory } from './memory.ts';
import { messageOf } from './message-of.ts';
import { abortError, createRunControl } from './run-control.ts';

/**
 * Runs a kernel on the producer that the calibration puts first, or without one the first in order that can, and on the
 * next when one fails while running.
 * @throws TooLargeError when the run needs more memory than one may take
 * @throws AbortError when it was cancelled
 * @throws when a forced producer is missing, unavailable or fails, or when the twin itself fails.
 */
export async function runKernel<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
  { producer: forced, prefer, signal, onProgress }: RunOptions = {},
  calibration?: Calibration,
): Promise<KernelResult<Output>> {
  assertRunSize(kernel, volume, parameters);
  const control = createRunControl({ signal, onProgress });
  const notes: string[] = [];
  const isUsable = (producer: Producer): boolean => {
    const implementation = kernel.producers[producer];
    const reason = implementation ? (implementation.unavailable?.(volume) ?? null) : 'this kernel does not have it';
    if (reason) notes.push(`${producer} not used: ${reason}`);
    return !reason;
  };

  let candidates = forced ? [forced] : producersOf(kernel);
  if (prefer && candidates.includes(prefer)) {
    candidates = [prefer, ...candidates.filter(producer => producer !== prefer)];
  } else if (!forced && calibration) {
    candidates = await calibration.order(kernel, volume, parameters, candidates.filter(isUsable), notes, control);
  }

  for (const producer of candidates) {
    const implementation = kernel.producers[producer];
    if (!isUsable(producer) || !implementation) continue;
    try {
      await implementation.prepare?.();
      const measurement: RunMeasurement = {};
      const memory = watchMemory();
      const started = performance.now();
      const output = await implementation.run(volume, parameters, measurement, control);
      if (control.signal.aborted) throw abortError();
      const milliseconds = performance.now() - started;
      const deviceName = implementation.deviceName?.() ?? 'CPU';
      const peak = memory.peak(kernel, volume, output, measurement);
      const report = { producer, milliseconds, ...measurement, ...peak, deviceName, notes };
      calibration?.observe(kernel, volume, parameters, report);
      return { output, report };
    } catch (error) {
      if (control.signal.aborted) throw abortError();
      notes.push(`${producer} failed: ${messageOf(error)}`);
    }
  }
  throw new Error(`${kernel.name} could not be computed (${notes.join('; ')}).`);
}

function producersOf<Parameters, Output>({ producers }: Kernel<Parameters, Output>): Producer[] {
  return PRODUCER_ORDER.filter(producer => producers[producer] && producers[producer].supported?.() !== false);
}
