import type { GatingAttributes } from '@voxelwise/calcium/core';
import type { DataSet } from 'dicom-parser';
import { oneLine } from '../refusal.ts';

/** The attributes of one image that this program reads, as they stand in the file: nothing is checked yet. */
export interface ImageHeader {
  /** Path relative to the folder, for messages. */
  readonly file: string;
  readonly path: string;
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  /** Only ever compared, never printed. */
  readonly patientId: string;
  readonly patientName: string;
  readonly patientBirthDate: string;
  readonly frameOfReferenceUid: string;
  readonly seriesNumber: string | null;
  readonly modality: string;
  readonly description: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly kernel: string | null;
  readonly contrastAgent: string | null;
  readonly filterMaterial: string | null;
  /** Attributes that tell of ECG gating. */
  readonly gating: GatingAttributes;
  readonly imageType: string | null;
  readonly instanceNumber: string | null;
  readonly acquisitionNumber: string | null;
  readonly acquisitionTime: string | null;
  readonly photometricInterpretation: string;
  readonly rescaleType: string | null;
  readonly lossyImageCompression: string | null;
  /** Decimal strings, unparsed, so that a refusal can quote them. */
  readonly decimals: {
    readonly kVp: string | null;
    readonly sliceThickness: string | null;
    readonly gantryDetectorTilt: string | null;
    readonly pixelSpacing: string | null;
    readonly imagePosition: string | null;
    readonly imageOrientation: string | null;
    readonly rescaleSlope: string | null;
    readonly rescaleIntercept: string | null;
    readonly numberOfFrames: string | null;
  };
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly samplesPerPixel: number | undefined;
  readonly bitsAllocated: number | undefined;
  readonly bitsStored: number | undefined;
  readonly highBit: number | undefined;
  readonly pixelRepresentation: number | undefined;
  /** PixelPaddingValue and PixelPaddingRangeLimit as unsigned words; paddingRange gives them their sign. */
  readonly paddingValue: number | undefined;
  readonly paddingRangeLimit: number | undefined;
  readonly hasPixelData: boolean;
  readonly hasModalityLut: boolean;
}

/**
 * Reads the header of a parsed file. What is missing or empty is null, undefined or ''.
 * @throws where an element lies outside of the file.
 */
export function readImageHeader(dataSet: DataSet, transferSyntaxUid: string, file: string, path: string): ImageHeader {
  const isUtf8 = /ISO_IR 192/.test(dataSet.string('x00080005') ?? '');
  const text = (tag: string): string | null => {
    const element = dataSet.elements[tag];
    if (!element || element.length === 0) return null;
    const bytes = Buffer.from(dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length));
    return oneLine(bytes.toString(isUtf8 ? 'utf8' : 'latin1')) || null;
  };
  const number = (tag: string): number | undefined => {
    const element = dataSet.elements[tag];
    return element && element.length >= 2 ? dataSet.uint16(tag) : undefined;
  };
  const contrastSequence = dataSet.elements.x00180012?.items ?? [];

  return {
    file,
    path,
    transferSyntaxUid,
    sopClassUid: text('x00080016') ?? text('x00020002') ?? '',
    sopInstanceUid: text('x00080018') ?? '',
    studyUid: text('x0020000d') ?? '',
    seriesUid: text('x0020000e') ?? '',
    patientId: text('x00100020') ?? '',
    patientName: text('x00100010') ?? '',
    patientBirthDate: text('x00100030') ?? '',
    frameOfReferenceUid: text('x00200052') ?? '',
    seriesNumber: text('x00200011'),
    modality: text('x00080060') ?? '',
    description: text('x0008103e'),
    manufacturer: text('x00080070'),
    model: text('x00081090'),
    kernel: text('x00181210'),
    contrastAgent: text('x00180010') ?? (contrastSequence.length > 0 ? 'named by code' : null),
    filterMaterial: text('x00187050'),
    gating: {
      cardiacSynchronizationTechnique: text('x00189037') ?? '',
      scanOptions: text('x00180022') ?? '',
      triggerTime: text('x00181060') ?? '',
      cardiacPhasePercent: text('x00209241') ?? '',
    },
    imageType: text('x00080008'),
    instanceNumber: text('x00200013'),
    acquisitionNumber: text('x00200012'),
    acquisitionTime: text('x00080032'),
    photometricInterpretation: text('x00280004') ?? '',
    rescaleType: text('x00281054'),
    lossyImageCompression: text('x00282110'),
    decimals: {
      kVp: text('x00180060'),
      sliceThickness: text('x00180050'),
      gantryDetectorTilt: text('x00181120'),
      pixelSpacing: text('x00280030'),
      imagePosition: text('x00200032'),
      imageOrientation: text('x00200037'),
      rescaleSlope: text('x00281053'),
      rescaleIntercept: text('x00281052'),
      numberOfFrames: text('x00280008'),
    },
    rows: number('x00280010'),
    columns: number('x00280011'),
    samplesPerPixel: number('x00280002'),
    bitsAllocated: number('x00280100'),
    bitsStored: number('x00280101'),
    highBit: number('x00280102'),
    pixelRepresentation: number('x00280103'),
    paddingValue: number('x00280120'),
    paddingRangeLimit: number('x00280121'),
    hasPixelData: dataSet.elements.x7fe00010 !== undefined,
    hasModalityLut: (dataSet.elements.x00283000?.items ?? []).length > 0,
  };
}

/** Values of a decimal string (VR DS or IS), or null when one of them is not a finite number. */
export function parseDecimals(text: string | null): number[] | null {
  if (text === null) return null;
  const parts = text.split('\\').map(part => part.trim());
  if (!parts.every(part => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(part))) return null;
  const values = parts.map(Number);
  return values.every(Number.isFinite) ? values : null;
}

/** The single value of a decimal string, or null. */
export function parseDecimal(text: string | null): number | null {
  const values = parseDecimals(text);
  return values?.length === 1 ? values[0]! : null;
}
