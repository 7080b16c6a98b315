import { type Attribute, attributeOf, SINGLE_TEXT_VRS, TEXT_VRS } from './attributes.ts';
import { encodeText, UTF_8 } from './character-set.ts';
import { type DataSet, DicomResultError, type Items, SourceElement, SourceText, type Value } from './data-set.ts';
import { decimalString } from './decimal-string.ts';
import { textOf, textsOf } from './natural.ts';

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Names this writer in the meta group of its files. */
const IMPLEMENTATION_CLASS_UID = '2.25.202470114532906270471914461894266150511';

/** Value representations with a length of four bytes (PS3.5 table 7.1-1). */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT']);
/** Longest value in characters (PS3.5 table 6.2-1); of a name, each of its three groups. */
const LONGEST: Readonly<Record<string, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10240,
  PN: 64,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
};
/** Characters of a value that a message quotes. */
const LONGEST_QUOTE = 60;
const NUMBER_BYTES: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };

/** The object's own text does not fit into its character set. */
class UnencodableTextError extends Error {}

/**
 * Writes a data set as a DICOM file: Explicit VR Little Endian, with preamble and meta group. Text of the source keeps its bytes;
 * new text is encoded in the character set that the data set declares. Where that cannot hold it, the whole object becomes
 * UTF-8 (ISO_IR 192), with the same characters as before. An own writer, because dcmjs writes UTF-8 only.
 * @throws DicomResultError when a value does not fit its value representation.
 */
export function writePart10(dataSet: DataSet): Uint8Array<ArrayBuffer> {
  let body: Uint8Array;
  try {
    body = writeDataSet(dataSet, textsOf(dataSet, 'SpecificCharacterSet'));
  } catch (error) {
    if (!(error instanceof UnencodableTextError)) throw error;
    body = writeDataSet({ ...inUnicode(dataSet), SpecificCharacterSet: UTF_8 }, [UTF_8]);
  }
  const meta = concat([
    element('00020001', 'OB', Uint8Array.of(0, 1)),
    element('00020002', 'UI', ascii(textOf(dataSet, 'SOPClassUID'), 'UI')),
    element('00020003', 'UI', ascii(textOf(dataSet, 'SOPInstanceUID'), 'UI')),
    element('00020010', 'UI', ascii(EXPLICIT_LITTLE_ENDIAN, 'UI')),
    element('00020012', 'UI', ascii(IMPLEMENTATION_CLASS_UID, 'UI')),
    element('00020013', 'SH', ascii('VOXELWISE', 'SH')),
  ]);
  const groupLength = element('00020000', 'UL', numberBytes([meta.length], 'UL'));
  return concat([new Uint8Array(128), ascii('DICM', 'CS'), groupLength, meta, body]);
}

function writeDataSet(dataSet: DataSet, characterSets: readonly string[]): Uint8Array {
  const present = Object.entries(dataSet).flatMap(([key, value]: [string, Value | undefined]) =>
    value === undefined ? [] : [placeOf(key, value)],
  );
  present.sort((a, b) => (a.place.tag < b.place.tag ? -1 : 1));
  return concat(
    present.map(({ place, value }) => {
      const vr = vrOf(place, dataSet);
      return element(place.tag, vr, valueBytes({ ...place, vr }, value, characterSets));
    }),
  );
}

/** Where and how a value is written: as the table says, or as the source has it. */
type Place = Omit<Attribute, 'keyword'> & { readonly keyword: string };

function placeOf(key: string, value: Value): { place: Place; value: Value } {
  const known = key.startsWith('x') ? { keyword: key, tag: key.slice(1).toUpperCase(), vr: 'UN' } : attributeOf(key);
  return value instanceof SourceElement
    ? { place: { ...known, vr: value.vr }, value: value.value }
    : { place: known, value };
}

/** Pixel data of more than 8 bits are words (PS3.5 8.2). */
function vrOf({ keyword, vr }: Place, { BitsAllocated }: DataSet): string {
  return keyword === 'PixelData' && Number(BitsAllocated) > 8 ? 'OW' : vr;
}

function valueBytes(place: Place, value: Value, characterSets: readonly string[]): Uint8Array {
  const { vr } = place;
  if (value instanceof SourceText) {
    return value.bytes ? padded(value.bytes, vr) : encodedValue(place, value.text ?? '', characterSets);
  }
  if (value instanceof Uint8Array) return padded(value, vr);
  if (vr === 'SQ') {
    return concat((value as Items).map(item => element('FFFEE000', '', writeDataSet(item, characterSets))));
  }
  const values = (Array.isArray(value) ? value : [value]) as readonly (string | number)[];
  if (vr in NUMBER_BYTES) return values[0] === '' ? new Uint8Array(0) : numberBytes(values.map(Number), vr);
  const texts = values.map(item => (typeof item === 'number' && vr === 'DS' ? decimalString(item) : String(item)));
  for (const text of texts) assertFits(place, text);
  return encodedValue(place, texts.join('\\'), characterSets);
}

