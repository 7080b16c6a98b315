import type { Keyword } from './attributes.ts';
import { type Code, codeOf } from './codes.ts';
import { DicomResultError } from './data-set.ts';
import { bytesOf, itemOf, itemsOf, type NaturalDataSet, numberOf, numbersOf, textOf } from './natural.ts';
import { PARAMETRIC_MAP_STORAGE } from './parametric-map.ts';
import { readPart10 } from './read-part10.ts';

/** A frame of a map: where it lies and which image it belongs to. */
export interface StoredFrame {
  /** ImagePositionPatient, mm; empty where the file has none. */
  readonly position: readonly number[];
  /** ImageOrientationPatient. */
  readonly orientation: readonly number[];
  /** Images that the frame was computed from, the one at its place first; empty where the file names none. */
  readonly sourceSopInstanceUids: readonly string[];
}

/** A parametric map as it is read back. */
export interface StoredParametricMap {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesDescription: string;
  /**
   * Real world values, x fastest, then y, then frames in the order of the file. NaN where the map has no value: NaN in the file,
   * padding, or a stored value outside the range that is mapped. 32-bit floats that are stored in real world units come exactly
   * as they are; everything else is computed in 64 bits.
   */
  readonly voxels: Float32Array | Float64Array;
  /** [columns, rows, frames]. */
  readonly dimensions: readonly [number, number, number];
  readonly quantity: Code | null;
  readonly units: Code;
  readonly label: string;
  readonly explanation: string;
  /** null where the file has no window. */
  readonly displayRange: readonly [number, number] | null;
  readonly pixelSpacingMm: readonly number[];
  readonly frames: readonly StoredFrame[];
}

/** Implicit and Explicit VR Little Endian: values as they are. */
const TRANSFER_SYNTAXES = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];

/**
 * Reads a Parametric Map: 32-bit and 64-bit floats, and unsigned 8- and 16-bit integers with slope and intercept or with a table.
 * @throws DicomResultError when it is no parametric map, is compressed, or holds several quantities.
 */
export function readParametricMap(file: Uint8Array): StoredParametricMap {
  const { dataSet, transferSyntaxUid } = readPart10(file);
  if (textOf(dataSet, 'SOPClassUID') !== PARAMETRIC_MAP_STORAGE) {
    throw new DicomResultError('This object is no parametric map.');
  }
  if (!TRANSFER_SYNTAXES.includes(transferSyntaxUid)) {
    throw new DicomResultError(
      `This parametric map is compressed (transfer syntax ${transferSyntaxUid}), which is not read. Ask the archive for Explicit VR Little Endian.`,
    );
  }
  const dimensions = [
    numberOf(dataSet, 'Columns'),
    numberOf(dataSet, 'Rows'),
    numberOf(dataSet, 'NumberOfFrames'),
  ] as const;
  if (!dimensions.every(count => Number.isInteger(count) && count > 0)) {
    throw new DicomResultError('This parametric map does not say how many rows, columns and frames it has.');
  }
  const shared = itemOf(dataSet, 'SharedFunctionalGroupsSequence');
  const perFrame = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence');
  const groupOf = (frame: number, sequence: Parameters<typeof itemOf>[1]) =>
    itemsOf(perFrame[frame] ?? {}, sequence)[0] ?? itemOf(shared, sequence);
  const mapping = sharedMapping(dimensions[2], frame => groupOf(frame, 'RealWorldValueMappingSequence'));
  const window = groupOf(0, 'FrameVOILUTSequence');
  const [center, width] = [numberOf(window, 'WindowCenter'), numberOf(window, 'WindowWidth')];
  const units = codeOf(mapping, 'MeasurementUnitsCodeSequence');
  if (!units) throw new DicomResultError('This parametric map does not say in which units its values are.');
  return {
    sopInstanceUid: textOf(dataSet, 'SOPInstanceUID'),
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    seriesDescription: textOf(dataSet, 'SeriesDescription'),
    voxels: realWorldValues(dataSet, mapping, dimensions[0] * dimensions[1] * dimensions[2]),
    dimensions,
    quantity: quantityOf(mapping),
    units,
    label: textOf(mapping, 'LUTLabel'),
    explanation: textOf(mapping, 'LUTExplanation'),
    displayRange: Number.isFinite(center + width) ? [center - width / 2, center + width / 2] : null,
    pixelSpacingMm: numbersOf(groupOf(0, 'PixelMeasuresSequence'), 'PixelSpacing'),
    frames: Array.from({ length: dimensions[2] }, (_, frame) => ({
      position: numbersOf(groupOf(frame, 'PlanePositionSequence'), 'ImagePositionPatient'),
      orientation: numbersOf(groupOf(frame, 'PlaneOrientationSequence'), 'ImageOrientationPatient'),
      sourceSopInstanceUids: itemsOf(groupOf(frame, 'DerivationImageSequence'), 'SourceImageSequence').map(image =>
        textOf(image, 'ReferencedSOPInstanceUID'),
      ),
    })),
  };
}

