import { findInterleaving } from './acquisitions.ts';
import { noSlice } from './image-type.ts';
import { COSINE_TOLERANCE, findUnlike, isSameCosine, isSameSpacing } from './same-grid.ts';
import { degreesBetween, dot, headwardNormal, isFrame, type Vector } from './vectors.ts';

/** Where one slice lies, from its DICOM attributes. Numbers that are missing or unreadable may be given as NaN. */
export interface SliceGeometry {
  /** Names the slice in messages: "image 12", or its file. */
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** PixelSpacing: [between rows, between columns] in mm. */
  readonly pixelSpacingMm: readonly number[];
  /** ImagePositionPatient, mm. */
  readonly position: readonly number[];
  /** ImageOrientationPatient: direction of a row, then of a column. */
  readonly orientation: readonly number[];
  /** GantryDetectorTilt in degrees, where given. */
  readonly gantryTiltDegrees?: number | undefined;
  /** ImageType, several values joined by a backslash. Where given, it tells what is no slice. */
  readonly imageType?: string | undefined;
  /** Every slice has its own; where given, it and those below tell acquisitions apart, and why several images lie at one place. */
  readonly sopInstanceUid?: string | undefined;
  readonly acquisitionNumber?: string | undefined;
  readonly acquisitionTime?: string | undefined;
  readonly instanceNumber?: string | undefined;
}

/** A regular stack, axial unless oblique ones were allowed. */
export interface SliceStack {
  /** Indices into the given slices, by ascending position along the slice normal that points to +z. */
  readonly order: readonly number[];
  /** [columns, rows, slices]. */
  readonly dimensions: readonly [number, number, number];
  /** [column spacing, row spacing, increment between slice centres] in mm. */
  readonly spacingMm: readonly [number, number, number];
}

export type GeometryProblem =
  | 'not-a-slice'
  | 'too-few-slices'
  | 'missing-attribute'
  | 'mixed-geometry'
  | 'oblique'
  | 'gantry-tilt'
  | 'duplicate-position'
  | 'repeated-instance'
  | 'misplaced-slice'
  | 'missing-slices'
  | 'irregular-spacing'
  | 'interleaved-acquisitions';

/** Why slices do not form a volume that can be measured, in one sentence for the reader. */
export class SliceStackError extends Error {
  readonly problem: GeometryProblem;
  constructor(problem: GeometryProblem, message: string) {
    super(message);
    this.name = 'SliceStackError';
    this.problem = problem;
  }
}

/**
 * Largest angle that still is axial, for orientation, shear and the tilt attribute alike. Direction cosines of three
 * decimals are up to 0.04 degrees off; a gantry is tilted in steps of half a degree.
 */
const ANGLE_TOLERANCE_DEGREES = 0.1;
/** How far a slice may lie beside the line through the first and the last: scanners write small table movements. */
const BESIDE_TOLERANCE_MM = 0.1;
/** A gap may differ from the usual one by 1 %, or by this: both its ends may be rounded to 0.01 mm. */
const GAP_TOLERANCE = 0.01;
const GAP_TOLERANCE_MM = 0.02;

export interface StackOptions {
  /**
   * Slices may lie in any direction, also along a tilted gantry, as long as each lies straight above the other. What counts areas
   * slice by slice needs axial ones; what measures volumes does not.
   */
  readonly allowsOblique?: boolean;
  /** Increment of a stack of one slice, which has no neighbour to measure it by: its thickness. Without it one slice is refused. */
  readonly singleSliceMm?: number;
}

/**
 * Sorts slices into a stack and refuses what cannot be scored: a volume is only measured when every slice is present,
 * the slices are axial, their distances are equal and they are of one acquisition. The increment comes from positions, never from SliceThickness.
 * @throws SliceStackError
 */
