import type { DataService } from '../client/data-service.ts';
import { type OutboxDatabase, openOutboxDatabase, storageProblem } from './database.ts';
import { deliver } from './delivery.ts';
import { type Entry, type NewEntry, type Pause, withDependants } from './entry.ts';
import { isUnclaimed } from './owner.ts';
import { createSender, type Sender } from './sender.ts';

export interface OutboxState {
  /** False until the browser's database has been read for the first time. */
  readonly isKnown: boolean;
  /** Everything that waits in this browser, whoever made it, in order. */
  readonly entries: readonly Entry[];
  readonly pause: Pause | null;
  /** Id of the entry that is being delivered. */
  readonly sending: string | null;
  /** What is wrong with the browser's storage, in a sentence; otherwise ''. */
  readonly problem: string;
}

/**
 * Records on their way to the data service. They are on disk before anything is sent, survive the tab, and are delivered once, in
 * order, by whoever made them.
 */
export interface Outbox {
  getState(): OutboxState;
  subscribe(listener: () => void): () => void;
  /** @throws Error that says why the browser does not keep it, as a part of a sentence: then nothing is logged */
  add(entry: Omit<NewEntry, 'owner' | 'madeAt'>): Promise<void>;
  /** Tries again: a refused entry, or at once what waits. */
  retry(entry: Entry): Promise<void>;
  /** Forgets an entry, with what cannot be delivered without it. */
  discard(entry: Entry): Promise<void>;
  /** The reader says that an entry is hers that was made while nobody had signed in. */
  claim(entry: Entry): Promise<void>;
  /** The service can be had from now on. */
  deliverTo(service: DataService): void;
  sendNow(): void;
  stop(): void;
}

export interface OutboxParts {
  readonly owner: () => string;
  /** An entry has been dealt with by some tab: what the service has is another. */
  readonly onDelivered?: () => void;
  readonly database?: OutboxDatabase;
}

const CHANNEL = 'voxelwise-records';

export function createOutbox({ owner, onDelivered, database = openOutboxDatabase() }: OutboxParts): Outbox {
  const listeners = new Set<() => void>();
  let state: OutboxState = { isKnown: false, entries: [], pause: null, sending: null, problem: '' };
  let sender: Sender | null = null;
  const channel = new BroadcastChannel(CHANNEL);

  const set = (change: Partial<OutboxState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const onProblem = (error: unknown) => {
    set({ problem: `This browser does not keep records (${storageProblem(error)}); nothing is logged.` });
  };

  let isReading = false;
  let isStale = false;
  /** Reads what there is; calls meanwhile are covered by one more reading. */
  const refresh = async () => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    try {
      while (isStale) {
        isStale = false;
        const [entries, pause] = [await database.all(), await database.pause()];
        const left = new Set(entries.map(({ id }) => id));
        const isDelivered = state.entries.some(({ id }) => !left.has(id));
        set({ isKnown: true, entries, pause, problem: '' });
        if (isDelivered) onDelivered?.();
        if (entries.length > 0 && pause) keepForSure();
      }
    } catch (error) {
      onProblem(error);
    } finally {
      isReading = false;
    }
  };

  let isAskedFor = false;
  /** Asks the browser not to clear what has to wait when its disk is full. Some ask the reader, so only once it has to wait. */
  const keepForSure = () => {
    if (isAskedFor) return;
    isAskedFor = true;
    navigator.storage?.persist?.().catch(() => undefined);
  };

  /** Tells this tab and all others. */
  const announce = () => {
    channel.postMessage('changed');
    return refresh();
  };

  channel.onmessage = () => {
    refresh();
    sender?.wake(false);
  };
  const sendNow = () => sender?.wake(true);
  const onVisible = () => {
    if (document.visibilityState === 'visible') sendNow();
  };
  window.addEventListener('online', sendNow);
  document.addEventListener('visibilitychange', onVisible);
  refresh();

  const change = async (entry: Entry, changed: Partial<Entry>) => {
    await database.change(entry.sequence, changed);
    await announce();
    sendNow();
  };

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async add(entry) {
      try {
        await database.add({ ...entry, owner: owner(), madeAt: Date.now() });
      } catch (error) {
        throw new Error(`this browser cannot keep it until it is delivered (${storageProblem(error)})`);
      }
      await announce();
      sendNow();
    },
    retry: entry => change(entry, { state: 'waiting', failures: 0, notBefore: 0 }),
    async discard(entry) {
      const gone = withDependants(entry, state.entries);
      await database.remove(gone.map(({ sequence }) => sequence));
      await announce();
      sendNow();
    },
    async claim(entry) {
      if (isUnclaimed(entry.owner)) await change(entry, { owner: owner() });
    },
    deliverTo(service) {
      sender?.stop();
      sender = createSender({
        database,
        owner,
        onChange: announce,
        onProblem,
        onSending: entry => {
          if (state.sending !== (entry?.id ?? null)) set({ sending: entry?.id ?? null });
        },
        deliver: (entry, signal) =>
          deliver(entry, service, {
            signal,
            onUploaded: isUploaded => database.change(entry.sequence, { isUploaded }),
          }),
      });
      sender.wake(false);
    },
    sendNow,
    stop() {
      sender?.stop();
      channel.close();
      window.removeEventListener('online', sendNow);
      document.removeEventListener('visibilitychange', onVisible);
      listeners.clear();
    },
  };
}
