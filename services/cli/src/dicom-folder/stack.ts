import { Refusal } from '../refusal.ts';
import type { Slice } from './slice.ts';

/** Slices on a regular axial grid. */
export interface Stack {
  /** Sorted by ascending z. */
  readonly slices: readonly Slice[];
  /** Distance between slice centres, from the positions; never SliceThickness. */
  readonly incrementMm: number;
}

/** Largest angle between the slice normal and z, or between the stack and the normal: rounded cosines stay below it. */
export const MAXIMUM_ANGLE_DEGREES = 0.1;
/** GantryDetectorTilt below this is a rounded zero. */
const MAXIMUM_TILT_DEGREES = 0.01;
/** A gap between neighbours may differ from the increment by this part of it, or by this length: rounded positions. */
export const GAP_TOLERANCE = 0.01;
export const GAP_TOLERANCE_MM = 0.01;
/** How far a slice may lie beside the line through the others. */
const MAXIMUM_SHIFT_MM = 0.1;

const DEGREES = 180 / Math.PI;

/**
 * Sorts the slices of a series and checks that they form one regular axial volume without gaps.
 * @throws Refusal naming the slices or the angle that stand against it.
 */
export function stackSlices(unsorted: readonly Slice[]): Stack {
  const first = unsorted[0]!;
  for (const slice of unsorted) assertSameGrid(slice, first);
  for (const slice of unsorted) assertAxial(slice);
  const slices = [...unsorted].sort((a, b) => z(a) - z(b));
  if (slices.length < 2) {
    throw new Refusal(
      `The series has only 1 slice (${first.header.file}), so the distance between slices cannot be measured; give the folder of the whole scan.`,
    );
  }
  assertNoDuplicates(slices);
  assertAlongNormal(slices);
  return { slices, incrementMm: incrementOf(slices) };
}

function assertSameGrid(slice: Slice, first: Slice): void {
  const differs = (attribute: string, a: string, b: string) =>
    new Refusal(
      `The images of the series differ in ${attribute}: ${a} in ${first.header.file}, ${b} in ${slice.header.file}; they do not form one volume, so take out those that do not belong to the scan.`,
    );
  const size = (s: Slice) => `${s.rows} x ${s.columns}`;
  if (size(slice) !== size(first)) throw differs('Rows x Columns', size(first), size(slice));
  const spacing = (s: Slice) => `${s.rowSpacingMm} x ${s.columnSpacingMm} mm`;
  if (spacing(slice) !== spacing(first)) throw differs('PixelSpacing', spacing(first), spacing(slice));
  const cosines = (s: Slice) => [...s.rowDirection, ...s.columnDirection];
  const reference = cosines(first);
  if (cosines(slice).some((cosine, index) => Math.abs(cosine - reference[index]!) > 1e-4)) {
    throw differs('ImageOrientationPatient', reference.join('\\'), cosines(slice).join('\\'));
  }
}

function assertAxial(slice: Slice): void {
  const { file, decimals } = slice.header;
  const tilt = Number(decimals.gantryDetectorTilt ?? 0);
  if (!(Math.abs(tilt) <= MAXIMUM_TILT_DEGREES)) {
    throw new Refusal(
      `The gantry was tilted (GantryDetectorTilt ${decimals.gantryDetectorTilt} degrees in ${file}), so slice areas and increments are not those of an axial scan; give an untilted series.`,
    );
  }
  const [rx, ry, rz] = slice.rowDirection;
  const [cx, cy, cz] = slice.columnDirection;
  const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx] as const;
  const angle = Math.atan2(Math.hypot(normal[0], normal[1]), Math.abs(normal[2])) * DEGREES;
  if (angle > MAXIMUM_ANGLE_DEGREES) {
    throw new Refusal(
      `The slices are not axial: the slice normal is ${angle.toFixed(2)} degrees off the z axis in ${file}; give an axial reconstruction of the scan.`,
    );
  }
}

