import type { InstalledPeers, RunFacts } from './contenders/contender.ts';
import type { BenchVolume } from './phantom.ts';
import type { Outcome } from './rows.ts';

/** From the page to the worker of one contender. */
export type ToContender =
  | {
      readonly type: 'start';
      readonly contenderId: string;
      readonly volume: BenchVolume;
      readonly peers: InstalledPeers;
      readonly effort: Effort;
    }
  /** After 'ready': whoever watches the memory has taken note. */
  | { readonly type: 'go' };

/** How often is measured. */
export interface Effort {
  /** Compilers of JavaScript and WebAssembly replace their first code after some runs, which do not count. */
  readonly warmUpMs: number;
  readonly runs: number;
  /** No run is begun after this long, but there are at least three. */
  readonly limitMs: number;
}

/** From the worker to the page. */
export type FromContender =
  | { readonly type: 'doing'; readonly what: string; readonly fraction: number }
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly outcome: Outcome; readonly facts?: RunFacts };
