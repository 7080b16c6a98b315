import type { DataSet } from './data-set.ts';
import { numberOf, textOf } from './natural.ts';
import { writePart10 } from './write-part10.ts';

/** A finished object: its file, and the UIDs by which an archive and other objects refer to it. */
export interface DicomObject {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/**
 * Writes a data set as a file.
 * @throws DicomResultError when a value does not fit its value representation.
 */
export function toDicomObject(dataSet: DataSet): DicomObject {
  return {
    bytes: writePart10(dataSet),
    studyInstanceUid: textOf(dataSet, 'StudyInstanceUID'),
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    seriesNumber: numberOf(dataSet, 'SeriesNumber'),
    sopClassUid: textOf(dataSet, 'SOPClassUID'),
    sopInstanceUid: textOf(dataSet, 'SOPInstanceUID'),
  };
}
