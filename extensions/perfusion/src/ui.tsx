/** What is loaded only once the extension registers: React, the panel and the session behind it. */
import type { Host } from '@voxelwise/host';
import { createSessionPanel } from '@voxelwise/host/panel';
import { isLogged, recordsOf, registerKind } from '@voxelwise/records';
import { perfusionKind } from './panel/perfusion-kind.tsx';
import { PerfusionPanel } from './panel/perfusion-panel.tsx';
import { bindKeys } from './session/keys.ts';
import { perfusionConfirmation } from './session/perfusion-confirmation.ts';
import { createPerfusionSession } from './session/perfusion-session.ts';
import { createStoredResults } from './session/stored-results.ts';

export { CSS } from './panel/css.ts';

function beginSession(host: Host) {
  const session = createPerfusionSession(host);
  const records = recordsOf(host);
  const confirmation = perfusionConfirmation(host, session, records);
  const confirm = () => (isLogged(records) ? confirmation.confirm : null);
  // Whoever stores a result has signed it.
  const stored = createStoredResults(host, session, confirm);
  const unbindKeys = bindKeys(session, confirm);
  const unregisterKind = registerKind(perfusionKind(session));
  return {
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
}

export const { mountPanel, endSession } = createSessionPanel(beginSession, (current, host) => (
  <PerfusionPanel {...current} host={host} />
));
