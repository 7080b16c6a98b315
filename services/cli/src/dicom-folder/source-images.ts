import { readFile } from 'node:fs/promises';
import {
  type DataSet,
  type DerivedSource,
  DicomResultError,
  type Keyword,
  SourceText,
  sourceFromFiles,
  textsOf,
  toDataSet,
} from '@voxelwise/dicom';
import { Refusal } from '../refusal.ts';
import type { ImageHeader } from './image-header.ts';
import { parseFile } from './parse-file.ts';

/** What results take over from the images that they come from. */
export interface SourceImages {
  /** Slices in the order of the headers; text has the bytes of the files. */
  readonly source: DerivedSource;
  /**
   * An attribute of the first slice as text, several values joined by a backslash; '' where absent, the replacement character
   * U+FFFD where it is there but cannot be decoded.
   */
  readonly attribute: (keyword: Keyword) => string;
}

/** Stands for a text whose bytes do not fit the character set of the file. */
const NOT_READABLE = '\ufffd';

/**
 * Reads the slices once more, for patient, study and geometry as results repeat them.
 * @throws Refusal where they are not of one patient, study and frame of reference.
 */
export async function readSourceImages(headers: readonly ImageHeader[]): Promise<SourceImages> {
  const dataSets = [];
  for (const { file, path } of headers) {
    const parsed = parseFile(await readFile(path));
    if (!parsed) throw new Refusal(`${file} changed while it was read; start again when the folder is complete.`);
    dataSets.push(parsed.dataSet);
  }
  const first: DataSet = toDataSet(dataSets[0]!, { asSourceText: true });
  const attribute = (keyword: Keyword) => {
    const value = first[keyword];
    return value instanceof SourceText && value.text === null ? NOT_READABLE : textsOf(first, keyword).join('\\');
  };
  try {
    return { source: sourceFromFiles(dataSets), attribute };
  } catch (error) {
    throw error instanceof DicomResultError ? new Refusal(error.message) : error;
  }
}
