import type { Host } from './host.ts';

/** An image as Cornerstone holds it; only what is read. */
export interface CornerstoneImage {
  /** Cornerstone's ImageQualityStatus; missing means full. */
  readonly imageQualityStatus?: number;
  readonly preScale?: { readonly scaled?: boolean };
  readonly voxelManager?: { getScalarData(): ArrayLike<number> };
  getPixelData?(): ArrayLike<number>;
}

/** Cornerstone's ImageQualityStatus.FULL_RESOLUTION. */
const FULL_RESOLUTION = 8;

/**
 * The image of a slice once it is final. While a volume is loading, Cornerstone fills gaps with copies of neighbouring
 * slices, and the volume's own voxel manager keeps whatever it saw first for good: reading voxels from it gives some
 * slices twice and others never. So voxels are only read from final images, slice by slice.
 */
export function finalImage({ cornerstone }: Pick<Host, 'cornerstone'>, imageId: string): CornerstoneImage | undefined {
  const image = cornerstone.cache.getImage(imageId) as CornerstoneImage | undefined;
  return (image?.imageQualityStatus ?? FULL_RESOLUTION) >= FULL_RESOLUTION ? image : undefined;
}
