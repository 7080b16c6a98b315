import type { Contender, InstalledPeers } from './contenders/contender.ts';
import type { Effort, FromContender, ToContender } from './messages.ts';
import type { BenchVolume } from './phantom.ts';
import { contenderFacts, failureOf, type Outcome, type ProcessMemory, type Row } from './rows.ts';

export interface BenchOptions {
  readonly slices: number;
  readonly contenders: readonly Contender[];
  readonly peers: InstalledPeers;
  readonly effort: Effort;
  readonly signal: AbortSignal;
  onGenerating(): void;
  /** What is being done for a contender, and how much of it is done, from 0 to 1. */
  onDoing(contender: Contender, what: string, fraction: number): void;
  onRow(row: Row): void;
  /** For whoever can see the browser's processes: called with the volume in memory, and again after the last run. */
  readonly memory?: MemoryWatch;
}

export interface MemoryWatch {
  begin(): Promise<void>;
  end(): Promise<ProcessMemory | null>;
}

/** One contender after the other, each in a fresh worker, so that none inherits the heap of another. */
export async function runBenchmark(options: BenchOptions): Promise<Row[]> {
  options.onGenerating();
  const volume = await generateVolume(options);
  const rows: Row[] = [];
  for (const contender of options.contenders) {
    const row = await rowOf(contender, volume, options);
    rows.push(row);
    options.onRow(row);
  }
  return rows;
}

/** The volume, null where it was cancelled. */
function generateVolume({ slices, signal }: BenchOptions): Promise<BenchVolume | null> {
  const worker = new Worker(new URL('volume-worker.js', import.meta.url), { type: 'module' });
  return new Promise<BenchVolume | null>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
    worker.onmessage = ({ data }: MessageEvent<BenchVolume>) => resolve(data);
    worker.onerror = event => reject(new Error(`The volume could not be generated: ${event.message}`));
    worker.postMessage(slices);
  }).finally(() => worker.terminate());
}

async function rowOf(contender: Contender, volume: BenchVolume | null, options: BenchOptions): Promise<Row> {
  const { peer } = contender;
  const version = peer && options.peers[peer]?.version;
  const base = contenderFacts(contender, version);
  if (peer && !version) {
    return { ...base, status: 'unavailable', reason: `${peer} is not installed; npm install brings it` };
  }
  if (!volume || options.signal.aborted) return { ...base, status: 'cancelled', reason: 'not measured' };
  return { ...base, ...(await measureInWorker(contender, volume, options)) };
}

type Measured = Outcome & Pick<Row, 'facts' | 'memory'>;

function measureInWorker(contender: Contender, volume: BenchVolume, options: BenchOptions): Promise<Measured> {
  const { peers, effort, signal, memory, onDoing } = options;
  const worker = new Worker(new URL('contender-worker.js', import.meta.url));
  const send = (message: ToContender) => worker.postMessage(message);
  return new Promise<Measured>(resolve => {
    signal.addEventListener('abort', () => resolve({ status: 'cancelled', reason: 'cancelled' }), { once: true });
    worker.onerror = event => {
      event.preventDefault();
      resolve({ status: 'failed', reason: event.message || 'its worker stopped' });
    };
    worker.onmessage = async ({ data }: MessageEvent<FromContender>) => {
      if (data.type === 'doing') onDoing(contender, data.what, data.fraction);
      if (data.type === 'ready') {
        await memory?.begin();
        send({ type: 'go' });
      }
      if (data.type === 'done') {
        const used = await memory?.end();
        resolve({ ...data.outcome, ...(data.facts && { facts: data.facts }), ...(used && { memory: used }) });
      }
    };
    // This copies the volume, for which there may be no room.
    send({ type: 'start', contenderId: contender.id, volume, peers, effort });
  })
    .catch(failureOf)
    .finally(() => worker.terminate());
}