export function stackSlices(
  slices: readonly SliceGeometry[],
  { allowsOblique = false, singleSliceMm = 0 }: StackOptions = {},
): SliceStack {
  slices.forEach(checkKind);
  slices.forEach(checkSliceGeometry);
  const [first] = slices;
  if (first && slices.length === 1 && singleSliceMm > 0) {
    const [rowMm, columnMm] = first.pixelSpacingMm as [number, number];
    return { order: [0], dimensions: [first.columns, first.rows, 1], spacingMm: [columnMm, rowMm, singleSliceMm] };
  }
  if (!first || slices.length < 2) {
    const count = first ? `only one slice (${first.label})` : 'no slices';
    throw new SliceStackError(
      'too-few-slices',
      `The series has ${count}, and the distance between slices cannot be measured with fewer than two.`,
    );
  }
  // Whether the slices follow a tilt is told by their positions; the attribute alone is enough where nothing may be oblique.
  if (!allowsOblique) slices.forEach(checkTilt);
  checkSameGrid(slices);
  const normal = headwardNormal(first.orientation);
  if (!allowsOblique) checkAxial(first, normal);
  const placed = slices
    .map((slice, index) => ({ slice, index, z: dot(slice.position as Vector, normal) }))
    .sort((a, b) => a.z - b.z);
  checkDuplicates(placed);
  checkInstances(placed);
  checkAlignment(placed, normal);
  checkGaps(placed);
  checkAcquisitions(placed);

  const lowest = placed[0]!;
  const highest = placed.at(-1)!;
  const [rowSpacingMm, columnSpacingMm] = lowest.slice.pixelSpacingMm as [number, number];
  // From end to end, so that the rounding of single positions does not reach the score.
  const incrementMm = (highest.z - lowest.z) / (placed.length - 1);
  return {
    order: placed.map(({ index }) => index),
    dimensions: [first.columns, first.rows, slices.length],
    spacingMm: [columnSpacingMm, rowSpacingMm, incrementMm],
  };
}

/** A slice with its place along the normal, mm. */
interface PlacedSlice {
  readonly slice: SliceGeometry;
  readonly index: number;
  readonly z: number;
}

function checkKind({ label, imageType = '' }: SliceGeometry): void {
  const kind = noSlice(imageType);
  if (!kind) return;
  throw new SliceStackError(
    'not-a-slice',
    `${label} is ${kind} (ImageType ${imageType}) and no slice; take it out of the series, or choose the original slices.`,
  );
}

/** Size, spacing, position and orientation of a slice must be there and usable. @throws SliceStackError */
export function checkSliceGeometry(slice: SliceGeometry): void {
  const { label, rows, columns, pixelSpacingMm, position, orientation, gantryTiltDegrees = 0 } = slice;
  const isLength = (mm: number) => mm > 0 && Number.isFinite(mm);
  const checks: [attribute: string, values: readonly number[], isUsable: boolean][] = [
    ['Rows and Columns', [rows, columns], rows > 0 && columns > 0],
    ['PixelSpacing', pixelSpacingMm, pixelSpacingMm.length === 2 && pixelSpacingMm.every(isLength)],
    ['ImagePositionPatient', position, position.length === 3 && position.every(Number.isFinite)],
    ['ImageOrientationPatient', orientation, isFrame(orientation, COSINE_TOLERANCE)],
    ['GantryDetectorTilt', [gantryTiltDegrees], Number.isFinite(gantryTiltDegrees)],
  ];
  for (const [attribute, values, isUsable] of checks) {
    if (isUsable) continue;
    const what = values.length === 0 ? 'is missing' : `(${values.map(format).join('\\')}) is not usable`;
    throw new SliceStackError(
      'missing-attribute',
      `${attribute} ${what} in ${label}, and without it distances and areas are unknown.`,
    );
  }
}

