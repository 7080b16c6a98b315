import type { DisplaySet, Host } from '@voxelwise/host';

/** Shows a series in every viewport of the mode, keeping each viewport's own kind (stack, 3D). */
export function showSeries({ services }: Host, { displaySetInstanceUID }: DisplaySet): void {
  const { viewports } = services.viewportGridService.getState();
  services.viewportGridService.setDisplaySetsForViewports(
    [...viewports].map(([viewportId, { viewportOptions = {} }]) => ({
      viewportId,
      viewportOptions,
      displaySetInstanceUIDs: [displaySetInstanceUID],
    })),
  );
}