/** The mapping that all frames have. Of several representations of the same values the first one counts. */
function sharedMapping(frameCount: number, mappingOf: (frame: number) => NaturalDataSet): NaturalDataSet {
  const mapping = mappingOf(0);
  const key = (one: NaturalDataSet) =>
    JSON.stringify([
      textOf(one, 'LUTLabel'),
      codeOf(one, 'MeasurementUnitsCodeSequence')?.value,
      numbersOf(one, 'RealWorldValueSlope'),
      numbersOf(one, 'RealWorldValueIntercept'),
      numbersOf(one, 'RealWorldValueLUTData'),
    ]);
  for (let frame = 1; frame < frameCount; frame++) {
    if (key(mappingOf(frame)) === key(mapping)) continue;
    throw new DicomResultError(
      `This parametric map holds several quantities or scales ("${textOf(mapping, 'LUTLabel')}" in frame 1, "${textOf(mappingOf(frame), 'LUTLabel')}" in frame ${frame + 1}), and only one is read.`,
    );
  }
  return mapping;
}

function quantityOf(mapping: NaturalDataSet): Code | null {
  const item = itemsOf(mapping, 'QuantityDefinitionSequence').find(one =>
    ['246205007', 'G-C1C6'].includes(codeOf(one, 'ConceptNameCodeSequence')?.value ?? ''),
  );
  return item ? codeOf(item, 'ConceptCodeSequence') : null;
}

type StoredValues = Float32Array | Float64Array | Uint16Array | Uint8Array;

function realWorldValues(
  dataSet: NaturalDataSet,
  mapping: NaturalDataSet,
  length: number,
): Float32Array | Float64Array {
  const stored = storedValues(dataSet);
  if (stored.length < length) {
    throw new DicomResultError(`This parametric map has ${stored.length} values, but its frames need ${length}.`);
  }
  const isMapped = mappedRange(mapping);
  const isPadding = paddingOf(dataSet, stored);
  const toReal = mappingFunction(mapping);
  const slope = numberOf(mapping, 'RealWorldValueSlope');
  const isIdentity = slope === 1 && numberOf(mapping, 'RealWorldValueIntercept') === 0;
  const values = stored instanceof Float32Array && isIdentity ? stored.slice(0, length) : new Float64Array(length);
  for (let index = 0; index < length; index++) {
    const value = stored[index]!;
    if (!isMapped(value) || isPadding(value)) values[index] = Number.NaN;
    else if (!isIdentity || !(values instanceof Float32Array)) values[index] = toReal(value);
  }
  return values;
}

function storedValues(dataSet: NaturalDataSet): StoredValues {
  const bits = numberOf(dataSet, 'BitsAllocated');
  const [floats, doubles, integers] = (['FloatPixelData', 'DoubleFloatPixelData', 'PixelData'] as const).map(keyword =>
    bytesOf(dataSet, keyword),
  );
  // Copies, because typed arrays want their first byte at a multiple of their size.
  if (floats) return new Float32Array(floats.slice().buffer, 0, Math.floor(floats.length / 4));
  if (doubles) return new Float64Array(doubles.slice().buffer, 0, Math.floor(doubles.length / 8));
  if (integers && numberOf(dataSet, 'PixelRepresentation') === 0) {
    if (bits === 16) return new Uint16Array(integers.slice().buffer, 0, Math.floor(integers.length / 2));
    if (bits === 8) return integers;
  }
  throw new DicomResultError(
    'This parametric map has neither floating point values nor unsigned integers of 8 or 16 bits.',
  );
}

/** Which stored values the mapping is for (PS3.3 C.7.6.16.2.11.1): first and last value, inclusive. NaN is none of them. */
function mappedRange(mapping: NaturalDataSet): (stored: number) => boolean {
  const isInteger = !Number.isNaN(numberOf(mapping, 'RealWorldValueFirstValueMapped'));
  const first = numberOf(
    mapping,
    isInteger ? 'RealWorldValueFirstValueMapped' : 'DoubleFloatRealWorldValueFirstValueMapped',
  );
  const last = numberOf(
    mapping,
    isInteger ? 'RealWorldValueLastValueMapped' : 'DoubleFloatRealWorldValueLastValueMapped',
  );
  if (Number.isNaN(first) || Number.isNaN(last)) {
    throw new DicomResultError('This parametric map does not say which of its stored values have a meaning.');
  }
  return stored => stored >= first && stored <= last;
}

function mappingFunction(mapping: NaturalDataSet): (stored: number) => number {
  const table = numbersOf(mapping, 'RealWorldValueLUTData');
  const first = numberOf(mapping, 'RealWorldValueFirstValueMapped');
  if (table.length > 0) return stored => table[stored - first] ?? Number.NaN;
  const slope = numberOf(mapping, 'RealWorldValueSlope');
  const intercept = numberOf(mapping, 'RealWorldValueIntercept');
  if (!Number.isFinite(slope) || !Number.isFinite(intercept)) {
    throw new DicomResultError(
      'This parametric map has neither slope and intercept nor a table for its stored values.',
    );
  }
  return stored => stored * slope + intercept;
}

function paddingOf(dataSet: NaturalDataSet, stored: StoredValues): (stored: number) => boolean {
  const prefix = stored instanceof Float32Array ? 'Float' : stored instanceof Float64Array ? 'DoubleFloat' : '';
  const limit = (what: 'Value' | 'RangeLimit') => numberOf(dataSet, `${prefix}PixelPadding${what}` satisfies Keyword);
  const value = limit('Value');
  const other = Number.isNaN(limit('RangeLimit')) ? value : limit('RangeLimit');
  const [lowest, highest] = value < other ? [value, other] : [other, value];
  return candidate => candidate >= lowest && candidate <= highest;
}
