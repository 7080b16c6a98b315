import type { AreaShape } from '@voxelwise/host';
import { type CalibrationRoi, type CalibrationRois, ellipseProblem, measureEllipse } from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';
import { sliceRangeName } from './slices.ts';

/** The two materials that a calibration measures. */
export const CALIBRATION_MATERIALS = ['insert', 'water'] as const;
export type CalibrationMaterial = (typeof CALIBRATION_MATERIALS)[number];

/** The regions that a reader has drawn so far. */
export type DrawnRois = { readonly [material in CalibrationMaterial]: CalibrationRoi | null };

export const NO_ROIS: DrawnRois = { insert: null, water: null };

/** Both regions, null while one is missing. */
export function roiPair({ insert, water }: DrawnRois): CalibrationRois | null {
  return insert && water && { insert, water };
}

/** What a slice holds inside a drawn shape, or why that is no region to calibrate with. */
export function measuredRoi(
  series: CtSeries,
  slice: number,
  shape: AreaShape,
): CalibrationRoi | { readonly hint: string } {
  if (shape.kind !== 'ellipse') return { hint: 'A region to calibrate with is an ellipse.' };
  const { centre, radii } = shape;
  const measured = measureEllipse(series.readSlice(slice), series.dimensions, shape);
  const hint = ellipseProblem(measured);
  if (hint) return { hint };
  const { pixels, meanHu, sdHu } = measured;
  return { slice, imageName: sliceRangeName(series, [slice, slice]), centre, radii, pixels, meanHu, sdHu };
}

/** A measured region in a few words: "315 ± 22 HU, 613 px". */
export function roiSummary({ meanHu, sdHu, pixels }: Pick<CalibrationRoi, 'meanHu' | 'sdHu' | 'pixels'>): string {
  if (pixels === 0) return '0 px';
  return `${meanHu.toFixed(1)} ± ${sdHu.toFixed(1)} HU, ${pixels} px`;
}
