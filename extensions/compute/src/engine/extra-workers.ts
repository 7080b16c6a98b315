import type { VoxelVolume } from '../volume.ts';
import type { Slab, WorkerResult } from './messages.ts';
import {
  createWorkerLink,
  type MakeMessage,
  type Message,
  type Patience,
  type SendOptions,
  type WorkerLink,
  WorkerStoppedError,
} from './worker-link.ts';

interface Options {
  readonly main: WorkerLink;
  readonly startWorker: () => Worker;
  readonly patience: Patience;
  readonly count: number;
  /** Asked of every worker before anything else. */
  readonly greeting?: (() => Message) | undefined;
}

/** Slabs that an extra worker holds or is about to, by the key of their volume. */
type Slabs = Map<string, Promise<void>>;

interface Extra {
  readonly link: WorkerLink;
  readonly slabs: Slabs;
}

/** After as many faults one worker does everything for the rest of the session. */
const MOST_FAULTS = 2;

/**
 * The workers beside the first. They are started when they are needed and hold only their own slabs, which the first
 * worker gives them: where the page is cross-origin isolated both see the same memory, otherwise it is a copy.
 */
export class ExtraWorkers {
  readonly count: number;
  private readonly main: WorkerLink;
  private readonly startWorker: () => Worker;
  private readonly patience: Patience;
  private readonly greeting: (() => Message) | undefined;
  private extras: (Extra | undefined)[] = [];
  private faults = 0;
  private closed: Error | undefined;

  constructor({ main, startWorker, patience, count, greeting }: Options) {
    this.main = main;
    this.startWorker = startWorker;
    this.patience = patience;
    this.count = count;
    this.greeting = greeting;
  }

  get areUsable(): boolean {
    return this.count > 0 && this.faults < MOST_FAULTS;
  }

  /** Whether the worker runs and holds the slab of this volume. */
  isReady(index: number, key: string): boolean {
    return this.extras[index]?.slabs.has(key) === true;
  }

  /** Has the slab in the worker. Rejects with what went wrong; the next call tries again. */
  async prepare(index: number, volumeId: string, key: string, slab: Slab, whole: VoxelVolume['dimensions']) {
    const extra = this.extra(index);
    let held = extra.slabs.get(key);
    if (!held) {
      held = this.handOver(extra.link, volumeId, key, slab, whole);
      extra.slabs.set(key, held);
    }
    try {
      await held;
    } catch (error) {
      extra.slabs.delete(key);
      throw this.asFault(index, extra, error);
    }
  }

  /** Asks a worker that was prepared. One that stops is not asked again: the first worker can do everything. */
  async send(index: number, message: MakeMessage, options: SendOptions): Promise<WorkerResult> {
    const extra = this.extra(index);
    try {
      return await extra.link.send(message, options);
    } catch (error) {
      throw this.asFault(index, extra, error);
    }
  }

  /** The volume is gone or another one. */
  forget(key: string): void {
    for (const extra of this.extras) {
      if (!extra?.slabs.delete(key)) continue;
      extra.link.post(() => ({ request: { type: 'unload', volumeId: key } }));
    }
  }

  destroy(reason: Error): void {
    this.closed = reason;
    for (const extra of this.extras) extra?.link.destroy(reason);
    this.extras = [];
  }

  private extra(index: number): Extra {
    if (this.closed) throw this.closed; // a run that was under way must not start a worker that nobody ends
    const known = this.extras[index];
    if (known) return known;
    const slabs: Slabs = new Map();
    const ended = () => slabs.clear();
    const { startWorker, patience, greeting } = this;
    const restore = () => {
      if (greeting) link.post(greeting);
    };
    const link: WorkerLink = createWorkerLink({ startWorker, patience, attempts: 1, restore, ended });
    restore();
    const extra = { link, slabs };
    this.extras[index] = extra;
    return extra;
  }

  private async handOver(
    link: WorkerLink,
    volumeId: string,
    key: string,
    slab: Slab,
    whole: VoxelVolume['dimensions'],
  ) {
    const how = globalThis.crossOriginIsolated === true ? 'shared memory' : 'copy';
    const { voxels } = await this.main.send(() => ({ request: { type: 'share', volumeId, slab, how } }));
    if (!voxels) throw new Error('the slices for another worker did not come');
    const [nx, ny] = whole;
    const volume: VoxelVolume = { voxels, dimensions: [nx, ny, slab.sliceCount] };
    const transfer = voxels.buffer instanceof ArrayBuffer ? [voxels.buffer] : [];
    await link.send(() => ({ request: { type: 'load', volumeId: key, volume }, transfer }));
  }

  /** Gives up a worker that stopped; other errors are those of a kernel. */
  private asFault(index: number, extra: Extra, error: unknown): unknown {
    if (!(error instanceof WorkerStoppedError)) return error;
    const fault = new WorkerStoppedError(error.stop, `another worker stopped (${error.stop.reason})`, false);
    if (this.extras[index] !== extra) return fault; // given up already
    this.extras[index] = undefined;
    this.faults++;
    extra.link.destroy(fault);
    return fault;
  }
}
