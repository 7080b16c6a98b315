import { type ImageOrigin, originOf } from './image-origin.ts';
import type { Keyword } from './results/attributes.ts';
import { itemsOf, joinedTextOf, type NaturalDataSet, numberOf } from './results/natural.ts';

/**
 * What the header of one CT image says, as it stands there: nothing is checked yet. Texts are '' where the attribute is absent,
 * several values are joined by a backslash; numbers are undefined where it is absent.
 */
export interface CtImageHeader extends ImageOrigin {
  /** Names the image in messages: "image 12", or its file. */
  readonly label: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Of the pixels as they came; '' where that is not known. */
  readonly transferSyntaxUid: string;
  readonly modality: string;
  readonly imageType: string;
  readonly instanceNumber: string;
  readonly acquisitionNumber: string;
  readonly acquisitionTime: string;
  readonly photometricInterpretation: string;
  readonly lossyImageCompression: string;
  readonly rescaleType: string;
  readonly hasModalityLut: boolean;
  /** Decimal strings, unparsed, so that a refusal can quote them. */
  readonly numberOfFrames: string;
  readonly rescaleSlope: string;
  readonly rescaleIntercept: string;
  readonly pixelSpacing: string;
  readonly imagePosition: string;
  readonly imageOrientation: string;
  readonly gantryDetectorTilt: string;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly samplesPerPixel: number | undefined;
  readonly bitsAllocated: number | undefined;
  readonly bitsStored: number | undefined;
  readonly highBit: number | undefined;
  readonly pixelRepresentation: number | undefined;
  /** PixelPaddingValue and PixelPaddingRangeLimit, with whichever sign they were given; paddingRange gives them theirs. */
  readonly paddingValue: number | undefined;
  readonly paddingRangeLimit: number | undefined;
}

/** The header of an image that a viewer holds. Its numbers may be texts there, null, or lists of one. */
export function ctImageOf(image: NaturalDataSet): CtImageHeader {
  const text = (keyword: Keyword) => joinedTextOf(image, keyword).trim();
  const number = (keyword: Keyword) => {
    const value = numberOf(image, keyword);
    return Number.isNaN(value) ? undefined : value;
  };
  const instanceNumber = text('InstanceNumber');
  const sopInstanceUid = text('SOPInstanceUID');
  return {
    ...originOf(image),
    label: `image ${instanceNumber || sopInstanceUid || '?'}`,
    sopClassUid: text('SOPClassUID'),
    sopInstanceUid,
    transferSyntaxUid: text('AvailableTransferSyntaxUID'),
    modality: text('Modality'),
    imageType: text('ImageType'),
    instanceNumber,
    acquisitionNumber: text('AcquisitionNumber'),
    acquisitionTime: text('AcquisitionTime'),
    photometricInterpretation: text('PhotometricInterpretation'),
    lossyImageCompression: text('LossyImageCompression'),
    rescaleType: text('RescaleType'),
    hasModalityLut: itemsOf(image, 'ModalityLUTSequence').length > 0,
    numberOfFrames: text('NumberOfFrames'),
    rescaleSlope: text('RescaleSlope'),
    rescaleIntercept: text('RescaleIntercept'),
    pixelSpacing: text('PixelSpacing'),
    imagePosition: text('ImagePositionPatient'),
    imageOrientation: text('ImageOrientationPatient'),
    gantryDetectorTilt: text('GantryDetectorTilt'),
    rows: number('Rows'),
    columns: number('Columns'),
    samplesPerPixel: number('SamplesPerPixel'),
    bitsAllocated: number('BitsAllocated'),
    bitsStored: number('BitsStored'),
    highBit: number('HighBit'),
    pixelRepresentation: number('PixelRepresentation'),
    paddingValue: number('PixelPaddingValue'),
    paddingRangeLimit: number('PixelPaddingRangeLimit'),
  };
}
