import type { Keyword } from './attributes.ts';

/**
 * A value of the source that a derived object repeats as it is, even where it breaks a length limit: with the bytes that stood
 * in its file, or (null) from metadata that a viewer holds as characters. The text is null where the bytes cannot be decoded
 * with the character set that the source declares.
 */
export class SourceText {
  readonly bytes: Uint8Array | null;
  readonly text: string | null;
  constructor(bytes: Uint8Array | null, text: string | null) {
    this.bytes = bytes;
    this.text = text;
  }
}

/**
 * A value of the source with the value representation that its file gives it, or UN: of an attribute that is not in the table of
 * attributes, a private one mostly, or of a sequence whose items are not known.
 */
export class SourceElement {
  readonly vr: string;
  readonly value: Value;
  constructor(vr: string, value: Value) {
    this.vr = vr;
    this.value = value;
  }
}

export type Value =
  | string
  | number
  | SourceText
  | SourceElement
  | Uint8Array
  | readonly string[]
  | readonly number[]
  | Items;
export type Items = readonly DataSet[];

/**
 * A data set by keyword. '' and [] are attributes without a value, undefined is an attribute that is not there. Decimal and
 * integer strings (DS, IS) may be given as text or as numbers. A person's name is one text: "Yamada^Tarou=山田^太郎". Items that
 * are repeated from the source also hold, beyond this type, SourceElements of attributes without a keyword, by tag ("x00091001").
 */
export type DataSet = { readonly [K in Keyword]?: Value | undefined };

/** Why a DICOM object cannot be written or read, in one sentence for the reader. */
export class DicomResultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DicomResultError';
  }
}
