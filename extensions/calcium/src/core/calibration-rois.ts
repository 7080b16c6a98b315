import { ellipseSpans } from '@voxelwise/compute/twins';
import { NO_VOXEL_HU } from './hu-volume.ts';
import { type CalibrationRoi, type CalibrationRois, type MassCalibration, measuredCalibration } from './mass.ts';

/** What an ellipse on a slice holds. */
export interface MeasuredEllipse {
  readonly pixels: number;
  readonly meanHu: number;
  /** Standard deviation of the pixels, 0 for a single one. */
  readonly sdHu: number;
  /** Part of it lies outside the image, or where nothing was reconstructed. */
  readonly isCut: boolean;
}

/** Fewer pixels say nothing of a material: half of them lie on the rim. */
const LEAST_PIXELS = 20;
/** More spread than this part of the difference of the means is another material in the region, more often than noise. */
const MOST_SPREAD = 0.2;
/** How exactly the difference of the means must be known, as a part of it. */
const MOST_STANDARD_ERROR = 0.02;

/**
 * Mean and spread of a slice's pixels with their centre in an ellipse, the rim included.
 * @param hu one slice, row by row
 */
export function measureEllipse(
  hu: ArrayLike<number>,
  [columns, rows]: readonly [number, number, ...number[]],
  { centre, radii }: Pick<CalibrationRoi, 'centre' | 'radii'>,
): MeasuredEllipse {
  const isOutside = (at: number, radius: number, size: number) => at - radius < -0.5 || at + radius > size - 0.5;
  let isCut = isOutside(centre[0], radii[0], columns) || isOutside(centre[1], radii[1], rows);
  const values: number[] = [];
  ellipseSpans(centre, radii, columns, rows).forEach((spans, row) => {
    for (const { start, end } of spans) {
      for (let column = start; column < end; column++) {
        const value = hu[row * columns + column]!;
        if (value === NO_VOXEL_HU) isCut = true;
        else values.push(value);
      }
    }
  });
  const pixels = values.length;
  const meanHu = values.reduce((sum, value) => sum + value, 0) / pixels;
  const squares = values.reduce((sum, value) => sum + (value - meanHu) ** 2, 0);
  return { pixels, meanHu, sdHu: pixels > 1 ? Math.sqrt(squares / (pixels - 1)) : 0, isCut };
}

/** Why an ellipse cannot be a region of a calibration, in one sentence; '' when it can. */
export function ellipseProblem({ pixels, isCut }: MeasuredEllipse): string {
  if (isCut) return 'The region reaches beyond the image: draw it inside.';
  if (pixels >= LEAST_PIXELS) return '';
  return `The region holds ${pixels} ${pixels === 1 ? 'pixel' : 'pixels'}, too few to measure: draw it larger, with at least ${LEAST_PIXELS}.`;
}

/**
 * A calibration from two regions of the same scan.
 * @throws RangeError with a sentence when they are not of two materials that can be told apart well enough, or the factor is not
 *   plausible
 */
export function calibrationFromRois({
  rois,
  ...given
}: {
  readonly rois: CalibrationRois;
  readonly densityMgPerCm3: number;
  readonly date: string;
  readonly text: string;
}): MassCalibration {
  const { insert, water } = rois;
  const calibration = measuredCalibration({ ...given, insertMeanHu: insert.meanHu, waterMeanHu: water.meanHu, rois });
  const difference = insert.meanHu - water.meanHu;
  for (const [name, { sdHu }] of [['insert', insert] as const, ['water', water] as const]) {
    if (sdHu <= MOST_SPREAD * difference) continue;
    throw new RangeError(
      `The region in the ${name} spreads too much (SD ${rounded(sdHu)} HU, for means that differ by ${rounded(difference)} HU): keep it away from the rim, or the scan is too noisy to calibrate with.`,
    );
  }
  const standardError = Math.sqrt(insert.sdHu ** 2 / insert.pixels + water.sdHu ** 2 / water.pixels) / difference;
  if (standardError > MOST_STANDARD_ERROR) {
    throw new RangeError(
      `These regions give the factor to ${rounded(100 * standardError)} % only, because of the noise: draw them larger, for ${100 * MOST_STANDARD_ERROR} % or less.`,
    );
  }
  return calibration;
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}
