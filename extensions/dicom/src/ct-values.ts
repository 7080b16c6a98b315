import type { CtImageHeader } from './ct-image.ts';
import { parseDecimal } from './decimal-text.ts';
import { paddingRange } from './pixel-padding.ts';
import { transferSyntaxOf } from './transfer-syntax.ts';

/** How stored values lie in the pixel words. */
export interface PixelFormat {
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  /** Bit number of the most significant stored bit. */
  readonly highBit: number;
  readonly isSigned: boolean;
}

/** What the pixel words of a CT image mean: HU = stored value x slope + intercept, padding excluded. */
export interface CtValues {
  readonly slope: number;
  readonly intercept: number;
  readonly format: PixelFormat;
  /** Stored values in this closed range are padding. */
  readonly padding: ReturnType<typeof paddingRange>;
  /** The same in HU, unrounded, lower end first. */
  readonly paddingHu: readonly [lowest: number, highest: number] | null;
}

/** What is to be measured, by its CT numbers: padding must not cover them. */
export interface MeasuredTissue {
  readonly name: string;
  readonly rangeHu: readonly [lowest: number, highest: number];
}

/** Why an image is no CT slice with known Hounsfield units, in one sentence for the reader. */
export class CtImageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CtImageError';
  }
}

const CT_IMAGE_CLASS = '1.2.840.10008.5.1.4.1.1.2';
const ENHANCED_CT_CLASSES = ['1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.2.2'];
const CLASS_NAMES: Readonly<Record<string, string>> = {
  [CT_IMAGE_CLASS]: 'CT Image Storage',
  '1.2.840.10008.5.1.4.1.1.2.1': 'Enhanced CT Image Storage (multi-frame)',
  '1.2.840.10008.5.1.4.1.1.2.2': 'Legacy Converted Enhanced CT Image Storage (multi-frame)',
  '1.2.840.10008.5.1.4.1.1.1': 'Computed Radiography Image Storage',
  '1.2.840.10008.5.1.4.1.1.1.2': 'Digital Mammography X-Ray Image Storage',
  '1.2.840.10008.5.1.4.1.1.4': 'MR Image Storage',
  '1.2.840.10008.5.1.4.1.1.4.1': 'Enhanced MR Image Storage',
  '1.2.840.10008.5.1.4.1.1.7': 'Secondary Capture Image Storage',
  '1.2.840.10008.5.1.4.1.1.7.2': 'Multi-frame Grayscale Byte Secondary Capture Image Storage',
  '1.2.840.10008.5.1.4.1.1.7.4': 'Multi-frame True Color Secondary Capture Image Storage',
  '1.2.840.10008.5.1.4.1.1.66.4': 'Segmentation Storage',
  '1.2.840.10008.5.1.4.1.1.88.67': 'X-Ray Radiation Dose SR Storage',
  '1.2.840.10008.5.1.4.1.1.128': 'Positron Emission Tomography Image Storage',
  '1.2.840.10008.5.1.4.1.1.481.3': 'RT Structure Set Storage',
};
/** All values together span at least this, or they could not tell tissue from calcium, and none is larger than that. */
const SMALLEST_SPAN_HU = 100;
const LARGEST_HU = 1e7;
/** Padding may have a value of the measured tissue, but not this many. */
const MOST_PADDING_HU = 100;

/**
 * Checks what the pixel words of one image mean; where it lies is checked with the others, by stackSlices.
 * @throws CtImageError when it is not a CT image with known Hounsfield units
 */
export function ctValuesOf(header: CtImageHeader, tissue: MeasuredTissue): CtValues {
  checkKind(header);
  return hounsfieldOf(header, tissue);
}

/**
 * The same without asking which kind of object the image is: of a frame of a multi-frame image too.
 * @throws CtImageError when its values are no known Hounsfield units
 */
export function hounsfieldOf(header: CtImageHeader, tissue: MeasuredTissue): CtValues {
  checkLoss(header);
  const format = formatOf(header);
  const { slope, intercept } = rescaleOf(header, format);
  const { paddingValue: value, paddingRangeLimit: rangeLimit } = header;
  const padding = paddingRange({ value, rangeLimit, isSigned: format.isSigned });
  const [a, b] = (padding ?? [0, 0]).map(stored => stored * slope + intercept) as [number, number];
  const paddingHu = padding && ([Math.min(a, b), Math.max(a, b)] as const);
  if (paddingHu) checkPadding(header, paddingHu, tissue);
  return { slope, intercept, format, padding, paddingHu };
}

