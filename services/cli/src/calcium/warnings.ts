import type { Convention } from '@voxelwise/calcium/core';
import type { SeriesInformation } from '../dicom-folder/load-series.ts';

/** Increments up to this, in mm, are those of the score's definition. */
const USUAL_INCREMENT_MM = 3;
const USUAL_KVP = 120;
const USUAL_THRESHOLD_HU = 130;
/** Room for increments measured from rounded positions. */
const TOLERANCE_MM = 0.01;

/** What a reader should know before using the numbers, one sentence each. */
export function warningsOf(series: SeriesInformation, convention: Convention, regionCount: number): string[] {
  const { contrast, kVp, incrementMm, sliceThicknessMm, slices } = series;
  const { thresholdHu, weightEdgesHu, equivalent3mm } = convention;
  const warnings: string[] = [];
  const increment = Number(incrementMm.toFixed(4));

  if (regionCount === 0) {
    warnings.push(
      `No regions were given (--rois), so the total covers the whole scan: bone and everything else at or above ${thresholdHu} HU is included, and this is not a coronary score.`,
    );
  }
  if (contrast !== null) {
    warnings.push(
      `A contrast agent is recorded (${contrast}); the Agatston score is defined on scans without contrast.`,
    );
  }
  if (kVp === null) {
    warnings.push('The tube voltage is not recorded; threshold and weights are those for 120 kVp.');
  } else if (kVp !== USUAL_KVP) {
    warnings.push(`The tube voltage is ${kVp} kVp; threshold and weights are those for 120 kVp.`);
  }
  if (incrementMm > USUAL_INCREMENT_MM + TOLERANCE_MM) {
    warnings.push(`The slice increment is ${increment} mm, more than the 3 mm of the score's definition.`);
  }
  if (!equivalent3mm && Math.abs(incrementMm - USUAL_INCREMENT_MM) > TOLERANCE_MM) {
    warnings.push(
      `The slice increment is ${increment} mm and the 3 mm equivalence is off, so the score does not compare with those of 3 mm scans.`,
    );
  }
  if (sliceThicknessMm !== null && incrementMm > sliceThicknessMm + TOLERANCE_MM) {
    warnings.push(
      `The slices are ${sliceThicknessMm} mm thick and ${increment} mm apart, so calcium between them is not seen.`,
    );
  }
  if (slices === 2) warnings.push('There are only 2 slices, so a missing slice between them cannot be noticed.');
  if (thresholdHu !== USUAL_THRESHOLD_HU) {
    warnings.push(
      `The threshold is ${thresholdHu} HU instead of 130 HU, with the weights unchanged (from ${weightEdgesHu.join(', ')} HU): this is not the standard Agatston score.`,
    );
  }
  return warnings;
}