function checkTilt({ label, gantryTiltDegrees = 0 }: SliceGeometry): void {
  if (Math.abs(gantryTiltDegrees) <= ANGLE_TOLERANCE_DEGREES) return;
  throw new SliceStackError(
    'gantry-tilt',
    `The gantry was tilted by ${format(gantryTiltDegrees)} degrees (GantryDetectorTilt of ${label}), and only untilted axial slices can be scored.`,
  );
}

function checkSameGrid(slices: readonly SliceGeometry[]): void {
  const check = (
    attribute: string,
    read: (slice: SliceGeometry) => readonly number[],
    isSame: (a: number, b: number) => boolean,
    separator: string,
  ) => {
    const unlike = findUnlike(slices, read, isSame);
    if (!unlike) return;
    const [a, b] = unlike.map(slice => `${read(slice).map(format).join(separator)} in ${slice.label}`);
    throw new SliceStackError(
      'mixed-geometry',
      `The images differ in ${attribute}, ${a} and ${b}, so they are not slices of one volume.`,
    );
  };
  check('Rows x Columns', ({ rows, columns }) => [rows, columns], Object.is, ' x ');
  check('PixelSpacing', ({ pixelSpacingMm }) => pixelSpacingMm, isSameSpacing, ' x ');
  check('ImageOrientationPatient', ({ orientation }) => orientation, isSameCosine, '\\');
}

function checkAxial({ label }: SliceGeometry, normal: Vector): void {
  const angle = degreesBetween(normal, [0, 0, 1]);
  if (angle <= ANGLE_TOLERANCE_DEGREES) return;
  throw new SliceStackError(
    'oblique',
    `The slices are oblique, ${angle.toFixed(2)} degrees off axial (ImageOrientationPatient of ${label}), and only axial slices can be scored.`,
  );
}

function checkDuplicates(placed: readonly PlacedSlice[]): void {
  const pairs = neighbours(placed).filter(({ gap }) => gap <= GAP_TOLERANCE_MM);
  const [pair] = pairs;
  if (!pair) return;
  const { below, above } = pair;
  const count = pairs.length === 1 ? 'One place has' : `${pairs.length} places have`;
  throw new SliceStackError(
    'duplicate-position',
    `${count} more than one slice, first ${name(below)} and ${name(above)}, ${whyTwice(below.slice, above.slice)}.`,
  );
}

/** Slices at different places with one SOP Instance UID: archive and viewer would take one for the other. */
function checkInstances(placed: readonly PlacedSlice[]): void {
  const known = new Map<string, PlacedSlice>();
  for (const one of placed) {
    const { sopInstanceUid } = one.slice;
    const other = sopInstanceUid ? known.get(sopInstanceUid) : undefined;
    if (other) {
      throw new SliceStackError(
        'repeated-instance',
        `The slices ${name(other)} and ${name(one)} have the same SOP Instance UID ${sopInstanceUid}, so nothing can refer to one of them; get the series again from its source.`,
      );
    }
    if (sopInstanceUid) known.set(sopInstanceUid, one);
  }
}

function whyTwice(a: SliceGeometry, b: SliceGeometry): string {
  const differ = (read: (slice: SliceGeometry) => string | undefined) => (read(a) ?? '') !== (read(b) ?? '');
  if (a.sopInstanceUid && a.sopInstanceUid === b.sopInstanceUid) {
    return `which are copies of the same image (SOP Instance UID ${a.sopInstanceUid})`;
  }
  return differ(slice => slice.acquisitionNumber) || differ(slice => slice.acquisitionTime)
    ? 'so there are two acquisitions or phases in one series'
    : 'as with two acquisitions or reconstructions in one series';
}

