import { type Convention, describeConvention } from './convention.ts';
import type { HuVolume } from './hu-volume.ts';
import { describeMass, type MassCalibration } from './mass.ts';
import { thresholdReason, type VoltageFacts } from './tube-voltage.ts';

/** Everything that a number's convention is, one line each: what was counted, how mass came about, and why these thresholds. */
export function conventionInWords(
  convention: Convention,
  spacingMm: HuVolume['spacingMm'],
  facts: VoltageFacts,
  calibration: MassCalibration | null,
): string[] {
  return [
    ...describeConvention(convention, spacingMm),
    ...describeMass(calibration, convention.thresholdHu),
    thresholdsInWords(convention, facts),
  ];
}

/** Why these thresholds: by hand, or by the tube voltage. */
export function thresholdsInWords(convention: Convention, facts: VoltageFacts): string {
  const { thresholdHu, weightEdgesHu } = convention;
  const byHand = thresholdHu === weightEdgesHu[0] ? '' : `Threshold ${thresholdHu} HU by hand. `;
  return `${byHand}${thresholdReason(facts, convention)}`;
}
