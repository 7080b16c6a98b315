import { textOf } from '@voxelwise/dicom';
import { allViewports, currentImageId, type Host, numbers } from '@voxelwise/host';
import type { CtSeries } from './ct-series.ts';

/** Slices of the volume as the viewer numbers them, the lower number first: "images 3 to 40". */
export function sliceRangeName({ loaded }: CtSeries, [first, last]: readonly [number, number]): string {
  const numberOf = (slice: number) => Number(textOf(loaded.instances[slice] ?? {}, 'InstanceNumber')) || slice + 1;
  const [low, high] = [numberOf(first), numberOf(last)].sort((a, b) => a - b);
  return low === high ? `image ${low}` : `images ${low} to ${high}`;
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
