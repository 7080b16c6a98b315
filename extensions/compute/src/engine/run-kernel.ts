import type { VoxelVolume } from '../volume.ts';
import type { Calibration } from './calibration.ts';
import {
  type EngineRunOptions,
  type Kernel,
  type KernelResult,
  PRODUCER_ORDER,
  type Producer,
  type ProducerImplementation,
  type RunMeasurement,
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
  asked: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
  { producer: forced, prefer, signal, onProgress, distrusted = [], onProducer }: EngineRunOptions = {},
  calibration?: Calibration,
): Promise<KernelResult<Output>> {
  const kernel = onProducer ? announcing(asked, onProducer) : asked;
  assertRunSize(kernel, volume, parameters);
  const control = createRunControl({ signal, onProgress });
  const notes: string[] = [];
  const isUsable = (producer: Producer): boolean => {
    const implementation = kernel.producers[producer];
    const reason = implementation
      ? (implementation.unavailable?.(volume, parameters) ?? null)
      : 'this kernel does not have it';
    if (reason) notes.push(`${producer} not used: ${reason}`);
    return !reason;
  };

  const isTrusted = (producer: Producer): boolean => {
    if (!distrusted.includes(producer)) return true;
    notes.push(`${producer} not used: it has stopped a worker before`);
    return false;
  };
  const own = producersOf(kernel);
  let candidates = forced ? [forced] : own;
  if (!forced) {
    if (prefer && !own.includes(prefer)) notes.push(`${prefer} not used: ${whyMissing(kernel, prefer)}`);
    const trusted = own.filter(isTrusted);
    const ordered =
      prefer && trusted.includes(prefer)
        ? [prefer, ...trusted.filter(producer => producer !== prefer)]
        : calibration
          ? await calibration.order(kernel, volume, parameters, trusted.filter(isUsable), notes, control)
          : trusted;
    candidates = [...ordered, ...own.filter(producer => !trusted.includes(producer))];
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

function whyMissing<Parameters, Output>({ producers }: Kernel<Parameters, Output>, producer: Producer): string {
  return producers[producer] ? 'this runtime cannot have it' : 'this kernel does not have it';
}

/** The kernel, saying which of its producers is about to do something. */
function announcing<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  onProducer: (producer: Producer) => void,
): Kernel<Parameters, Output> {
  const heard = (
    producer: Producer,
    implementation: ProducerImplementation<Parameters, Output>,
  ): ProducerImplementation<Parameters, Output> => ({
    ...implementation,
    async prepare() {
      onProducer(producer);
      await implementation.prepare?.();
    },
    run(...given) {
      onProducer(producer);
      return implementation.run(...given);
    },
  });
  const { ts, wasm, webgl2 } = kernel.producers;
  const producers = {
    ts: heard('ts', ts),
    ...(wasm && { wasm: heard('wasm', wasm) }),
    ...(webgl2 && { webgl2: heard('webgl2', webgl2) }),
  };
  return { ...kernel, producers };
}
