/** What is loaded only once the extension registers: React, the panel and the session behind it. */
import type { Host, MountedIsland } from '@voxelwise/host';
import { createRoot } from 'react-dom/client';
import { CalciumPanel } from './panel/calcium-panel.tsx';
import { type CalciumSession, createCalciumSession } from './session/calcium-session.ts';
import { bindKeys } from './session/keys.ts';
import { createStoredResults, type StoredResults } from './session/stored-results.ts';

export { CSS } from './panel/css.ts';

let current: { session: CalciumSession; stored: StoredResults; unbindKeys: () => void } | null = null;

/** The session outlives the panel: closing the side panel and opening it again keeps every assignment. */
function currentSession(host: Host): { session: CalciumSession; stored: StoredResults } {
  if (!current) {
    const session = createCalciumSession(host);
    current = { session, stored: createStoredResults(host, session), unbindKeys: bindKeys(session) };
  }
  return current;
}

/** Shows the panel in an element of the host. */
export function mountPanel(element: HTMLElement, host: Host): MountedIsland {
  const root = createRoot(element);
  const { session, stored } = currentSession(host);
  root.render(<CalciumPanel session={session} host={host} stored={stored} />);
  return { unmount: () => root.unmount() };
}

/** Ends the session; to be called when the mode is left. */
export function endSession(): void {
  current?.unbindKeys();
  current?.stored.destroy();
  current?.session.destroy();
  current = null;
}
