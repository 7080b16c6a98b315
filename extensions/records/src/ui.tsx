/** What is loaded only once the extension registers: React, the panel and the outbox behind it. */
import type { Host, MountedIsland } from '@voxelwise/host';
import { createRoot } from 'react-dom/client';
import { RecordsPanel } from './panel/records-panel.tsx';
import { recordsOf } from './records.ts';

export { CSS } from './panel/css.ts';

/** Begins to deliver what an earlier visit has left. */
export function startRecords(host: Host): void {
  recordsOf(host);
}

/** Shows the panel in an element of the host. */
export function mountPanel(element: HTMLElement, host: Host): MountedIsland {
  const root = createRoot(element);
  const records = recordsOf(host);
  records.check();
  root.render(<RecordsPanel host={host} records={records} />);
  return { unmount: () => root.unmount() };
}
