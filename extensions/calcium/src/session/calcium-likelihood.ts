import { joinedTextOf } from '@voxelwise/dicom';
import type { DisplaySet } from '@voxelwise/host';

/** What a description says that was made to be scored: "CaSc 3.0", "CAC", "Calcium", "Agatston", "Kalk". */
const SOUNDS_LIKE_CALCIUM = /calc|score|cac|agat|kalk|ca[ _-]?sc/i;

/**
 * How much a series looks like a calcium scan; 0 when it cannot be one. The panel and the hanging protocol both go by
 * this, so that the series on screen is the one that is scored.
 */
export function calciumLikelihood(displaySet: DisplaySet): number {
  const { Modality, numImageFrames = 0, isReconstructable, SeriesDescription = '', instances } = displaySet;
  if (Modality !== 'CT' || numImageFrames <= 1) return 0;
  const [instance = {}] = instances ?? [];
  const isLocalizer = /LOCALIZER/i.test(joinedTextOf(instance, 'ImageType'));
  const isCalciumThickness = [2.5, 3].includes(Number(instance.SliceThickness));
  const isPlain = joinedTextOf(instance, 'ContrastBolusAgent').trim() === '';
  return (
    1 +
    8 * Number(isReconstructable === true) +
    4 * Number(!isLocalizer) +
    2 * Number(SOUNDS_LIKE_CALCIUM.test(SeriesDescription)) +
    Number(isCalciumThickness && isPlain)
  );
}

/** No series is likelier than this. */
export const MAXIMUM_LIKELIHOOD = 16;
