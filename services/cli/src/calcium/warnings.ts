import { type Convention, scoringWarnings } from '@voxelwise/calcium/core';
import type { SeriesInformation } from '../dicom-folder/load-series.ts';

/** Increment of the score's definition, mm. */
const DEFINED_INCREMENT_MM = 3;
/** Room for increments measured from rounded positions. */
const TOLERANCE_MM = 0.01;

/**
 * What a reader should know before using the numbers, one sentence each: what the core says of acquisition and
 * convention, and what only a folder of files can show.
 */
export function warningsOf(series: SeriesInformation, convention: Convention, regionCount: number): string[] {
  const { contrast, kVp, incrementMm, sliceThicknessMm, slices } = series;
  const { thresholdHu, weightEdgesHu, equivalent3mm } = convention;
  const increment = Number(incrementMm.toFixed(4));
  const warnings: string[] = [];

  if (regionCount === 0) {
    warnings.push(
      `No regions were given (--rois), so the total covers the whole scan: bone and everything else at or above ${thresholdHu} HU is included, and this is not a coronary score.`,
    );
  }
  warnings.push(...scoringWarnings({ kvp: kVp, incrementMm, contrastAgent: contrast ?? '' }, convention));
  if (thresholdHu !== weightEdgesHu[0]) {
    warnings.push(`The weights are unchanged by --threshold: they start at ${weightEdgesHu.join(', ')} HU.`);
  }
  if (!equivalent3mm && Math.abs(incrementMm - DEFINED_INCREMENT_MM) > TOLERANCE_MM) {
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
  return warnings;
}