function checkKind(header: CtImageHeader): void {
  const { label, modality, sopClassUid, numberOfFrames, samplesPerPixel, photometricInterpretation } = header;
  const className = `${CLASS_NAMES[sopClassUid] ?? 'SOP class'} ${sopClassUid || 'missing'}`;
  if (ENHANCED_CT_CLASSES.includes(sopClassUid)) {
    throw new CtImageError(
      `${label} is ${className}, which is not read yet; export the series as classic single-frame CT images.`,
    );
  }
  if (modality !== 'CT' || sopClassUid !== CT_IMAGE_CLASS) {
    throw new CtImageError(
      `${label} is not a CT slice (modality ${modality || 'missing'}, ${className}), and only CT images have Hounsfield units; take a CT series, or take this image out of it.`,
    );
  }
  if (numberOfFrames !== '' && parseDecimal(numberOfFrames) !== 1) {
    throw new CtImageError(
      `${label} has ${numberOfFrames} frames in one CT image, which is not read; export the series as single-frame images.`,
    );
  }
  if (samplesPerPixel !== 1 || photometricInterpretation !== 'MONOCHROME2') {
    throw new CtImageError(
      `${label} is not a grayscale CT image with MONOCHROME2 pixels (SamplesPerPixel ${samplesPerPixel ?? 'missing'}, PhotometricInterpretation ${photometricInterpretation || 'missing'}); take it out of the series or export the original images.`,
    );
  }
}

/**
 * A score hangs on single pixels: the peak sets the weight, the rim the area. Loss changes both, and by how much cannot be told
 * from the result, so it is not a matter for a warning.
 */
export function checkLoss({ label, transferSyntaxUid, lossyImageCompression }: CtImageHeader): void {
  const { name, loss } = transferSyntaxOf(transferSyntaxUid);
  const isLost = loss === 'certain' || lossyImageCompression === '01';
  if (!isLost && (loss === 'none' || lossyImageCompression === '00')) return;
  const how =
    lossyImageCompression === '01' ? 'LossyImageCompression 01' : `transfer syntax ${transferSyntaxUid}, ${name}`;
  throw new CtImageError(
    `${label} ${isLost ? 'is' : 'may be'} lossy compressed (${how}), which changes single values, and with them peaks and areas; take the original images instead.`,
  );
}

/** How the values lie in the pixel words. @throws CtImageError when the header does not say it, or says what no slice has */
export function formatOf({
  label,
  bitsAllocated,
  bitsStored,
  highBit,
  pixelRepresentation,
}: CtImageHeader): PixelFormat {
  const isKnown =
    (bitsAllocated === 8 || bitsAllocated === 16) &&
    bitsStored !== undefined &&
    bitsStored >= 1 &&
    highBit !== undefined &&
    highBit < bitsAllocated &&
    highBit >= bitsStored - 1 &&
    (pixelRepresentation === 0 || pixelRepresentation === 1);
  if (!isKnown) {
    throw new CtImageError(
      `${label} has a pixel format that CT slices do not have (BitsAllocated ${bitsAllocated ?? 'missing'}, BitsStored ${bitsStored ?? 'missing'}, HighBit ${highBit ?? 'missing'}, PixelRepresentation ${pixelRepresentation ?? 'missing'}); export the original 16 bit images.`,
    );
  }
  return { bitsAllocated, bitsStored, highBit, isSigned: pixelRepresentation === 1 };
}

function rescaleOf(
  { label, rescaleSlope, rescaleIntercept, rescaleType, hasModalityLut }: CtImageHeader,
  { bitsStored }: PixelFormat,
): { slope: number; intercept: number } {
  if (hasModalityLut) {
    throw new CtImageError(
      `${label} maps its values through a Modality LUT Sequence, not by slope and intercept; export the series with RescaleSlope and RescaleIntercept.`,
    );
  }
  const slope = parseDecimal(rescaleSlope);
  const intercept = parseDecimal(rescaleIntercept);
  const spanHu = Math.abs(slope ?? 0) * 2 ** bitsStored;
  if (slope === null || spanHu < SMALLEST_SPAN_HU || spanHu > LARGEST_HU) {
    throw notHounsfield(label, 'RescaleSlope', rescaleSlope);
  }
  if (intercept === null || Math.abs(intercept) > LARGEST_HU) {
    throw notHounsfield(label, 'RescaleIntercept', rescaleIntercept);
  }
  if (rescaleType !== '' && rescaleType !== 'HU') {
    throw new CtImageError(
      `${label} has RescaleType ${rescaleType}, so its values are not Hounsfield units; take a series with RescaleType HU.`,
    );
  }
  return { slope, intercept };
}

/** Padding over the values of what is measured would take it out without a trace. */
function checkPadding(
  { label }: CtImageHeader,
  [lowestHu, highestHu]: readonly [number, number],
  { name, rangeHu }: MeasuredTissue,
): void {
  const coveredHu = Math.min(highestHu, rangeHu[1]) - Math.max(lowestHu, rangeHu[0]);
  if (coveredHu < MOST_PADDING_HU) return;
  throw new CtImageError(
    `${label} declares all values from ${lowestHu} to ${highestHu} HU as padding (PixelPaddingValue, PixelPaddingRangeLimit), and ${name} has such values; export the series again with correct headers.`,
  );
}

function notHounsfield(label: string, attribute: string, value: string): CtImageError {
  const what = value === '' ? 'is missing' : `is not usable (${value})`;
  return new CtImageError(
    `${attribute} ${what} in ${label}, so its Hounsfield units are unknown; export the series again with complete headers.`,
  );
}
