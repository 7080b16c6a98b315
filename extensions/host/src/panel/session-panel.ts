import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Host } from '../host.ts';
import type { MountedIsland } from '../island.ts';

/** A panel whose session outlives it: closing the side panel and opening it again keeps every decision. */
export interface SessionPanel {
  /** Shows the panel in an element of the host; the first one begins the session. */
  mountPanel(element: HTMLElement, host: Host): MountedIsland;
  /** Ends the session; to be called when the mode is left. */
  endSession(): void;
}

/** @param begin begins a session, whose `end` takes down everything that it has made */
export function createSessionPanel<Session extends { end(): void }>(
  begin: (host: Host) => Session,
  panelOf: (session: Session, host: Host) => ReactNode,
): SessionPanel {
  let current: Session | null = null;
  return {
    mountPanel(element, host) {
      current ??= begin(host);
      const root = createRoot(element);
      root.render(panelOf(current, host));
      return { unmount: () => root.unmount() };
    },
    endSession() {
      current?.end();
      current = null;
    },
  };
}
