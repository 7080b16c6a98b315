import { type Convention, DEFAULT_CONVENTION } from './convention.ts';

/** Facts of an acquisition that bear on what a calcium score means. */
export interface AcquisitionFacts {
  /** Tube voltage in kV, null where not recorded. */
  readonly kvp: number | null;
  readonly incrementMm: number;
  /** Text of Contrast/Bolus Agent, '' where absent. */
  readonly contrastAgent: string;
}

/** Departures from the acquisition and the convention that published scores rest on, one sentence each. */
export function scoringWarnings(facts: AcquisitionFacts, convention: Convention): string[] {
  const { kvp, incrementMm, contrastAgent } = facts;
  const warnings: string[] = [];
  if (contrastAgent !== '') {
    warnings.push(`Contrast agent recorded (${contrastAgent}): calcium scores are defined on non-contrast scans.`);
  }
  if (kvp === null) {
    warnings.push('Tube voltage not recorded: the thresholds hold at 120 kV.');
  } else if (kvp !== 120) {
    warnings.push(
      `Tube voltage ${kvp} kV: the thresholds hold at 120 kV, scores at other voltages are not comparable.`,
    );
  }
  if (incrementMm > 3 + 1e-3) {
    warnings.push(`Slice increment ${incrementMm.toFixed(2)} mm is more than 3 mm: small lesions can be missed.`);
  }
  if (convention.thresholdHu !== DEFAULT_CONVENTION.thresholdHu) {
    warnings.push(
      `Threshold ${convention.thresholdHu} HU instead of ${DEFAULT_CONVENTION.thresholdHu}: not a standard Agatston score.`,
    );
  }
  return warnings;
}
