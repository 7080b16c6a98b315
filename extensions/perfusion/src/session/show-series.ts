import type { Host } from '@voxelwise/host';
import { VIEWPORTS } from '../hanging-protocol.ts';
import type { PerfusionSeries } from './dynamic-series.ts';

/** Brain with contrast agent in its vessels; MR has no unit, and its images bring a window. */
const CT_WINDOW = { windowWidth: 100, windowCenter: 50 };

/** Shows the slices of a series in every view of the mode. */
export function showSeries({ services }: Host, { reference, volume }: PerfusionSeries): void {
  const isCt = volume.signal.kind === 'attenuation';
  const { viewports } = services.viewportGridService.getState();
  services.viewportGridService.setDisplaySetsForViewports(
    VIEWPORTS.filter(viewportId => viewports.has(viewportId)).map(viewportId => ({
      viewportId,
      viewportOptions: viewports.get(viewportId)?.viewportOptions ?? {},
      displaySetInstanceUIDs: [reference.displaySetInstanceUID],
      displaySetOptions: [isCt ? { voi: CT_WINDOW } : {}],
    })),
  );
}
