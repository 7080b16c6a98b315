// The DICOM JSON model (PS3.18 annex F), and the few accessors that the archive needs.

export type PersonName = { Alphabetic?: string; Ideographic?: string; Phonetic?: string };
export type DicomValue = string | number | PersonName | Dataset | null;
export interface DicomElement {
  vr: string;
  Value?: DicomValue[];
  BulkDataURI?: string;
  InlineBinary?: string;
}
/** Elements by tag: eight upper-case hexadecimal digits. */
export interface Dataset {
  [tag: string]: DicomElement;
}

/** First value of an element as text, or an empty string. */
export function textOf(dataset: Dataset, tag: string): string {
  const value = dataset[tag]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** First value of an element as a number, or the default. */
export function numberOf(dataset: Dataset, tag: string, fallback: number): number {
  const value = Number(dataset[tag]?.Value?.[0] ?? Number.NaN);
  return Number.isFinite(value) ? value : fallback;
}

/** An element with these values; blank ones are left out, as the DICOM JSON model asks. */
export function element(vr: string, ...values: DicomValue[]): DicomElement {
  const present = values.filter(value => value !== '' && value !== null);
  return present.length > 0 ? { vr, Value: present } : { vr };
}

/** Whether a text is a DICOM UID. Everything that ends up in a path has passed this check: digits and single dots. */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^\d+(\.\d+)*$/.test(text);
}
