import { VERSION } from '../version.generated.ts';
import type { VoxelVolume } from '../volume.ts';
import type { CalibrationStore } from './calibration-store.ts';
import { type Cost, correctedBy, predictMs } from './cost.ts';
import { type Kernel, PRODUCER_ORDER, type Producer, type RunReport } from './kernel.ts';
import { messageOf } from './message-of.ts';
import { LARGEST_SAMPLE_BYTES, timeProducer } from './time-producer.ts';

/** Finds out which producer is the fastest for a kernel on this machine. */
export interface Calibration {
  /**
   * The usable producers, fastest first. Producers of which nothing is known are timed on a small part of the volume.
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

type Costs = Partial<Record<Producer, Cost>>;

export function createCalibration({ store = null }: { readonly store?: CalibrationStore | null } = {}): Calibration {
  /** Costs by kernel and machine. */
  const known = new Map<string, Costs>();
  const failures = new Map<string, number>();

  async function read(key: string): Promise<Costs> {
    const here = known.get(key);
    if (here) return here;
    const stored = await store?.read(key).catch(() => null);
    const costs = parseCosts(stored ?? null);
    known.set(key, costs);
    return costs;
  }

  return {
    async order(kernel, volume, parameters, usable, notes) {
      // WASM before its twin needs no measurement; only what a GPU does is unknown.
      if (usable.length < 2 || !usable.includes('webgl2')) return [...usable];
      const key = keyOf(kernel);
      const costs = await read(key);
      let candidates = [...usable];
      // The GPU last: it has the largest fixed part, and with what the processor leaves it gets to larger samples.
      const untimed = [...candidates.filter(isProcessor), 'webgl2' as const].filter(producer => !costs[producer]);
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
          spentMs += timed.spentMs;
          if (!timed.cost) continue;
          costs[producer] = timed.cost;
          learned = true;
        } catch (error) {
          reason = messageOf(error);
          failures.set(failureKey, failed + 1);
          if (producer === 'ts') continue; // the twin gives its own reason when it is run
          candidates = candidates.filter(candidate => candidate !== producer);
          notes.push(`${producer} failed: ${reason}`);
        }
      }
      if (learned) await store?.write(key, JSON.stringify(costs)).catch(() => {});
      const { byteLength } = volume.voxels;
      const predicted = (producer: Producer) => {
        const cost = costs[producer];
        if (cost) return predictMs(cost, byteLength);
        return producer === 'webgl2' ? Number.POSITIVE_INFINITY : Number.MAX_VALUE; // a GPU of unknown speed comes last
      };
      return candidates.sort((a, b) => (predicted(a) < predicted(b) ? -1 : Number(predicted(a) > predicted(b))));
    },
    observe(kernel, { voxels }, report) {
      const { producer, milliseconds, uploadMs = 0 } = report;
      const costs = known.get(keyOf(kernel as Kernel<unknown, unknown>));
      const cost = costs?.[producer];
      // Runs on less than the samples say less than the samples did.
      if (!costs || !cost || voxels.byteLength < LARGEST_SAMPLE_BYTES) return;
      costs[producer] = correctedBy(cost, { bytes: voxels.byteLength, runMs: milliseconds - uploadMs, uploadMs });
    },
  };
}

/** Another browser, GPU, processor or version of ours has to be measured anew. */
function keyOf<Parameters, Output>({ name, producers }: Kernel<Parameters, Output>): string {
  const gpu = producers.webgl2?.deviceName?.() ?? 'no GPU';
  const cores = globalThis.navigator?.hardwareConcurrency ?? 0;
  return `${VERSION}/${name}/${gpu}/${cores} cores`;
}

function parseCosts(text: string | null): Costs {
  const isCost = (value: unknown): value is Cost =>
    typeof value === 'object' &&
    value !== null &&
    ['fixedMs', 'msPerMegabyte', 'uploadMsPerMegabyte'].every(field => {
      const number = (value as Record<string, unknown>)[field];
      return typeof number === 'number' && Number.isFinite(number) && number >= 0;
    });
  try {
    const stored = JSON.parse(text ?? '{}') as Record<string, unknown>;
    return Object.fromEntries(
      PRODUCER_ORDER.flatMap(producer => (isCost(stored[producer]) ? [[producer, stored[producer]]] : [])),
    );
  } catch {
    return {};
  }
}
