import { allViewports, currentImageId, type Host, numbers } from '@voxelwise/host';
import { text } from './acquisition.ts';
import type { CtSeries } from './ct-series.ts';

/** A slice of the volume as the viewer numbers it: "image 24". */
export function sliceName({ loaded }: CtSeries, slice: number): string {
  return `image ${text(loaded.instances[slice] ?? {}, 'InstanceNumber') || slice + 1}`;
}

/** The slice of the volume that the axial view shows, -1 where none does. */
export function shownSlice(host: Host, { loaded }: CtSeries): number {
  for (const viewport of allViewports(host)) {
    const slice = loaded.imageIds.indexOf(currentImageId(viewport) ?? '');
    if (slice >= 0) return slice;
  }
  return -1;
}

/** True when the slices of the volume go from the feet to the head. */
export function isAscending({ loaded }: CtSeries): boolean {
  const heightMm = (slice: number) => numbers(loaded.instances.at(slice)?.ImagePositionPatient)[2] ?? 0;
  return heightMm(-1) >= heightMm(0);
}
