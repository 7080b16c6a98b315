import type { GatingAttributes } from '@voxelwise/calcium/core';
import { gatingAttributes } from '@voxelwise/calcium/core';
import { type CtImageHeader, ctImageOf, itemsOf, joinedTextOf, type Keyword, toDataSet } from '@voxelwise/dicom';
import type { DataSet } from 'dicom-parser';
import { oneLine } from '../refusal.ts';

/** The attributes of one image that this program reads, as they stand in the file: nothing is checked yet. */
export interface ImageHeader extends CtImageHeader {
  /** Path relative to the folder, for messages. */
  readonly file: string;
  readonly path: string;
  readonly seriesUid: string;
  readonly seriesNumber: string;
  readonly description: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly kernel: string | null;
  readonly contrastAgent: string | null;
  readonly filterMaterial: string | null;
  /** Decimal strings. */
  readonly kVp: string;
  readonly sliceThickness: string;
  /** Attributes that tell of ECG gating. */
  readonly gating: GatingAttributes;
  readonly hasPixelData: boolean;
}

/** Reads the header of a parsed file. What is missing or empty is null, undefined or ''. */
export function readImageHeader(parsed: DataSet, transferSyntaxUid: string, file: string, path: string): ImageHeader {
  const dataSet = toDataSet(parsed);
  const text = (keyword: Keyword) => oneLine(joinedTextOf(dataSet, keyword));
  const image = ctImageOf(dataSet);
  const { instanceNumber } = image;
  return {
    ...image,
    label: instanceNumber ? `${file}, instance ${instanceNumber}` : file,
    transferSyntaxUid,
    sopClassUid: image.sopClassUid || (parsed.string('x00020002') ?? ''),
    file,
    path,
    seriesUid: text('SeriesInstanceUID'),
    seriesNumber: text('SeriesNumber'),
    description: text('SeriesDescription') || null,
    manufacturer: text('Manufacturer') || null,
    model: text('ManufacturerModelName') || null,
    kernel: text('ConvolutionKernel') || null,
    contrastAgent:
      text('ContrastBolusAgent') ||
      (itemsOf(dataSet, 'ContrastBolusAgentSequence').length > 0 ? 'named by code' : null),
    filterMaterial: text('FilterMaterial') || null,
    kVp: text('KVP'),
    sliceThickness: text('SliceThickness'),
    gating: gatingAttributes(text),
    hasPixelData: parsed.elements.x7fe00010 !== undefined,
  };
}
