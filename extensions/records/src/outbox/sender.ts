import { backOffMs } from './back-off.ts';
import type { OutboxDatabase } from './database.ts';
import type { Outcome } from './delivery.ts';
import { type Entry, nextDue, nextEntry } from './entry.ts';

export interface SenderParts {
  readonly database: OutboxDatabase;
  /** Who is signed in. */
  readonly owner: () => string;
  readonly deliver: (entry: Entry, signal: AbortSignal) => Promise<Outcome>;
  /** Something has changed in the database. */
  readonly onChange: () => void;
  readonly onSending: (entry: Entry | null) => void;
  /** What went wrong with the browser's storage. */
  readonly onProblem: (error: unknown) => void;
}

/** Delivers entries one at a time. Of all tabs only one does at a time. */
export interface Sender {
  /** Looks for something to deliver. @param isForced also while a pause lasts that the service has not asked for */
  wake(isForced: boolean): void;
  stop(): void;
}

const LOCK = 'voxelwise-records-sender';

export function createSender({ database, owner, deliver, onChange, onSending, onProblem }: SenderParts): Sender {
  const stopping = new AbortController();
  let due: ReturnType<typeof setTimeout> | undefined;
  let isAtWork = false;
  /** Somebody has woken it meanwhile; forced if one of them meant it so. */
  let again: 'no' | 'yes' | 'forced' = 'no';

  const wakeAt = (time: number | null) => {
    clearTimeout(due);
    if (time !== null) due = setTimeout(() => wake(false), Math.min(Math.max(0, time - Date.now()), MAXIMUM_DELAY_MS));
  };

  const wake = (isForced: boolean) => {
    if (again !== 'forced') again = isForced ? 'forced' : 'yes';
    if (isAtWork || stopping.signal.aborted) return;
    isAtWork = true;
    clearTimeout(due);
    oneOfAllTabs(stopping.signal, async () => {
      while (again !== 'no' && !stopping.signal.aborted) {
        const wasForced = again === 'forced';
        again = 'no';
        await drain(wasForced);
      }
    })
      .catch(error => {
        if (!stopping.signal.aborted) onProblem(error);
      })
      .finally(() => {
        isAtWork = false;
        onSending(null);
        if (again !== 'no') wake(false);
      });
  };

  /** Delivers everything that can be delivered now. */
  const drain = async (isForced: boolean) => {
    const pause = await database.pause();
    const isEarly = pause !== null && Date.now() < pause.until;
    if (isEarly && (pause.isAsked || !isForced)) return wakeAt(pause.until);
    let failures = pause?.failures ?? 0;
    while (!stopping.signal.aborted) {
      const entries = await database.all();
      const entry = nextEntry(entries, owner(), Date.now());
      if (!entry) return wakeAt(nextDue(entries, owner(), Date.now()));
      onSending(entry);
      const outcome = await deliver(entry, stopping.signal);
      if (outcome.kind === 'paused') {
        // Attempts ahead of time do not make the next pause longer.
        if (!isEarly || failures === 0) failures++;
        const until = Date.now() + Math.max(outcome.retryAfterMs ?? 0, backOffMs(failures));
        const isAsked = outcome.retryAfterMs !== null;
        await database.setPause({ until, failures, isAsked, problem: outcome.problem });
        onChange();
        return wakeAt(until);
      }
      if (failures > 0) await database.setPause(null);
      failures = 0;
      await record(entry, outcome);
      onChange();
    }
  };

  const record = (entry: Entry, outcome: Exclude<Outcome, { kind: 'paused' }>) => {
    if (outcome.kind === 'delivered') return database.remove([entry.sequence]);
    if (outcome.kind === 'refused') {
      return database.change(entry.sequence, { state: 'refused', problem: outcome.problem });
    }
    const failures = entry.failures + 1;
    const notBefore = Date.now() + backOffMs(failures);
    return database.change(entry.sequence, { failures, notBefore, problem: outcome.problem });
  };

  return {
    wake,
    stop() {
      clearTimeout(due);
      stopping.abort();
    },
  };
}

/** Timers take no longer delays. */
const MAXIMUM_DELAY_MS = 2 ** 31 - 1;

/**
 * Runs the work while no other tab does. Browsers offer locks on secure pages only; elsewhere two tabs may deliver the same entry,
 * which the service recognizes, and what concerns one prediction still goes in order.
 */
async function oneOfAllTabs(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>;
  if (locks) await locks.request(LOCK, { signal }, work);
  else await work();
}
