import type { Keyword } from './attributes.ts';
import { SourceText } from './data-set.ts';

/**
 * A data set by keyword as a viewer holds it (OHIF's naturalized metadata), or as readPart10 gives it. Numbers may be texts and
 * the other way round, a single value may come with or without a list around it.
 */
export type NaturalDataSet = Readonly<Record<string, unknown>>;

/** First value as text; '' where there is none. */
export function textOf(dataSet: NaturalDataSet, keyword: Keyword): string {
  return textsOf(dataSet, keyword)[0] ?? '';
}

/** All values as text. A person's name is "Yamada^Tarou=山田^太郎". */
export function textsOf(dataSet: NaturalDataSet, keyword: Keyword): string[] {
  const value = dataSet[keyword];
  if (value === undefined || value === null) return [];
  if (value instanceof SourceText) return (value.text ?? '').split('\\').map(part => part.replace(/^ +|[ \0]+$/g, ''));
  return (Array.isArray(value) ? value : [value]).filter(item => item !== undefined && item !== null).map(toText);
}

/** All values as DICOM writes them, joined by a backslash; '' where there are none. */
export function joinedTextOf(dataSet: NaturalDataSet, keyword: Keyword): string {
  return textsOf(dataSet, keyword).join('\\');
}

/** First value as a number; NaN where there is none or it is not a number. */
export function numberOf(dataSet: NaturalDataSet, keyword: Keyword): number {
  return numbersOf(dataSet, keyword)[0] ?? Number.NaN;
}

/** All values as numbers. */
export function numbersOf(dataSet: NaturalDataSet, keyword: Keyword): number[] {
  const value = dataSet[keyword];
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint16Array);
  return textsOf(dataSet, keyword).map(text => (text.trim() === '' ? Number.NaN : Number(text)));
}

/** Items of a sequence. */
export function itemsOf(dataSet: NaturalDataSet, keyword: Keyword): NaturalDataSet[] {
  const value = dataSet[keyword];
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).filter(item => typeof item === 'object' && item !== null);
}

/** First item of a sequence; an empty data set where there is none. */
export function itemOf(dataSet: NaturalDataSet, keyword: Keyword): NaturalDataSet {
  return itemsOf(dataSet, keyword)[0] ?? {};
}

/** Bytes of a binary value, or null. */
export function bytesOf(dataSet: NaturalDataSet, keyword: Keyword): Uint8Array | null {
  const value = dataSet[keyword];
  const first = Array.isArray(value) ? value[0] : value;
  if (first instanceof ArrayBuffer) return new Uint8Array(first);
  return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength) : null;
}

function toText(value: unknown): string {
  // OHIF boxes names that it got as plain text.
  if (value instanceof String) return value.valueOf();
  if (typeof value !== 'object') return String(value);
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}
