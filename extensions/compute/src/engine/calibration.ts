import { VERSION } from '../version.generated.ts';
import type { VoxelVolume } from '../volume.ts';
import { clearGpuPools } from '../webgl2/shared-device.ts';
import type { CalibrationStore } from './calibration-store.ts';
import type { Kernel, Producer, RunReport } from './kernel.ts';
import { messageOf } from './message-of.ts';
import { type Job, ProducerChoice } from './producer-choice.ts';
import type { RunControl } from './run-control.ts';
import { splitTime, timeSample, workOf, workPerVoxelOf } from './time-producer.ts';

/** Finds out which producer is the fastest for a job on this machine. */
export interface Calibration {
  /**
   * The usable producers, best first. Where that is not known, they are timed on parts of the volume.
   * A producer that fails while it is timed is left out, and the notes say so.
   * @throws AbortError when the run was cancelled
   */
  order<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volume: VoxelVolume,
    parameters: Parameters,
    usable: readonly Producer[],
    notes: string[],
    control?: RunControl,
  ): Promise<Producer[]>;
  /** Learns from a run on a whole volume. */
  observe<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volume: VoxelVolume,
    parameters: Parameters,
    report: RunReport,
  ): void;
}

/** A producer that failed as often while it was timed is not tried again in this session. */
const MOST_FAILURES = 3;
/** A browser's storage can be stuck, and then answers nothing at all: it is not waited for longer, and not asked again. */
const STORE_PATIENCE_MS = 2000;
/** Jobs of one kind differ in their work per voxel by less than this: beyond it, times may grow differently. */
const WORK_STEP = Math.SQRT2;

export function createCalibration({ store = null }: { readonly store?: CalibrationStore | null } = {}): Calibration {
  /** By kernel, machine and kind of job. */
  const choices = new Map<string, ProducerChoice>();
  const failures = new Map<string, number>();
  let usableStore = store;

  async function askStore<Value>(request: (store: CalibrationStore) => Promise<Value>): Promise<Value | null> {
    if (!usableStore) return null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<null>(resolve => {
      timer = setTimeout(() => {
        usableStore = null;
        resolve(null);
      }, STORE_PATIENCE_MS);
    });
    const answer = request(usableStore).catch(() => null);
    return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
  }

  async function read(key: string): Promise<ProducerChoice> {
    const here = choices.get(key);
    if (here) return here;
    const stored = await askStore(asked => asked.read(key));
    const choice = choices.get(key) ?? ProducerChoice.fromJson(stored);
    choices.set(key, choice);
    return choice;
  }

  return {
    async order(kernel, volume, parameters, usable, notes, control) {
      // WASM before its twin needs no measurement; only what a GPU does is unknown.
      if (usable.length < 2 || !usable.includes('webgl2')) return [...usable];
      const key = keyOf(kernel, volume, parameters);
      const choice = await read(key);
      const job = jobOf(kernel, volume, parameters, usable);
      const timed = new Set<Producer>();
      let candidates = [...usable];
      for (;;) {
        const order = choice.nextSample(candidates, job);
        if (!order) break;
        const { producer } = order;
        const failureKey = `${key}/${producer}`;
        const failed = failures.get(failureKey) ?? 0;
        let reason = 'it failed again and again while it was timed';
        try {
          if (failed >= MOST_FAILURES) throw new Error(reason);
          const sample = await timeSample(kernel, order, volume, parameters, !timed.has(producer), control);
          timed.add(producer);
          if (sample) choice.learn(order, job, sample.run, sample.spentMs);
          else choice.cannotCut(producer);
        } catch (error) {
          if (control?.signal.aborted) throw error;
          reason = messageOf(error);
          failures.set(failureKey, failed + 1);
          candidates = candidates.filter(candidate => candidate !== producer);
          if (producer !== 'ts') notes.push(`${producer} failed: ${reason}`);
        }
      }
      if (timed.size > 0) {
        clearGpuPools(); // textures of the samples' sizes are of no use to anyone
        await askStore(asked => asked.write(key, choice.toJson()));
      }
      const ordered = choice.order(candidates, job);
      // A twin that failed on a part gives its own reason when it is run.
      return usable.includes('ts') && !ordered.includes('ts') ? [...ordered, 'ts'] : ordered;
    },
    observe(kernel, volume, parameters, report) {
      const choice = choices.get(keyOf(kernel, volume, parameters));
      const implementation = kernel.producers[report.producer];
      if (!choice || !implementation) return;
      choice.observe(report.producer, {
        bytes: volume.voxels.byteLength,
        work: workOf(kernel, volume, parameters),
        ...splitTime(implementation, report.milliseconds, report),
      });
    },
  };
}

function jobOf<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
  usable: readonly Producer[],
): Job {
  return {
    bytes: volume.voxels.byteLength,
    work: workOf(kernel, volume, parameters),
    volume,
    uploading: usable.filter(producer => kernel.producers[producer]?.isResident?.(volume) === false),
  };
}

/** Another browser, GPU, processor or version of ours has to be measured anew, and so has a job of much more work. */
function keyOf<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
): string {
  const gpu = kernel.producers.webgl2?.deviceName?.() ?? 'no GPU';
  const cores = globalThis.navigator?.hardwareConcurrency ?? 0;
  const work = Math.round(Math.log(workPerVoxelOf(kernel, volume, parameters)) / Math.log(WORK_STEP));
  return `${VERSION}/${kernel.name}/${gpu}/${cores} cores/work ${work}`;
}
