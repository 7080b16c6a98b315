import { useSyncExternalStore } from 'react';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import type { PerfusionState } from '../session/state.ts';

/**
 * One part of the session's state. What reads it is made again only when this part has changed, so that a time point that
 * changes many times a second leaves most of the panel alone.
 */
export function usePart<Name extends keyof PerfusionState>(
  session: PerfusionSession,
  name: Name,
): PerfusionState[Name] {
  return useSyncExternalStore(session.subscribe, () => session.getState()[name]);
}
