import dicomParser from 'dicom-parser';
import { parsingProblem, whyIncomplete } from '../whole-data-set.ts';
import { ASCII_VRS, attributeOfTag, NUMBER_VRS, SINGLE_TEXT_VRS, TEXT_VRS } from './attributes.ts';
import { decodeText } from './character-set.ts';
import { type DataSet, DicomResultError, SourceElement, SourceText, type Value } from './data-set.ts';

/** A data set as dicom-parser gives it. */
export type ParsedDataSet = dicomParser.DataSet;
type ParsedElement = dicomParser.Element;

export interface Part10File {
  readonly dataSet: DataSet;
  readonly transferSyntaxUid: string;
}

/**
 * Reads a DICOM file, text decoded. Attributes that results do not use are left out.
 * @throws DicomResultError when it is no DICOM file, or a damaged one.
 */
export function readPart10(bytes: Uint8Array): Part10File {
  const parsed = parsePart10(bytes);
  return { dataSet: toDataSet(parsed), transferSyntaxUid: parsed.string('x00020010') ?? '' };
}

/** Parses a DICOM file; with `untilPixels`, only what stands before the pixel data. */
export function parsePart10(bytes: Uint8Array, { untilPixels = false } = {}): ParsedDataSet {
  const vrCallback = (tag: string) => attributeOfTag(tag.slice(1))?.vr;
  const untilTag = untilPixels ? 'x7fe00010' : undefined;
  let parsed: ParsedDataSet;
  try {
    parsed = dicomParser.parseDicom(bytes, { vrCallback, ...(untilTag && { untilTag }) });
  } catch (thrown) {
    throw unreadable(parsingProblem(thrown));
  }
  const problem = whyIncomplete(parsed, untilTag);
  if (problem) throw unreadable(problem);
  return parsed;
}

function unreadable(reason: string): DicomResultError {
  return new DicomResultError(`This is no DICOM file that can be read: ${reason}.`);
}

/**
 * The attributes that results use, by keyword.
 * @param parsed where `asSourceText`, text keeps the bytes it has in the file, and items keep attributes that no result uses
 */
export function toDataSet(parsed: ParsedDataSet, { asSourceText = false } = {}): DataSet {
  return readDataSet(parsed, { asSourceText, keepsAll: false, inherited: [] });
}

interface Reading {
  readonly asSourceText: boolean;
  /** Attributes that are not in the table are kept too. */
  readonly keepsAll: boolean;
  /** Character sets of what holds this data set. */
  readonly inherited: readonly string[];
}

function readDataSet(parsed: ParsedDataSet, { asSourceText, keepsAll, inherited }: Reading): DataSet {
  const declared = parsed.string('x00080005');
  const characterSets = declared === undefined ? inherited : declared.split('\\').map(set => set.trim());
  const ofItems = { asSourceText, keepsAll: asSourceText, inherited: characterSets };
  const dataSet: { [key: string]: Value } = {};
  for (const [key, element] of Object.entries(parsed.elements)) {
    const attribute = attributeOfTag(key.slice(1));
    const vr = representationOf(key, element, attribute?.vr);
    if (!attribute && (!keepsAll || IS_STRUCTURE.test(key))) continue;
    // A sequence whose items the parser could not tell is repeated as bytes.
    const isUnread = asSourceText && vr === 'SQ' && !element.items && element.length > 0;
    const value = isUnread ? bytesOf(parsed, element) : elementValue(parsed, element, vr, ofItems);
    const name = attribute?.keyword ?? key;
    dataSet[name] = attribute && !isUnread ? value : new SourceElement(isUnread ? 'UN' : vr, value);
  }
  return dataSet;
}

/** As the file says, otherwise as the table does. */
function representationOf(key: string, { vr, items }: ParsedElement, known: string | undefined): string {
  // UN is what a file says whose writer did not know the attribute, and "??" the end of a damaged one.
  if (vr && vr !== 'UN' && /^[A-Z]{2}$/.test(vr)) return vr;
  if (known) return known;
  if (IS_PRIVATE_CREATOR.test(key)) return 'LO';
  return items && vr !== 'UN' ? 'SQ' : 'UN';
}

/** PS3.5 7.8.1. */
const IS_PRIVATE_CREATOR = /^x[0-9a-f]{3}[13579bdf]00[1-9a-f][0-9a-f]$/;
/** Delimiters, and lengths of groups, which are others in the new file. */
const IS_STRUCTURE = /^xfffe|0000$/;

function elementValue(parsed: ParsedDataSet, element: ParsedElement, vr: string, ofItems: Reading): Value {
  const { tag: key, length, items = [] } = element;
  if (vr === 'SQ') return items.flatMap(item => (item.dataSet ? [readDataSet(item.dataSet, ofItems)] : []));
  if (NUMBER_VRS.includes(vr)) return numbersAt(parsed, key, vr, length);
  if (vr === 'AT' && attributeOfTag(key.slice(1))) return parsed.attributeTag(key)?.slice(1).toUpperCase() ?? '';
  const bytes = bytesOf(parsed, element);
  if (!TEXT_VRS.has(vr) && !ASCII_VRS.has(vr)) return bytes;
  const text = decodeText(bytes, TEXT_VRS.has(vr) ? ofItems.inherited : [], vr);
  return ofItems.asSourceText ? new SourceText(bytes, text) : valuesOf(text ?? '', vr);
}

function bytesOf({ byteArray }: ParsedDataSet, { dataOffset, length }: ParsedElement): Uint8Array {
  return byteArray.subarray(dataOffset, dataOffset + length) as Uint8Array;
}

function numbersAt(parsed: ParsedDataSet, key: string, vr: string, length: number): Value {
  const size = vr === 'FD' ? 8 : vr.endsWith('S') ? 2 : 4;
  const read = (index: number): number | undefined => {
    if (vr === 'US') return parsed.uint16(key, index);
    if (vr === 'SS') return parsed.int16(key, index);
    if (vr === 'UL') return parsed.uint32(key, index);
    if (vr === 'SL') return parsed.int32(key, index);
    return vr === 'FL' ? parsed.float(key, index) : parsed.double(key, index);
  };
  const numbers = Array.from({ length: Math.floor(length / size) }, (_, index) => read(index) ?? Number.NaN);
  return numbers.length === 1 ? numbers[0]! : numbers;
}

/** Values without the padding that DICOM allows around them. */
function valuesOf(text: string, vr: string): string | string[] {
  if (SINGLE_TEXT_VRS.has(vr)) return text.replace(/[ \0]+$/, '');
  const values = text.split('\\').map(value => value.replace(/^ +|[ \0]+$/g, ''));
  return values.length === 1 ? values[0]! : values;
}
