import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/connection.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { auditSealLag, type SealResult, sealAudit } from './sealer.ts';
import type { AuditSigner } from './tree-head.ts';

export interface SealerOptions {
  db: Pick<Database, 'pool'>;
  /** Asked each time, so that a rotated key signs without a restart. */
  signer: () => AuditSigner;
  outside: OutsideHeads;
  /** Told of what went wrong. Sealing is tried again. */
  onError: (error: unknown) => void;
  onSealed?: (result: SealResult) => void;
  /** How often the waiting rows are counted. */
  pollMs?: number;
  /** Rows do not wait longer than this: every head is a row and a file that are kept for years. */
  sealAfterMs?: number;
  /** As many waiting rows are sealed at once. */
  sealAtRows?: number;
}

export interface Sealer {
  /** Resolves once the last batch is sealed and outside, or was given up. */
  stop(): Promise<void>;
}

const POLL_MS = 5_000;
const SEAL_AFTER_MS = 60_000;
const SEAL_AT_ROWS = 1_000;
/** After failures the pause grows up to this. */
const LONGEST_PAUSE_MS = 60_000;

/** Seals in the background until it is stopped. Any number of processes may run it. */
export function startSealer(options: SealerOptions): Sealer {
  const { db, signer, outside, pollMs = POLL_MS, sealAfterMs = SEAL_AFTER_MS, sealAtRows = SEAL_AT_ROWS } = options;
  const stopped = new AbortController();

  async function seal(): Promise<void> {
    for (let more = true; more && !stopped.signal.aborted; ) {
      const result = await sealAudit(db, { signer: signer(), outside });
      if (result.sealed > 0) options.onSealed?.(result);
      more = result.more;
    }
  }

  async function run(): Promise<void> {
    // At once, as the process before may have died before it wrote its head outside.
    let isDue = true;
    let failures = 0;
    while (!stopped.signal.aborted) {
      try {
        if (isDue) await seal();
        failures = 0;
        await sleep(pollMs, undefined, { signal: stopped.signal });
        const lag = await auditSealLag(db);
        isDue = lag.rows >= sealAtRows || lag.oldestMs >= sealAfterMs;
      } catch (error) {
        if (stopped.signal.aborted) return;
        options.onError(error);
        failures += 1;
        isDue = true;
        const pauseMs = Math.min(pollMs * 2 ** failures, LONGEST_PAUSE_MS);
        await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => {});
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