/** Slices must follow their normal (a shear is a gantry tilt that the tilt attribute does not tell), on one line. */
function checkAlignment(placed: readonly PlacedSlice[], normal: Vector): void {
  const first = placed[0]!;
  const last = placed.at(-1)!;
  const step = difference(last.slice, first.slice);
  const angle = degreesBetween(step, normal);
  const besideMm = Math.hypot(...step) * Math.sin((angle * Math.PI) / 180);
  // The length too, because in a short stack the rounding of positions makes a large angle.
  if (angle > ANGLE_TOLERANCE_DEGREES && besideMm > BESIDE_TOLERANCE_MM) {
    throw new SliceStackError(
      'gantry-tilt',
      `The slices are sheared, ${angle.toFixed(2)} degrees off their normal from ${name(first)} to ${name(last)}, as with a tilted gantry, and only slices that lie straight above each other can be measured.`,
    );
  }
  for (const { slice, index, z } of placed) {
    const part = (z - first.z) / (last.z - first.z);
    const offset = difference(slice, first.slice).map((mm, axis) => mm - part * step[axis]!);
    const shiftMm = Math.hypot(...offset);
    if (shiftMm <= BESIDE_TOLERANCE_MM) continue;
    throw new SliceStackError(
      'misplaced-slice',
      `The slice ${name({ slice, index, z })} lies ${format(shiftMm)} mm beside the line of the others, so it is not part of the same volume.`,
    );
  }
}

function checkGaps(placed: readonly PlacedSlice[]): void {
  const pairs = neighbours(placed);
  const usual = pairs.map(({ gap }) => gap).sort((a, b) => a - b)[Math.floor((pairs.length - 1) / 2)]!;
  const toleranceMm = Math.max(usual * GAP_TOLERANCE, GAP_TOLERANCE_MM);
  const odd = pairs.filter(({ gap }) => Math.abs(gap - usual) > toleranceMm);
  const [pair] = odd;
  if (!pair) return;
  const { below, above, gap } = pair;
  const between = `between ${name(below)} and ${name(above)}`;
  const others = odd.length - 1;
  const more = others > 0 ? `, and ${others} more such ${others === 1 ? 'gap' : 'gaps'}` : '';
  const missing = Math.round(gap / usual) - 1;
  const isHole = missing > 0 && Math.abs(gap - (missing + 1) * usual) <= toleranceMm * (missing + 1);
  throw isHole
    ? new SliceStackError(
        'missing-slices',
        `${missing === 1 ? 'One slice is' : `${missing} slices are`} missing ${between}: the gap is ${format(gap)} mm where ${format(usual)} mm is usual${more}.`,
      )
    : new SliceStackError(
        'irregular-spacing',
        `The slices are not evenly spaced: the gap is ${format(gap)} mm ${between} where ${format(usual)} mm is usual${more}.`,
      );
}

/** Evenly spaced slices of two scans are no volume either: half of them show the patient at another time. */
function checkAcquisitions(placed: readonly PlacedSlice[]): void {
  const found = findInterleaving(placed.map(({ slice }) => slice));
  if (!found) return;
  const [a, b] = [placed[found.a]!, placed[found.b]!];
  const read = ({ acquisitionNumber, acquisitionTime, instanceNumber }: SliceGeometry) =>
    ({
      AcquisitionNumber: acquisitionNumber,
      AcquisitionTime: acquisitionTime,
      InstanceNumber: instanceNumber,
    })[found.attribute];
  throw new SliceStackError(
    'interleaved-acquisitions',
    `Slices of several acquisitions alternate along z, as ${name(a)} and ${name(b)} with ${found.attribute} ${read(a.slice)} and ${read(b.slice)}, so they are not one volume; export every acquisition as a series of its own, and choose one.`,
  );
}

function neighbours(placed: readonly PlacedSlice[]) {
  return placed.slice(1).map((above, index) => ({ below: placed[index]!, above, gap: above.z - placed[index]!.z }));
}

function difference(a: SliceGeometry, b: SliceGeometry): Vector {
  return a.position.map((mm, axis) => mm - b.position[axis]!) as unknown as Vector;
}

function name({ slice, z }: PlacedSlice): string {
  return `${slice.label} (z ${format(z)} mm)`;
}

function format(value: number): string {
  return String(Number(value.toFixed(4)));
}
