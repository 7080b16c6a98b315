import type { Keyword } from './attributes.ts';
import type { DataSet } from './data-set.ts';
import { itemOf, type NaturalDataSet, textOf } from './natural.ts';

/** A coded concept: SCT 13647002 "Right coronary artery". */
export interface Code {
  readonly value: string;
  /** CodingSchemeDesignator: SCT, DCM, UCUM, 99VOXELWISE. */
  readonly scheme: string;
  readonly meaning: string;
}

/** Coding scheme of the concepts that no standard has; docs/dicom-results.md lists them. */
export const PRIVATE_SCHEME = '99VOXELWISE';

export const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
export const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
/** A unit; its code is its meaning unless another is given. */
export const ucum = (value: string, meaning = value): Code => ({ value, scheme: 'UCUM', meaning });

/** The item of a code sequence. Codes longer than 16 characters are Long Code Values (PS3.3 table 8.8-1). */
export function codeItem({ value, scheme, meaning }: Code): DataSet {
  return {
    ...(value.length > 16 ? { LongCodeValue: value } : { CodeValue: value }),
    CodingSchemeDesignator: scheme,
    CodeMeaning: meaning,
  };
}

/** The code in the first item of a sequence, or null. */
export function codeOf(dataSet: NaturalDataSet, keyword: Keyword): Code | null {
  const item = itemOf(dataSet, keyword);
  const value = textOf(item, 'CodeValue') || textOf(item, 'LongCodeValue') || textOf(item, 'URNCodeValue');
  if (!value) return null;
  return { value, scheme: textOf(item, 'CodingSchemeDesignator'), meaning: textOf(item, 'CodeMeaning') };
}

/** Whether two codes are the same concept, whatever their meanings say. */
export function isSameCode(a: Code | null, b: Code | null): boolean {
  return a !== null && b !== null && a.value === b.value && a.scheme === b.scheme;
}
