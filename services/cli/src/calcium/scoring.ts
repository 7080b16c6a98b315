import {
  type AcquisitionFacts,
  conventionFor,
  type MassCalibration,
  type ThresholdChoice,
  thresholdsInWords,
} from '@voxelwise/calcium/core';
import type { Switches } from './arguments.ts';
import type { Scoring } from './score-volume.ts';

/** How a series is scored, with the reason for its thresholds. */
export interface ChosenScoring extends Scoring {
  readonly thresholds: { readonly choice: ThresholdChoice | 'by-hand'; readonly reason: string };
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
