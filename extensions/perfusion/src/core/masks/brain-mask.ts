import type { DynamicSignal } from '../dynamic-volume.ts';
import { type Dimensions, largestComponent, withHolesFilled } from './components.ts';
import { dilated, eroded } from './erosion.ts';
import { otsuThreshold } from './otsu-threshold.ts';

/** HU of brain, blood and cerebrospinal fluid before the contrast agent arrives. */
const SOFT_TISSUE_HU = [0, 80] as const;
/** Bridges through gaps of the skull are narrower than twice this. */
const BRIDGE_RADIUS_MM = 3;

/**
 * The brain with its vessels and ventricles, in an image from before the bolus (mean of the first frames).
 *
 * CT: voxels of 0 to 80 HU. MR: voxels above the threshold that best parts the image into dark and bright (Otsu); skull and air
 * are dark. Of these, eroded by 3 mm so that scalp and face come off, the largest component (6 neighbors), grown back by as
 * much within the tissue; then holes are filled in every slice. Slices of air alone stay empty.
 * @param image one value per voxel; NaN is outside
 * @returns 1 in the brain; all 0 when there is none
 */
export function brainMask(
  image: Float32Array,
  dimensions: Dimensions,
  spacingMm: readonly [number, number, number],
  signal: DynamicSignal,
): Uint8Array {
  const [low, high] = signal.kind === 'attenuation' ? SOFT_TISSUE_HU : [otsuThreshold(image), Number.POSITIVE_INFINITY];
  const tissue = new Uint8Array(image.length);
  for (let voxel = 0; voxel < image.length; voxel++)
    if (image[voxel]! >= low && image[voxel]! <= high) tissue[voxel] = 1;
  const radius = [radiusOf(spacingMm[0]), radiusOf(spacingMm[1])] as const;
  const kernel = largestComponent(eroded(tissue, dimensions, radius), dimensions, 6);
  const grown = dilated(kernel, dimensions, radius);
  for (let voxel = 0; voxel < grown.length; voxel++) grown[voxel]! &= tissue[voxel]!;
  return withHolesFilled(grown, dimensions);
}

function radiusOf(spacingMm: number): number {
  return Math.max(1, Math.round(BRIDGE_RADIUS_MM / spacingMm));
}
