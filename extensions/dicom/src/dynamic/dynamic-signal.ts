import type { CtImageHeader } from '../ct-image.ts';
import { CtImageError, type CtValues, checkLoss, formatOf, hounsfieldOf } from '../ct-values.ts';
import { parseDecimal } from '../decimal-text.ts';
import { paddingRange } from '../pixel-padding.ts';
import type { DynamicFrame } from './dynamic-frame.ts';
import { DynamicSeriesError } from './dynamic-series-error.ts';
import { formatNumber } from './format-number.ts';

/** What the scanner measured over time. */
export type MeasuredSignal =
  /** CT: HU, linear in iodine. */
  | { readonly kind: 'attenuation' }
  /** MR, dynamic susceptibility contrast: any unit, proportional to exp(-TE * R2*). */
  | { readonly kind: 'susceptibility'; readonly echoTimeS: number };

/** What the pixel words of an image mean: CT in HU, MR in the scanner's unit. */
export type DynamicValues = CtValues;

/** Brain and the contrast agent in its vessels: padding must not cover their values. */
const PERFUSED_TISSUE = { name: 'brain or a vessel with contrast agent', rangeHu: [0, 600] } as const;

/** Some scanners write the echo time of every image anew, with its rounding. */
const SAME_ECHO = 0.01;

const CLASSES: Readonly<Record<string, readonly string[]>> = {
  // Single-frame, enhanced, legacy converted
  CT: ['1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.2.2'],
  MR: ['1.2.840.10008.5.1.4.1.1.4', '1.2.840.10008.5.1.4.1.1.4.1', '1.2.840.10008.5.1.4.1.1.4.4'],
};

/** Whether an object is an image in which a signal over time can be measured. */
export function isCtOrMr({ modality, sopClassUid }: Pick<CtImageHeader, 'modality' | 'sopClassUid'>): boolean {
  return CLASSES[modality]?.includes(sopClassUid) ?? false;
}

/**
 * The signal of the frames of one series.
 * @throws DynamicSeriesError where the echo time of MR is missing or not one
 */
export function signalOf(frames: readonly DynamicFrame[]): MeasuredSignal {
  if (frames[0]?.modality === 'CT') return { kind: 'attenuation' };
  const weighted = frames.find(({ diffusionBValue }) => (parseDecimal(diffusionBValue) ?? 0) > 0);
  if (weighted) {
    throw new DynamicSeriesError(
      'not-a-source-image',
      `${weighted.label} is diffusion weighted (DiffusionBValue ${weighted.diffusionBValue} s/mm2), so the images differ by more than the contrast agent; take the 4D series of the perfusion scan.`,
    );
  }
  const unusable = frames.find(({ echoTime }) => !((parseDecimal(echoTime) ?? 0) > 0));
  if (unusable) {
    const what = unusable.echoTime === '' ? 'is missing' : `is not usable (${unusable.echoTime})`;
    throw new DynamicSeriesError(
      'echo-time',
      `EchoTime ${what} in ${unusable.label}, and without it the signal cannot be turned into a concentration; export the series again with complete headers.`,
    );
  }
  const echoTimesMs = [...new Set(frames.map(({ echoTime }) => parseDecimal(echoTime)!))].sort((a, b) => a - b);
  const [shortestMs, longestMs] = [echoTimesMs[0]!, echoTimesMs.at(-1)!];
  if (longestMs > shortestMs * (1 + SAME_ECHO)) {
    const list = echoTimesMs.join(' and ');
    throw new DynamicSeriesError(
      'echo-time',
      `The images have ${echoTimesMs.length} echo times, ${list} ms, and series with several echoes are not read; export the images of one echo as a series of their own.`,
    );
  }
  return { kind: 'susceptibility', echoTimeS: (shortestMs + longestMs) / 2000 };
}

/** s. Dynamic susceptibility contrast is measured with longer echoes; shorter ones are those of T1-weighted scans. */
const SHORT_ECHO_S = 0.008;

/** What a reader should know of the signal, one sentence each. */
export function notesOfSignal(signal: MeasuredSignal): string[] {
  if (signal.kind === 'attenuation' || signal.echoTimeS >= SHORT_ECHO_S) return [];
  return [
    `The echo time is ${formatNumber(1000 * signal.echoTimeS)} ms, short for dynamic susceptibility contrast: if this is a T1-weighted scan (DCE), its maps mean nothing.`,
  ];
}

/**
 * What the pixel words of a frame mean.
 * @throws CtImageError when that is not known
 */
export function dynamicValuesOf(frame: DynamicFrame): DynamicValues {
  checkGrayscale(frame);
  return frame.modality === 'CT' ? hounsfieldOf(frame, PERFUSED_TISSUE) : mrValuesOf(frame);
}

function checkGrayscale({ label, samplesPerPixel, photometricInterpretation, imageType }: DynamicFrame): void {
  if (samplesPerPixel !== 1 || photometricInterpretation !== 'MONOCHROME2') {
    throw new CtImageError(
      `${label} is not a grayscale image with MONOCHROME2 pixels (SamplesPerPixel ${samplesPerPixel ?? 'missing'}, PhotometricInterpretation ${photometricInterpretation || 'missing'}); take it out of the series or export the original images.`,
    );
  }
  if (/\bMOSAIC\b/i.test(imageType)) {
    throw new CtImageError(
      `${label} is a mosaic of all slices in one image (ImageType ${imageType}), which is not read; export the series with one image per slice.`,
    );
  }
}

/** MR has no unit: slope and intercept are applied where they are given. */
function mrValuesOf(frame: DynamicFrame): DynamicValues {
  checkLoss(frame);
  const { label, rescaleSlope, rescaleIntercept, hasModalityLut } = frame;
  if (hasModalityLut) {
    throw new CtImageError(
      `${label} maps its values through a Modality LUT Sequence, not by slope and intercept; export the series with RescaleSlope and RescaleIntercept.`,
    );
  }
  const slope = rescaleSlope === '' ? 1 : parseDecimal(rescaleSlope);
  const intercept = rescaleIntercept === '' ? 0 : parseDecimal(rescaleIntercept);
  if (slope === null || slope <= 0 || intercept === null) {
    throw new CtImageError(
      `RescaleSlope or RescaleIntercept is not usable (${rescaleSlope}, ${rescaleIntercept}) in ${label}; export the series again with correct headers.`,
    );
  }
  const format = formatOf(frame);
  const { paddingValue: value, paddingRangeLimit: rangeLimit } = frame;
  const padding = paddingRange({ value, rangeLimit, isSigned: format.isSigned });
  const paddingHu = padding && ([padding[0] * slope + intercept, padding[1] * slope + intercept] as const);
  return { slope, intercept, format, padding, paddingHu };
}