function encodedValue({ vr, keyword }: Place, text: string, characterSets: readonly string[]): Uint8Array {
  const bytes = encodeText(text, TEXT_VRS.has(vr) ? characterSets : []);
  if (!bytes && TEXT_VRS.has(vr)) throw new UnencodableTextError();
  if (!bytes) throw new DicomResultError(`${keyword} takes ASCII only, but is ${quoted(text)}.`);
  return padded(bytes, vr);
}

function assertFits({ keyword, vr }: Place, text: string): void {
  const longest = LONGEST[vr];
  const parts = vr === 'PN' ? text.split('=') : [text];
  const tooLong = longest !== undefined && parts.some(part => [...part].length > longest);
  if (tooLong) {
    throw new DicomResultError(
      `${keyword} takes at most ${longest} characters, but ${quoted(text)} has ${text.length}.`,
    );
  }
  if (!SINGLE_TEXT_VRS.has(vr) && text.includes('\\')) {
    throw new DicomResultError(`${keyword} takes no backslash, but is ${quoted(text)}.`);
  }
  if (vr === 'IS' && text !== '' && !/^[+-]?\d+$/.test(text)) {
    throw new DicomResultError(`${keyword} takes a whole number, but is ${quoted(text)}.`);
  }
}

/** A value as a message shows it: its beginning, where it is long. */
function quoted(text: string): string {
  return text.length > LONGEST_QUOTE ? `"${text.slice(0, LONGEST_QUOTE)}…"` : `"${text}"`;
}

function numberBytes(values: readonly number[], vr: string): Uint8Array {
  const size = NUMBER_BYTES[vr]!;
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, index) => {
    const at = index * size;
    if (vr === 'FD') view.setFloat64(at, value, true);
    else if (vr === 'FL') view.setFloat32(at, value, true);
    else if (vr === 'AT') {
      view.setUint16(at, value >>> 16, true);
      view.setUint16(at + 2, value & 0xffff, true);
    } else {
      const lowest = vr.startsWith('S') ? -(2 ** (size * 8 - 1)) : 0;
      if (!Number.isInteger(value) || value < lowest || value >= lowest + 2 ** (size * 8)) {
        throw new DicomResultError(`${value} is not a whole number of ${size * 8} bits (${vr}).`);
      }
      if (size === 2) view.setUint16(at, value & 0xffff, true);
      else view.setUint32(at, value >>> 0, true);
    }
  });
  return new Uint8Array(view.buffer);
}

/** One element; of an item of a sequence, which has no value representation, tag and length. */
function element(tag: string, vr: string, value: Uint8Array): Uint8Array {
  const headBytes = vr === '' || !LONG_VRS.has(vr) ? 8 : 12;
  const bytes = new Uint8Array(headBytes + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  if (vr === '') view.setUint32(4, value.length, true);
  else {
    bytes.set(ascii(vr, 'CS'), 4);
    if (headBytes === 12) view.setUint32(8, value.length, true);
    else if (value.length > 0xffff) {
      throw new DicomResultError(`The value of (${tag.slice(0, 4)},${tag.slice(4)}) is longer than a ${vr} can be.`);
    } else view.setUint16(6, value.length, true);
  }
  bytes.set(value, headBytes);
  return bytes;
}

function ascii(text: string, vr: string): Uint8Array {
  return padded(new TextEncoder().encode(text), vr);
}

/** Values have an even length: UIDs and bytes are padded by zero, text by a space. */
function padded(bytes: Uint8Array, vr: string): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = vr === 'UI' || vr.startsWith('O') || vr === 'UN' ? 0 : 0x20;
  return even;
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** The same data set with the source's text as characters. */
function inUnicode(dataSet: DataSet): DataSet {
  const entries = Object.entries(dataSet).map(([key, value]: [string, Value | undefined]) => [
    key,
    value === undefined ? value : valueInUnicode(key, value),
  ]);
  return Object.fromEntries(entries);
}

function valueInUnicode(key: string, value: Value): Value {
  if (value instanceof SourceElement) return new SourceElement(value.vr, valueInUnicode(key, value.value));
  if (value instanceof SourceText) {
    if (value.text !== null) return new SourceText(null, value.text);
    throw new DicomResultError(
      `${key} of the source has characters outside its declared character set, so it can be kept only while all new text is plain ASCII.`,
    );
  }
  if (!Array.isArray(value) || typeof value[0] !== 'object') return value;
  // An item of the source may declare a character set of its own; now it has that of the object.
  return (value as Items).map(item => inUnicode({ ...item, SpecificCharacterSet: undefined }));
}
