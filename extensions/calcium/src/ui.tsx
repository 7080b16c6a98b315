/** What is loaded only once the extension registers: React, the panel and the session behind it. */
import type { Host } from '@voxelwise/host';
import { createSessionPanel } from '@voxelwise/host/panel';
import { isLogged, recordsOf, registerKind } from '@voxelwise/records';
import { calciumKind } from './panel/calcium-kind.tsx';
import { CalciumPanel } from './panel/calcium-panel.tsx';
import { calciumConfirmation } from './session/calcium-confirmation.ts';
import { createCalciumSession } from './session/calcium-session.ts';
import { bindKeys } from './session/keys.ts';
import { createStoredResults } from './session/stored-results.ts';

export { CSS } from './panel/css.ts';

function beginSession(host: Host) {
  const session = createCalciumSession(host);
  const records = recordsOf(host);
  const confirmation = calciumConfirmation(host, session, records);
  // Whoever stores a score has signed it.
  const stored = createStoredResults(host, session, confirmation.confirm);
  const unbindKeys = bindKeys(session, () => (isLogged(records) ? confirmation.confirm : null));
  const unregisterKind = registerKind(calciumKind(session));
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
  <CalciumPanel {...current} host={host} />
));
