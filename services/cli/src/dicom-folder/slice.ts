import { paddingOverCalcium } from '@voxelwise/calcium/core';
import { paddingRange, type SliceGeometry } from '@voxelwise/dicom';
import { Refusal } from '../refusal.ts';
import { type ImageHeader, parseDecimal, parseDecimals } from './image-header.ts';
import { transferSyntaxOf } from './transfer-syntaxes.ts';

/** How stored values lie in the pixel words. */
export interface PixelFormat {
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  /** Bit number of the most significant stored bit. */
  readonly highBit: number;
  readonly isSigned: boolean;
}

/** One CT image whose values were checked; where it lies is checked with the others, when they are stacked. */
export interface Slice {
  readonly header: ImageHeader;
  readonly rows: number;
  readonly columns: number;
  readonly geometry: SliceGeometry;
  readonly slope: number;
  readonly intercept: number;
  readonly format: PixelFormat;
  /** Stored values in this closed range are padding. */
  readonly padding: ReturnType<typeof paddingRange>;
}

const CT_IMAGE_CLASS = '1.2.840.10008.5.1.4.1.1.2';
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
const ENHANCED_CT_CLASSES = ['1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.2.2'];

/**
 * Checks one image of the series and takes out what the volume needs.
 * @throws Refusal when it is not a CT slice with known Hounsfield units.
 */
export function checkSlice(header: ImageHeader): Slice {
  assertCtImage(header);
  assertDecodable(header);
  const format = formatOf(header);
  const { slope, intercept } = rescaleOf(header, format);
  const { rows = 0, columns = 0, paddingValue: value, paddingRangeLimit: rangeLimit } = header;
  const padding = paddingRange({ value, rangeLimit, isSigned: format.isSigned });
  assertNotTissue(header.file, padding, slope, intercept);
  return { header, rows, columns, geometry: geometryOf(header), slope, intercept, format, padding };
}

function assertCtImage(header: ImageHeader): void {
  const { file, modality, sopClassUid, photometricInterpretation } = header;
  const className = `${CLASS_NAMES[sopClassUid] ?? 'SOP class'} ${sopClassUid || 'missing'}`;
  if (ENHANCED_CT_CLASSES.includes(sopClassUid)) {
    throw new Refusal(
      `${file} is ${className}, which is not read yet; export the series as classic single-frame CT images.`,
    );
  }
  if (modality !== 'CT' || sopClassUid !== CT_IMAGE_CLASS) {
    throw new Refusal(
      `${file} is not a CT slice (modality ${modality || 'missing'}, ${className}); calcium is scored on CT images only, so give a CT series or take this file out of it.`,
    );
  }
  const frames = header.decimals.numberOfFrames;
  if (frames !== null && parseDecimal(frames) !== 1) {
    throw new Refusal(
      `${file} has ${frames} frames in one CT image, which is not read; export the series as single-frame images.`,
    );
  }
  if (header.samplesPerPixel !== 1 || photometricInterpretation !== 'MONOCHROME2') {
    throw new Refusal(
      `${file} is not a grayscale CT image with MONOCHROME2 pixels (SamplesPerPixel ${header.samplesPerPixel ?? 'missing'}, PhotometricInterpretation ${photometricInterpretation || 'missing'}); take it out of the series or export the original images.`,
    );
  }
  if (!header.hasPixelData) {
    throw new Refusal(`${file} has no pixel data, so it may be truncated; copy it again from its source.`);
  }
}

function assertDecodable({ file, transferSyntaxUid, lossyImageCompression }: ImageHeader): void {
  const { name, coding, mayBeLossy, alwaysLossy } = transferSyntaxOf(transferSyntaxUid);
  // A score hangs on single pixels: the peak sets the weight, the rim the area. Loss changes both, and by how much
  // cannot be told from the result, so it is not a matter for a warning.
  if (alwaysLossy || lossyImageCompression === '01' || (mayBeLossy && lossyImageCompression !== '00')) {
    throw new Refusal(
      `${file} is, or may be, lossy compressed (transfer syntax ${transferSyntaxUid}, ${name}), which changes peaks and areas; score the original images instead.`,
    );
  }
  if (coding === null) {
    throw new Refusal(
      `${file} has the transfer syntax ${transferSyntaxUid} (${name}), which cannot be decoded here; convert the series to Explicit VR Little Endian (1.2.840.10008.1.2.1) first.`,
    );
  }
}

