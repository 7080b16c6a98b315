/** What is loaded only once the extension registers: React, the panel and the session behind it. */
import type { Host, MountedIsland } from '@voxelwise/host';
import { type Confirmation, isLogged, type Records, recordsOf, registerKind } from '@voxelwise/records';
import { createRoot } from 'react-dom/client';
import { calciumKind } from './panel/calcium-kind.tsx';
import { CalciumPanel } from './panel/calcium-panel.tsx';
import { calciumConfirmation } from './session/calcium-confirmation.ts';
import { type CalciumSession, createCalciumSession } from './session/calcium-session.ts';
import { bindKeys } from './session/keys.ts';
import { createStoredResults, type StoredResults } from './session/stored-results.ts';

export { CSS } from './panel/css.ts';

interface Current {
  readonly session: CalciumSession;
  readonly stored: StoredResults;
  readonly confirmation: Confirmation;
  readonly records: Records;
  end(): void;
}

let current: Current | null = null;

/** The session outlives the panel: closing the side panel and opening it again keeps every assignment. */
function currentSession(host: Host): Current {
  if (current) return current;
  const session = createCalciumSession(host);
  const records = recordsOf(host);
  const confirmation = calciumConfirmation(host, session, records);
  // Whoever stores a score has signed it.
  const stored = createStoredResults(host, session, confirmation.confirm);
  const unbindKeys = bindKeys(session, () => (isLogged(records) ? confirmation.confirm : null));
  const unregisterKind = registerKind(calciumKind(session));
  current = {
    session,
    stored,
    confirmation,
    records,
    end() {
      unregisterKind();
      unbindKeys();
      stored.destroy();
      confirmation.destroy();
      session.destroy();
    },
  };
  return current;
}

/** Shows the panel in an element of the host. */
export function mountPanel(element: HTMLElement, host: Host): MountedIsland {
  const root = createRoot(element);
  root.render(<CalciumPanel {...currentSession(host)} host={host} />);
  return { unmount: () => root.unmount() };
}

/** Ends the session; to be called when the mode is left. */
export function endSession(): void {
  current?.end();
  current = null;
}
