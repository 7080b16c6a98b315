import { findUnlike, isSameCosine, isSameSpacing } from '../same-grid.ts';
import { dot, sliceNormal, type Vector } from '../vectors.ts';
import { type Code, codeItem } from './codes.ts';
import { type DataSet, DicomResultError } from './data-set.ts';
import { decimalString } from './decimal-string.ts';
import { sourceImageItem } from './references.ts';
import type { DerivedSource, SourceSlice } from './source.ts';

/**
 * What multi-frame objects whose frames lie on source slices say once for all frames (PS3.3 C.7.6.16.2.1 and .4): spacing and
 * orientation, with the first slice's own decimals, because viewers compare them.
 * @throws DicomResultError where the slices have no place in space, or not the same size and orientation.
 */
export function sharedGeometry({ slices, frameOfReferenceUid }: DerivedSource): DataSet {
  const [first] = slices;
  const spacingOf = ({ decimals }: SourceSlice) => decimals.pixelSpacing.map(Number);
  const isPlaced = (slice: SourceSlice) =>
    slice.rows > 0 &&
    slice.columns > 0 &&
    [...slice.position, ...slice.orientation, ...spacingOf(slice)].every(Number.isFinite) &&
    slice.position.length === 3 &&
    slice.orientation.length === 6 &&
    spacingOf(slice).length === 2;
  if (!first || !frameOfReferenceUid || !slices.every(isPlaced)) {
    throw new DicomResultError(
      'The source images lack size, position, orientation, pixel spacing or FrameOfReferenceUID, so no frame can be placed on them.',
    );
  }
  const unlike =
    findUnlike(slices, ({ rows, columns }) => [rows, columns], Object.is) ??
    findUnlike(slices, spacingOf, isSameSpacing) ??
    findUnlike(slices, ({ orientation }) => orientation, isSameCosine);
  if (unlike) {
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
  const places = distancesAlongNormal(slices).sort((a, b) => a - b);
  const increment = (places.at(-1)! - places[0]!) / (places.length - 1);
  const isEven = places.every(
    (place, index) => index === 0 || Math.abs(place - places[index - 1]! - increment) <= increment / 100,
  );
  return isEven && increment > 0 ? Number(increment.toFixed(6)) : null;
}

/**
 * Positions of slices along the normal of the first, mm. Their own normals may differ by the digits in which they are written, and
 * far from the origin that is more than the distance of thin slices.
 */
export function distancesAlongNormal(slices: readonly Pick<SourceSlice, 'position' | 'orientation'>[]): number[] {
  const normal = sliceNormal(slices[0]?.orientation ?? []);
  return slices.map(({ position }) => dot(position as unknown as Vector, normal));
}
