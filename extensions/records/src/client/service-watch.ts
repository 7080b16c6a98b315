import type { Session } from '../contract.ts';
import type { ConfiguredService } from './configuration.ts';
import type { DataService } from './data-service.ts';
import { ServiceError } from './service-error.ts';

/**
 * Whether there is a data service:
 * - off: the site has switched it off
 * - looking: not known yet
 * - absent: nothing at its address says that it is one; nothing is shown or kept
 * - present: it has answered, now or before, or the site's configuration names it
 */
export type Presence = 'off' | 'looking' | 'absent' | 'present';

export interface WatchState {
  readonly presence: Presence;
  /** Who the service takes the reader for; null until it has said so. */
  readonly session: Session | null;
  /** Why it has not said so, in a sentence; otherwise ''. */
  readonly trouble: string;
}

/** Remembers that a service has answered, so that its records are kept while it is down. */
export interface SeenServices {
  has(url: string): boolean;
  add(url: string): void;
}

export interface ServiceWatch {
  getState(): WatchState;
  /** Asks the service again who the reader is. Calls meanwhile join. */
  check(): Promise<void>;
}

export function createServiceWatch(
  { url, isNamed, problem }: ConfiguredService,
  service: DataService,
  { seen = seenInBrowser, onChange }: { readonly seen?: SeenServices; readonly onChange: (state: WatchState) => void },
): ServiceWatch {
  const isExpected = url !== null && (isNamed || seen.has(url));
  let state: WatchState = {
    presence: url === null ? 'off' : isExpected ? 'present' : 'looking',
    session: null,
    trouble: problem,
  };
  const set = (next: WatchState) => {
    state = next;
    onChange(state);
  };
  let checking: Promise<void> | null = null;

  const check = async (address: string) => {
    try {
      const session = await service.call('getSession', {});
      seen.add(address);
      set({ presence: 'present', session, trouble: '' });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const isService = error.code !== null; // a problem document of ours, whatever it says
      if (isService) seen.add(address);
      const isPresent = isService || isNamed || seen.has(address);
      // Who the reader is stays known while the service is away, unless it says otherwise.
      const session = isPresent && error.kind !== 'signed-out' ? state.session : null;
      set({ presence: isPresent ? 'present' : 'absent', session, trouble: isPresent ? error.message : '' });
    }
  };

  return {
    getState: () => state,
    async check() {
      if (url === null) return;
      checking ??= check(url).finally(() => {
        checking = null;
      });
      await checking;
    },
  };
}

const KEY = 'voxelwise-records-service';

/** In localStorage: one address, the last that answered. */
const seenInBrowser: SeenServices = {
  has(url) {
    try {
      return localStorage.getItem(KEY) === url;
    } catch {
      return false; // a browser that refuses storage keeps no records either
    }
  },
  add(url) {
    try {
      localStorage.setItem(KEY, url);
    } catch {
      // as above
    }
  },
};
