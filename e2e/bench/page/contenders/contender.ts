/// <reference lib="webworker.importscripts" />
import type { Answer, Job } from '../answers.ts';
import type { BenchVolume } from '../phantom.ts';

export type PeerName = 'opencv-js' | 'gpu.js' | 'niivue';

/** A peer as the server found it among the installed packages. */
export interface InstalledPeer {
  readonly version: string;
  /** Its browser build. */
  readonly url: string;
}

export type InstalledPeers = Readonly<Partial<Record<PeerName, InstalledPeer>>>;

/** What a run tells of itself beside its answer. */
export interface RunFacts {
  /** The GPU by name, or CPU. */
  readonly device?: string;
  /** The engine's own account: the most bytes that it held at once, the volume included. */
  readonly peakBytes?: number;
  /** Where the time went, and what did not go as asked. */
  readonly notes?: readonly string[];
}

/** A contender with the volume in its hands. */
export interface OpenContender<Raw> {
  /** Before each run, outside the time. */
  before?(): Promise<void>;
  run(): Raw | Promise<Raw>;
  /** The answer in a form that can be compared, outside the time. */
  answer(raw: Raw): Answer | Promise<Answer>;
  facts?(raw: Raw): RunFacts;
  close?(): void;
}

export interface Contender {
  readonly id: string;
  readonly job: Job;
  readonly name: string;
  /** What is counted and what is left out, in a few words. */
  readonly note: string;
  /** Missing for ours. */
  readonly peer?: PeerName;
  /** Its workers see the same memory, where the page may have such. */
  readonly sharesMemory?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each contender has a raw result of its own, seen by nobody else
  open(volume: BenchVolume, peers: InstalledPeers): Promise<OpenContender<any>>;
}
