import type { Keyword } from './attributes.ts';
import { DicomResultError } from './data-set.ts';
import { bytesOf, itemOf, itemsOf, type NaturalDataSet, numberOf, numbersOf, textOf } from './natural.ts';
import { PARAMETRIC_MAP_STORAGE } from './parametric-map.ts';
import { readPart10 } from './read-part10.ts';
import { type FrameMapping, frameMappings, type MapMeaning } from './real-world-mapping.ts';

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
export interface StoredParametricMap extends MapMeaning {
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
  /** null where the file has no window. */
  readonly displayRange: readonly [number, number] | null;
  readonly pixelSpacingMm: readonly number[];
  readonly frames: readonly StoredFrame[];
}

/** Implicit and Explicit VR Little Endian: values as they are. */
const TRANSFER_SYNTAXES = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];

/**
 * Reads a Parametric Map: 32-bit and 64-bit floats, and unsigned 8- and 16-bit integers with slope and intercept or with a table;
 * every frame by its own mapping.
 * @throws DicomResultError when it is no parametric map, is compressed, holds several quantities, or can be read in several ways.
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
  const [columns, rows, frameCount] = dimensions;
  const shared = itemOf(dataSet, 'SharedFunctionalGroupsSequence');
  const perFrame = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence');
  if (perFrame.length !== frameCount) {
    throw new DicomResultError(
      `This parametric map has ${frameCount} frames and describes ${perFrame.length} of them.`,
    );
  }
  const groupOf = (frame: number, sequence: Parameters<typeof itemOf>[1]) =>
    itemsOf(perFrame[frame]!, sequence)[0] ?? itemOf(shared, sequence);
  const { meaning, mappings } = frameMappings(frameCount, mappingItems(shared, perFrame));
  const window = groupOf(0, 'FrameVOILUTSequence');
  const [center, width] = [numberOf(window, 'WindowCenter'), numberOf(window, 'WindowWidth')];
  return {
    sopInstanceUid: textOf(dataSet, 'SOPInstanceUID'),
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    seriesDescription: textOf(dataSet, 'SeriesDescription'),
    voxels: realWorldValues(dataSet, mappings, columns * rows),
    dimensions,
    ...meaning,
    displayRange: Number.isFinite(center + width) ? [center - width / 2, center + width / 2] : null,
    pixelSpacingMm: sharedSpacing(
      perFrame.map((_, frame) => numbersOf(groupOf(frame, 'PixelMeasuresSequence'), 'PixelSpacing')),
    ),
    frames: perFrame.map((_, frame) => ({
      position: numbersOf(groupOf(frame, 'PlanePositionSequence'), 'ImagePositionPatient'),
      orientation: numbersOf(groupOf(frame, 'PlaneOrientationSequence'), 'ImageOrientationPatient'),
      sourceSopInstanceUids: itemsOf(groupOf(frame, 'DerivationImageSequence'), 'SourceImageSequence').map(image =>
        textOf(image, 'ReferencedSOPInstanceUID'),
      ),
    })),
  };
}

/** The mapping items of a frame: its own, or those of all. */
function mappingItems(shared: NaturalDataSet, perFrame: readonly NaturalDataSet[]) {
  const ofAll = itemsOf(shared, 'RealWorldValueMappingSequence');
  return (frame: number): readonly NaturalDataSet[] => {
    const own = itemsOf(perFrame[frame]!, 'RealWorldValueMappingSequence');
    if (own.length > 0 && ofAll.length > 0) {
      throw new DicomResultError(
        `Frame ${frame + 1} of this parametric map says what its values mean, and so do all frames together.`,
      );
    }
    return own.length > 0 ? own : ofAll;
  };
}

function sharedSpacing(spacings: readonly (readonly number[])[]): readonly number[] {
  const [first = []] = spacings;
  const other = spacings.findIndex(spacing => spacing.join('\\') !== first.join('\\'));
  if (other < 0) return first;
  throw new DicomResultError(
    `The frames of this parametric map differ in pixel spacing (${first.join(' x ')} mm in frame 1, ${spacings[other]!.join(' x ')} mm in frame ${other + 1}), and only maps on one grid are read.`,
  );
}

type StoredValues = Float32Array | Float64Array | Uint16Array | Uint8Array;

/** Values of all frames; those of floats that are real world values already stay as they are. */
function realWorldValues(
  dataSet: NaturalDataSet,
  mappings: readonly FrameMapping[],
  frameLength: number,
): Float32Array | Float64Array {
  const stored = storedValues(dataSet);
  const length = mappings.length * frameLength;
  // Bytes of an odd number are followed by one that makes it even.
  const isPadded = stored instanceof Uint8Array && length % 2 === 1 && stored.length === length + 1;
  if (stored.length !== length && !isPadded) {
    throw new DicomResultError(`This parametric map has ${stored.length} values, but its frames need ${length}.`);
  }
  const isPadding = paddingOf(dataSet, stored);
  const isExact = stored instanceof Float32Array && mappings.every(({ isIdentity }) => isIdentity);
  const values = new (isExact ? Float32Array : Float64Array)(length);
  mappings.forEach(({ toReal }, frame) => {
    for (let index = frame * frameLength; index < (frame + 1) * frameLength; index++) {
      const value = stored[index]!;
      values[index] = isPadding(value) ? Number.NaN : toReal(value);
    }
  });
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

function paddingOf(dataSet: NaturalDataSet, stored: StoredValues): (stored: number) => boolean {
  const prefix = stored instanceof Float32Array ? 'Float' : stored instanceof Float64Array ? 'DoubleFloat' : '';
  const limit = (what: 'Value' | 'RangeLimit') => numberOf(dataSet, `${prefix}PixelPadding${what}` satisfies Keyword);
  const value = limit('Value');
  const other = Number.isNaN(limit('RangeLimit')) ? value : limit('RangeLimit');
  const [lowest, highest] = value < other ? [value, other] : [other, value];
  return candidate => candidate >= lowest && candidate <= highest;
}
