import dicomParser from 'dicom-parser';
import { whyIncomplete } from '../whole-data-set.ts';
import { attributeOfTag, SINGLE_TEXT_VRS, TEXT_VRS } from './attributes.ts';
import { decodeText } from './character-set.ts';
import { type DataSet, DicomResultError, SourceText, type Value } from './data-set.ts';

/** A data set as dicom-parser gives it. */
export type ParsedDataSet = dicomParser.DataSet;

export interface Part10File {
  readonly dataSet: DataSet;
  readonly transferSyntaxUid: string;
}

const NUMBER_VRS = ['US', 'SS', 'UL', 'SL', 'FL', 'FD'];

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
  try {
    const untilTag = untilPixels ? 'x7fe00010' : undefined;
    const parsed = dicomParser.parseDicom(bytes, { vrCallback, ...(untilTag && { untilTag }) });
    const problem = whyIncomplete(parsed, untilTag);
    if (problem) throw new Error(problem);
    return parsed;
  } catch (thrown) {
    const inner = (thrown as { exception?: unknown } | null)?.exception ?? thrown;
    const reason = inner instanceof Error ? inner.message : String(inner);
    throw new DicomResultError(`This is no DICOM file that can be read: ${reason.replace(/[\s.]+$/, '')}.`);
  }
}

/**
 * The attributes that results use, by keyword.
 * @param parsed where `asSourceText`, text keeps the bytes it has in the file
 */
export function toDataSet(
  parsed: ParsedDataSet,
  { asSourceText = false } = {},
  inherited: readonly string[] = [],
): DataSet {
  const declared = parsed.string('x00080005');
  const characterSets = declared === undefined ? inherited : declared.split('\\').map(set => set.trim());
  const dataSet: { [keyword: string]: Value } = {};
  for (const [key, element] of Object.entries(parsed.elements)) {
    const attribute = attributeOfTag(key.slice(1));
    if (!attribute) continue;
    // UN is what a file says whose writer did not know the attribute, and "??" the end of a damaged one.
    const vr = element.vr && element.vr !== 'UN' ? element.vr : attribute.vr;
    const { keyword } = attribute;
    if (vr === 'SQ') {
      const items = element.items ?? [];
      dataSet[keyword] = items.flatMap(item =>
        item.dataSet ? [toDataSet(item.dataSet, { asSourceText }, characterSets)] : [],
      );
      continue;
    }
    const bytes = parsed.byteArray.subarray(element.dataOffset, element.dataOffset + element.length) as Uint8Array;
    if (NUMBER_VRS.includes(vr)) dataSet[keyword] = numbersAt(parsed, key, vr, element.length);
    else if (vr.startsWith('O') || vr === 'UN') dataSet[keyword] = bytes;
    else if (vr === 'AT') dataSet[keyword] = parsed.attributeTag(key)?.slice(1).toUpperCase() ?? '';
    else {
      const text = TEXT_VRS.has(vr) ? decodeText(bytes, characterSets, vr) : decodeText(bytes, [], vr);
      dataSet[keyword] = asSourceText ? new SourceText(bytes, text) : valuesOf(text ?? '', vr);
    }
  }
  return dataSet;
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
