import {
  type AcquisitionFacts,
  calendarDay,
  conventionFor,
  enteredCalibration,
  type MassCalibration,
  type ThresholdChoice,
  thresholdsInWords,
} from '@voxelwise/calcium/core';
import type { LoadedSeries } from '../dicom-folder/load-series.ts';
import { Refusal } from '../refusal.ts';
import type { Switches } from './arguments.ts';
import type { Scoring } from './score-volume.ts';

/** How a series is scored, with the reason for its thresholds. */
export interface ChosenScoring extends Scoring {
  readonly thresholds: { readonly choice: ThresholdChoice | 'by-hand'; readonly reason: string };
}

/** What bears on the meaning of the score, from the headers. */
export function factsOf({ information, padded }: Pick<LoadedSeries, 'information' | 'padded'>): AcquisitionFacts {
  const { kVp, kVps, incrementMm, sliceThicknessMm, slices, contrast, kernel, gating, filterMaterial, imageTypes } =
    information;
  return {
    kvp: kVp,
    kvps: kVps,
    incrementMm,
    sliceThicknessMm,
    sliceCount: slices,
    contrastAgent: contrast ?? '',
    kernels: [kernel ?? ''],
    gating: gating ?? '',
    filterMaterials: [filterMaterial ?? ''],
    imageTypes,
    padded,
  };
}

/** The switches applied to a series: thresholds by tube voltage depend on it. */
export function scoringOf(
  facts: AcquisitionFacts,
  { base, thresholds, thresholdHu }: Switches,
  calibration: MassCalibration | null,
): ChosenScoring {
  const { convention, reason } = conventionFor(facts, thresholds, base);
  if (thresholdHu === undefined) return { convention, calibration, thresholds: { choice: thresholds, reason } };
  const byHand = { ...convention, thresholdHu };
  return {
    convention: byHand,
    calibration,
    thresholds: { choice: 'by-hand', reason: thresholdsInWords(byHand, facts) },
  };
}

/**
 * The calibration of an option, null without it.
 * @throws Refusal when no scanner has such a factor.
 */
export function calibrationOf({ massCalibration }: Switches, day: Date): MassCalibration | null {
  if (!massCalibration) return null;
  const date = calendarDay(day);
  try {
    return enteredCalibration({ ...massCalibration, date, text: 'on the command line' });
  } catch (error) {
    throw error instanceof RangeError ? new Refusal(error.message) : error;
  }
}
