import { VERSION } from '../version.generated.ts';
import type { VoxelVolume } from '../volume.ts';
import type { CalibrationStore } from './calibration-store.ts';
import type { Kernel, Producer, RunReport } from './kernel.ts';
import { messageOf } from './message-of.ts';
import { ProducerChoice } from './producer-choice.ts';
import { LARGEST_SAMPLE_BYTES, timeProducer } from './time-producer.ts';

/** Finds out which producer is the fastest for a kernel on this machine. */
export interface Calibration {
  /**
   * The usable producers, fastest first; now and then one first that may be. Producers of which nothing is known are timed
   * on a small part of the volume.
   * A producer that fails while it is timed is left out, and the notes say so.
   */
  order<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volume: VoxelVolume,
    parameters: Parameters,
    usable: readonly Producer[],
    notes: string[],
  ): Promise<Producer[]>;
  /** Learns from a run on a whole volume. */
  observe(kernel: { readonly name: string }, volume: VoxelVolume, report: RunReport): void;
}

/** Time of all producers together. Compiling comes before and is not part of it. */
const TOTAL_MS = 60;
/** A producer that failed as often while it was timed is not tried again in this session. */
const MOST_FAILURES = 3;

const isProcessor = (producer: Producer) => producer !== 'webgl2';

export function createCalibration({ store = null }: { readonly store?: CalibrationStore | null } = {}): Calibration {
  /** By kernel and machine. */
  const choices = new Map<string, ProducerChoice>();
  const failures = new Map<string, number>();

  async function read(key: string): Promise<ProducerChoice> {
    const here = choices.get(key);
    if (here) return here;
    const stored = await store?.read(key).catch(() => null);
    const choice = choices.get(key) ?? ProducerChoice.fromJson(stored ?? null);
    choices.set(key, choice);
    return choice;
  }
  const keep = async (key: string, choice: ProducerChoice) => store?.write(key, choice.toJson()).catch(() => {});

  return {
    async order(kernel, volume, parameters, usable, notes) {
      // WASM before its twin needs no measurement; only what a GPU does is unknown.
      if (usable.length < 2 || !usable.includes('webgl2')) return [...usable];
      const key = keyOf(kernel);
      const choice = await read(key);
      let candidates = [...usable];
      // The GPU last: it has the largest fixed part, and with what the processor leaves it gets to larger samples.
      const untimed = [...candidates.filter(isProcessor), 'webgl2' as const].filter(
        producer => !choice.isKnown(producer),
      );
      let spentMs = 0;
      let learned = false;
      for (const [index, producer] of untimed.entries()) {
        const failureKey = `${key}/${producer}`;
        const failed = failures.get(failureKey) ?? 0;
        let reason = 'it failed again and again while it was timed';
        try {
          if (failed >= MOST_FAILURES) throw new Error(reason);
          const share = Math.max(0, TOTAL_MS - spentMs) / (untimed.length - index);
          const timed = await timeProducer(kernel, producer, volume, parameters, share);
          if (!timed) continue;
          spentMs += timed.spentMs;
          choice.learn(producer, timed.cost, timed.least);
          learned = true;
        } catch (error) {
          reason = messageOf(error);
          failures.set(failureKey, failed + 1);
          if (producer === 'ts') continue; // the twin gives its own reason when it is run
          candidates = candidates.filter(candidate => candidate !== producer);
          notes.push(`${producer} failed: ${reason}`);
        }
      }
      if (learned) await keep(key, choice);
      return choice.order(candidates, volume.voxels.byteLength);
    },
    observe(kernel, { voxels: { byteLength: bytes } }, report) {
      const { producer, milliseconds, uploadMs = 0 } = report;
      const key = keyOf(kernel as Kernel<unknown, unknown>);
      const choice = choices.get(key);
      // Runs on less than the samples say less than the samples did.
      if (!choice || bytes < LARGEST_SAMPLE_BYTES) return;
      if (choice.observe(producer, { bytes, runMs: milliseconds - uploadMs, uploadMs })) keep(key, choice);
    },
  };
}

/** Another browser, GPU, processor or version of ours has to be measured anew. */
function keyOf<Parameters, Output>({ name, producers }: Kernel<Parameters, Output>): string {
  const gpu = producers.webgl2?.deviceName?.() ?? 'no GPU';
  const cores = globalThis.navigator?.hardwareConcurrency ?? 0;
  return `${VERSION}/${name}/${gpu}/${cores} cores`;
}
