/** What is loaded only once the extension registers: React, the panel and the session behind it. */
import type { Host, MountedIsland } from '@voxelwise/host';
import { createRoot } from 'react-dom/client';
import { CalciumPanel } from './panel/calcium-panel.tsx';
import { type CalciumSession, createCalciumSession } from './session/calcium-session.ts';
import { bindKeys } from './session/keys.ts';

export { CSS } from './panel/css.ts';

let current: { session: CalciumSession; unbindKeys: () => void } | null = null;

/** The session outlives the panel: closing the side panel and opening it again keeps every assignment. */
function currentSession(host: Host): CalciumSession {
  if (!current) {
    const session = createCalciumSession(host);
    current = { session, unbindKeys: bindKeys(session) };
  }
  return current.session;
}

/** Shows the panel in an element of the host. */
export function mountPanel(element: HTMLElement, host: Host): MountedIsland {
  const root = createRoot(element);
  root.render(<CalciumPanel session={currentSession(host)} host={host} />);
  return { unmount: () => root.unmount() };
}

/** Ends the session; to be called when the mode is left. */
export function endSession(): void {
  current?.unbindKeys();
  current?.session.destroy();
  current = null;
}