function rescaleOf(
  { file, decimals, rescaleType, hasModalityLut }: ImageHeader,
  { bitsStored }: PixelFormat,
): { slope: number; intercept: number } {
  const slope = parseDecimal(decimals.rescaleSlope);
  const intercept = parseDecimal(decimals.rescaleIntercept);
  const spanHu = Math.abs(slope ?? 0) * 2 ** bitsStored;
  if (slope === null || spanHu < SMALLEST_SPAN_HU || spanHu > LARGEST_HU) {
    throw notHounsfield(file, 'RescaleSlope', decimals.rescaleSlope);
  }
  if (intercept === null || Math.abs(intercept) > LARGEST_HU) {
    throw notHounsfield(file, 'RescaleIntercept', decimals.rescaleIntercept);
  }
  if (rescaleType !== null && rescaleType !== 'HU') {
    throw new Refusal(
      `${file} has RescaleType ${rescaleType}, so its values are not Hounsfield units; give a series with RescaleType HU.`,
    );
  }
  if (hasModalityLut) {
    throw new Refusal(
      `${file} maps its values through a Modality LUT Sequence, not by slope and intercept; export the series with RescaleSlope and RescaleIntercept.`,
    );
  }
  return { slope, intercept };
}

function assertNotTissue(file: string, padding: Slice['padding'], slope: number, intercept: number): void {
  if (!padding) return;
  const [from, to] = padding.map(stored => stored * slope + intercept).sort((a, b) => a - b) as [number, number];
  const problem = paddingOverCalcium([from, to]);
  if (problem) throw new Refusal(`${file} ${problem}`);
}

function geometryOf(header: ImageHeader): SliceGeometry {
  const { file, decimals, rows = 0, columns = 0, instanceNumber, sopInstanceUid } = header;
  // What is no number is told apart from what is not there.
  const values = (text: string | null) => (text === null ? [] : (parseDecimals(text) ?? [Number.NaN]));
  return {
    label: instanceNumber ? `${file}, instance ${instanceNumber}` : file,
    rows,
    columns,
    pixelSpacingMm: values(decimals.pixelSpacing),
    position: values(decimals.imagePosition),
    orientation: values(decimals.imageOrientation),
    gantryTiltDegrees: values(decimals.gantryDetectorTilt)[0],
    imageType: header.imageType ?? '',
    sopInstanceUid,
    acquisitionNumber: header.acquisitionNumber ?? '',
    acquisitionTime: header.acquisitionTime ?? '',
    instanceNumber: instanceNumber ?? '',
  };
}

function formatOf({ file, bitsAllocated, bitsStored, highBit, pixelRepresentation }: ImageHeader): PixelFormat {
  const isKnown =
    (bitsAllocated === 8 || bitsAllocated === 16) &&
    bitsStored !== undefined &&
    bitsStored >= 1 &&
    highBit !== undefined &&
    highBit < bitsAllocated &&
    highBit >= bitsStored - 1 &&
    (pixelRepresentation === 0 || pixelRepresentation === 1);
  if (!isKnown) {
    throw new Refusal(
      `${file} has a pixel format that CT slices do not have (BitsAllocated ${bitsAllocated ?? 'missing'}, BitsStored ${bitsStored ?? 'missing'}, HighBit ${highBit ?? 'missing'}, PixelRepresentation ${pixelRepresentation ?? 'missing'}); export the original 16 bit images.`,
    );
  }
  return { bitsAllocated, bitsStored, highBit, isSigned: pixelRepresentation === 1 };
}

function notHounsfield(file: string, attribute: string, value: string | null): Refusal {
  const what = value === null ? 'is missing' : `is not usable (${value})`;
  return new Refusal(
    `${attribute} ${what} in ${file}, so its Hounsfield units are unknown; export the series again with complete headers.`,
  );
}
