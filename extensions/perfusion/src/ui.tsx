/** What is loaded only once the extension registers: React, the panel and the session behind it. */
import type { Host, MountedIsland } from '@voxelwise/host';
import { type Confirmation, isLogged, type Records, recordsOf, registerKind } from '@voxelwise/records';
import { createRoot } from 'react-dom/client';
import { perfusionKind } from './panel/perfusion-kind.tsx';
import { PerfusionPanel } from './panel/perfusion-panel.tsx';
import { bindKeys } from './session/keys.ts';
import { perfusionConfirmation } from './session/perfusion-confirmation.ts';
import { createPerfusionSession, type PerfusionSession } from './session/perfusion-session.ts';

import { createStoredResults, type StoredResults } from './session/stored-results.ts';

export { CSS } from './panel/css.ts';

interface Current {
  readonly session: PerfusionSession;
  readonly stored: StoredResults;
  readonly confirmation: Confirmation;
  readonly records: Records;
  end(): void;
}

let current: Current | null = null;

/** The session outlives the panel: closing the side panel and opening it again keeps every decision. */
function currentSession(host: Host): Current {
  if (current) return current;
  const session = createPerfusionSession(host);
  const records = recordsOf(host);
  const confirmation = perfusionConfirmation(host, session, records);
  const confirm = () => (isLogged(records) ? confirmation.confirm : null);
  // Whoever stores a result has signed it.
  const stored = createStoredResults(host, session, confirm);
  const unbindKeys = bindKeys(session, confirm);
  const unregisterKind = registerKind(perfusionKind(session));
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
  root.render(<PerfusionPanel {...currentSession(host)} host={host} />);
  return { unmount: () => root.unmount() };
}

/** Ends the session; to be called when the mode is left. */
export function endSession(): void {
  current?.end();
  current = null;
}
