import { type Code, codeItem } from './codes.ts';
import { type DataSet, DicomResultError } from './data-set.ts';
import { decimalString } from './decimal-string.ts';
import { sourceImageItem } from './references.ts';
import type { DerivedSource, SourceSlice } from './source.ts';

/** Differences that only come from the digits in which slices write their direction cosines and their pixel spacing (mm). */
export const COSINE_TOLERANCE = 1e-4;
export const SPACING_TOLERANCE_MM = 1e-4;

/** Whether numbers are the same but for their digits. */
export function areClose(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  return a.every((value, index) => Math.abs(value - (b[index] ?? Number.NaN)) <= tolerance);
}

/**
 * What multi-frame objects whose frames lie on source slices say once for all frames (PS3.3 C.7.6.16.2.1 and .4): spacing and
 * orientation, with the first slice's own decimals, because viewers compare them.
 * @throws DicomResultError where the slices have no place in space, or not the same size and orientation.
 */
export function sharedGeometry({ slices, frameOfReferenceUid }: DerivedSource): DataSet {
  const [first] = slices;
  const isPlaced = ({ position, orientation, decimals, rows, columns }: SourceSlice) =>
    rows > 0 &&
    columns > 0 &&
    [...position, ...orientation].every(Number.isFinite) &&
    position.length === 3 &&
    orientation.length === 6 &&
    decimals.pixelSpacing.length === 2;
  if (!first || !frameOfReferenceUid || !slices.every(isPlaced)) {
    throw new DicomResultError(
      'The source images lack size, position, orientation, pixel spacing or FrameOfReferenceUID, so no frame can be placed on them.',
    );
  }
  const spacingOf = ({ decimals }: SourceSlice) => decimals.pixelSpacing.map(Number);
  const isLikeFirst = (slice: SourceSlice) =>
    slice.rows === first.rows &&
    slice.columns === first.columns &&
    areClose(slice.orientation, first.orientation, COSINE_TOLERANCE) &&
    areClose(spacingOf(slice), spacingOf(first), SPACING_TOLERANCE_MM);
  if (!slices.every(isLikeFirst)) {
    throw new DicomResultError(
      'The source images differ in size, orientation or pixel spacing, so frames cannot be placed on them together.',
    );
  }
  const increment = slices.length > 1 ? incrementOf(slices) : null;
  const thickness = first.decimals.sliceThickness || (increment !== null ? decimalString(increment) : '');
  return {
    PixelMeasuresSequence: [
      {
        PixelSpacing: first.decimals.pixelSpacing,
        ...(thickness && { SliceThickness: thickness }),
        ...(increment !== null && { SpacingBetweenSlices: decimalString(increment) }),
      },
    ],
    PlaneOrientationSequence: [{ ImageOrientationPatient: first.decimals.orientation }],
  };
}

/** What a frame was made from, and how. */
export interface Derivation {
  /** CID 7203. */
  readonly code: Code;
  /** In words, at most 1024 characters. */
  readonly description?: string | undefined;
  /** Images besides the slice that the frame lies on. */
  readonly furtherImages?: readonly SourceSlice[] | undefined;
}

/** Where one frame lies and which images it was derived from, its slice first (PS3.3 C.7.6.16.2.3 and .6). */
export function framePlacement(slice: SourceSlice, { code, description, furtherImages = [] }: Derivation): DataSet {
  return {
    PlanePositionSequence: [{ ImagePositionPatient: slice.decimals.position }],
    DerivationImageSequence: [
      {
        ...(description && { DerivationDescription: description }),
        DerivationCodeSequence: [codeItem(code)],
        SourceImageSequence: [slice, ...furtherImages].map(image => ({
          ...sourceImageItem(image),
          SpatialLocationsPreserved: 'YES',
        })),
      },
    ],
  };
}

/** Distance of neighbouring slices along their normal; null where it is not the same everywhere (to 1 %). */
function incrementOf(slices: readonly SourceSlice[]): number | null {
  const places = slices.map(distanceAlongNormal).sort((a, b) => a - b);
  const increment = (places.at(-1)! - places[0]!) / (places.length - 1);
  const isEven = places.every(
    (place, index) => index === 0 || Math.abs(place - places[index - 1]! - increment) <= increment / 100,
  );
  return isEven && increment > 0 ? Number(increment.toFixed(6)) : null;
}

/** Position of a slice along its normal, mm. */
export function distanceAlongNormal({ position, orientation }: Pick<SourceSlice, 'position' | 'orientation'>): number {
  const [rx, ry, rz, cx, cy, cz] = orientation as [number, number, number, number, number, number];
  const [x, y, z] = position as [number, number, number];
  return x * (ry * cz - rz * cy) + y * (rz * cx - rx * cz) + z * (rx * cy - ry * cx);
}
