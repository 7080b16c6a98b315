import { recorded } from './acquisition-facts.ts';
import type { Convention } from './convention.ts';
import { type PaddedVoxels, paddingWarnings } from './padding.ts';
import { isSharpKernel } from './reconstruction-kernel.ts';
import { areThresholdsStandard, thresholdReason, type VoltageFacts } from './tube-voltage.ts';

/** Facts of an acquisition that bear on what a calcium score means. */
export interface AcquisitionFacts extends VoltageFacts {
  readonly incrementMm: number;
  /** SliceThickness, null where not recorded. */
  readonly sliceThicknessMm: number | null;
  readonly sliceCount: number;
  /** Text of Contrast/Bolus Agent of the slices that have one, '' where none has. */
  readonly contrastAgent: string;
  /** What the headers say of ECG gating (gatingOf), '' where those of some slices say nothing. */
  readonly gating?: string;
  /** ImageType (0008,0008) of the slices, every one that occurs, several values joined by a backslash. */
  readonly imageTypes?: readonly string[];
  /** Bright voxels that are padding. */
  readonly padded?: PaddedVoxels;
}

/** Increment in mm that the score was defined with. */
const DEFINED_INCREMENT_MM = 3;
/** Room for increments measured from rounded positions. */
const TOLERANCE_MM = 0.01;

/** Departures from the acquisition and the convention that published scores rest on, one sentence each. */
export function scoringWarnings(facts: AcquisitionFacts, convention: Convention): string[] {
  const { incrementMm, sliceThicknessMm, sliceCount, contrastAgent, kernels = [], gating } = facts;
  const { thresholdHu, weightEdgesHu, equivalent3mm } = convention;
  const warnings: string[] = [];
  const reformatted = facts.imageTypes?.find(isReformatted);
  if (reformatted !== undefined) {
    warnings.push(
      `Images made from other images (ImageType ${reformatted}): that smooths peaks and edges, so score the original slices where there are any.`,
    );
  }
  if (facts.padded) warnings.push(...paddingWarnings(facts.padded, thresholdHu));
  if (contrastAgent !== '') {
    warnings.push(`Contrast agent recorded (${contrastAgent}): calcium scores are defined on non-contrast scans.`);
  }
  if (!areThresholdsStandard(facts, convention)) warnings.push(thresholdReason(facts, convention));
  if (incrementMm > DEFINED_INCREMENT_MM + TOLERANCE_MM) {
    warnings.push(`Slice increment ${mm(incrementMm)} mm is more than 3 mm: small lesions can be missed.`);
  }
  if (sliceThicknessMm !== null && incrementMm > sliceThicknessMm + TOLERANCE_MM) {
    warnings.push(
      `Slices ${mm(sliceThicknessMm)} mm thick and ${mm(incrementMm)} mm apart: calcium between them is not seen.`,
    );
  }
  if (sliceCount === 2) warnings.push('Only 2 slices: a missing slice between them cannot be noticed.');
  if (thresholdHu !== weightEdgesHu[0]) {
    warnings.push(
      `Threshold ${thresholdHu} HU instead of ${weightEdgesHu[0]}, with weights from ${weightEdgesHu.join(', ')} HU as ever: not a standard Agatston score.`,
    );
  }
  const named = recorded(kernels);
  const sharp = named.filter(isSharpKernel);
  if (named.length > 1) {
    warnings.push(`Reconstruction kernels ${named.join(' and ')} in one series: the score is not comparable.`);
  }
  if (named.length < kernels.length) {
    warnings.push('Reconstruction kernel not recorded: a kernel that enhances edges raises the score.');
  }
  if (sharp.length > 0) {
    const enhance = sharp.length === 1 ? 'enhances' : 'enhance';
    warnings.push(
      `Reconstruction kernel ${sharp.join(' and ')} ${enhance} edges, which raises noise, peaks and the score.`,
    );
  }
  if (gating === '') {
    warnings.push('ECG gating not recorded: without it motion blurs calcium, and the score is less repeatable.');
  }
  if (!equivalent3mm && Math.abs(incrementMm - DEFINED_INCREMENT_MM) > TOLERANCE_MM) {
    warnings.push(
      `Slice increment ${mm(incrementMm)} mm without 3 mm equivalence: the score does not compare with those of 3 mm scans.`,
    );
  }
  return warnings;
}

/** Derived and secondary: by a workstation from the images of the scanner. Scanners call their own reformats primary. */
function isReformatted(imageType: string): boolean {
  const [pixels, examination] = imageType.toUpperCase().split('\\');
  return pixels?.trim() === 'DERIVED' && examination?.trim() === 'SECONDARY';
}

function mm(value: number): string {
  return String(Number(value.toFixed(2)));
}