function assertNoDuplicates(slices: readonly Slice[]): void {
  const isSamePlace = (index: number) => z(slices[index]!) - z(slices[index - 1]!) <= GAP_TOLERANCE_MM;
  const duplicates = slices.map((_, index) => index).filter(index => index > 0 && isSamePlace(index));
  if (duplicates.length === 0) return;
  const a = slices[duplicates[0]! - 1]!;
  const b = slices[duplicates[0]!]!;
  const where = `${duplicates.length === 1 ? 'One position has' : `${duplicates.length} positions have`} more than one image, first ${nameSlice(a)} and ${nameSlice(b)}`;
  if (a.header.sopInstanceUid && a.header.sopInstanceUid === b.header.sopInstanceUid) {
    throw new Refusal(
      `${where}, which are copies of the same image (${a.header.sopInstanceUid}); take one copy out of the folder.`,
    );
  }
  const isOtherAcquisition =
    a.header.acquisitionNumber !== b.header.acquisitionNumber || a.header.acquisitionTime !== b.header.acquisitionTime;
  const why = isOtherAcquisition
    ? ', so there are two acquisitions or phases in one series'
    : ', as with two acquisitions or reconstructions in one series';
  throw new Refusal(`${where}${why}; keep the images of one of them in the folder.`);
}

function assertAlongNormal(slices: readonly Slice[]): void {
  const first = slices[0]!;
  const last = slices.at(-1)!;
  const offset = (from: Slice, to: Slice) => {
    const [x, y] = [to.positionMm[0] - from.positionMm[0], to.positionMm[1] - from.positionMm[1]];
    return Math.hypot(x, y);
  };
  const angle = Math.atan2(offset(first, last), z(last) - z(first)) * DEGREES;
  if (angle > MAXIMUM_ANGLE_DEGREES && offset(first, last) > MAXIMUM_SHIFT_MM) {
    throw new Refusal(
      `The slices are sheared: from ${first.header.file} to ${last.header.file} they run ${angle.toFixed(2)} degrees off the slice normal, as with a tilted gantry; give an untilted series.`,
    );
  }
  // What is left of the offset after the (allowed) line from the first to the last slice.
  for (const slice of slices) {
    const part = (z(slice) - z(first)) / (z(last) - z(first));
    const x = slice.positionMm[0] - first.positionMm[0] - part * (last.positionMm[0] - first.positionMm[0]);
    const y = slice.positionMm[1] - first.positionMm[1] - part * (last.positionMm[1] - first.positionMm[1]);
    const shift = Math.hypot(x, y);
    if (shift > MAXIMUM_SHIFT_MM) {
      throw new Refusal(
        `${nameSlice(slice)} lies ${shift.toFixed(2)} mm beside the line of the other slices, so they do not form one volume; take out the images that do not belong to the scan.`,
      );
    }
  }
}

function incrementOf(slices: readonly Slice[]): number {
  const gaps = slices.slice(1).map((slice, index) => z(slice) - z(slices[index]!));
  const median = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)]!;
  const toleranceMm = Math.max(GAP_TOLERANCE * median, GAP_TOLERANCE_MM);
  const wrong = gaps.map((_, index) => index).filter(index => Math.abs(gaps[index]! - median) > toleranceMm);
  if (wrong.length > 0) {
    const index = wrong[0]!;
    const missing = Math.round(gaps[index]! / median) - 1;
    const isHole = missing > 0 && Math.abs(gaps[index]! - (missing + 1) * median) <= toleranceMm * (missing + 1);
    const what = isHole
      ? `${missing === 1 ? 'One slice is' : `${missing} slices are`} missing`
      : 'The slices are not evenly spaced';
    const more = wrong.length > 1 ? `, and ${wrong.length - 1} more such gaps` : '';
    throw new Refusal(
      `${what}: ${formatMm(gaps[index]!)} mm from ${nameSlice(slices[index]!)} to ${nameSlice(slices[index + 1]!)}, where ${formatMm(median)} mm is usual${more}; give the complete series.`,
    );
  }
  // From end to end, so that rounding of single positions does not reach the score.
  return (z(slices.at(-1)!) - z(slices[0]!)) / (slices.length - 1);
}

const z = (slice: Slice): number => slice.positionMm[2];

function nameSlice(slice: Slice): string {
  const { file, instanceNumber } = slice.header;
  return `${file} (${instanceNumber ? `instance ${instanceNumber}, ` : ''}z ${formatMm(z(slice))} mm)`;
}

function formatMm(value: number): string {
  return String(Number(value.toFixed(4)));
}
