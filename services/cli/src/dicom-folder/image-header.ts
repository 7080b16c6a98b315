import {
  type CtAcquisition,
  type CtImageHeader,
  ctAcquisitionOf,
  ctImageOf,
  type DynamicFrame,
  dynamicFramesOf,
  type ImagedPerson,
  imagedPersonOf,
  type NaturalDataSet,
  textOf,
  toDataSet,
} from '@voxelwise/dicom';
import type { DataSet } from 'dicom-parser';
import { oneLine } from '../refusal.ts';

/** The attributes of one image that this program reads, as they stand in the file: nothing is checked yet. */
export interface ImageHeader extends CtImageHeader {
  /** Path relative to the folder, for messages. */
  readonly file: string;
  readonly path: string;
  readonly seriesUid: string;
  readonly seriesNumber: string;
  readonly description: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly acquisition: CtAcquisition;
  readonly person: ImagedPerson;
  readonly hasPixelData: boolean;
  /** The image itself, or the frames of a multi-frame image, with what tells time points apart. */
  readonly frames: readonly DynamicFrame[];
}

/** Reads the header of a parsed file. What is missing or empty is undefined or ''. */
export function readImageHeader(parsed: DataSet, transferSyntaxUid: string, file: string, path: string): ImageHeader {
  const dataSet = inOneLine(toDataSet(parsed));
  const image = ctImageOf(dataSet);
  const { instanceNumber } = image;
  const label = instanceNumber ? `${file}, instance ${instanceNumber}` : file;
  const fromMeta = { transferSyntaxUid, sopClassUid: image.sopClassUid || (parsed.string('x00020002') ?? '') };
  return {
    ...image,
    ...fromMeta,
    label,
    frames: dynamicFramesOf(dataSet, label).map(frame => ({ ...frame, ...fromMeta })),
    file,
    path,
    seriesUid: textOf(dataSet, 'SeriesInstanceUID'),
    seriesNumber: textOf(dataSet, 'SeriesNumber'),
    description: textOf(dataSet, 'SeriesDescription'),
    manufacturer: textOf(dataSet, 'Manufacturer'),
    model: textOf(dataSet, 'ManufacturerModelName'),
    acquisition: ctAcquisitionOf(dataSet),
    person: imagedPersonOf(dataSet),
    hasPixelData: parsed.elements.x7fe00010 !== undefined,
  };
}

/** Its texts without what could steer a terminal: they are printed. */
function inOneLine(dataSet: NaturalDataSet): NaturalDataSet {
  const clean = (value: unknown) => (typeof value === 'string' ? oneLine(value) : value);
  return Object.fromEntries(
    Object.entries(dataSet).map(([keyword, value]) => [
      keyword,
      Array.isArray(value) ? value.map(clean) : clean(value),
    ]),
  );
}
