type Vector = readonly [number, number, number];

/** Where one slice lies, from its DICOM attributes. */
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
  readonly gantryTiltDegrees?: number;
}

/** A regular, axial stack. */
export interface SliceStack {
  /** Indices into the given slices, by ascending position along the slice normal that points to +z. */
  readonly order: readonly number[];
  /** [columns, rows, slices]. */
  readonly dimensions: readonly [number, number, number];
  /** [column spacing, row spacing, increment between slice centres] in mm. */
  readonly spacingMm: readonly [number, number, number];
}

export type GeometryProblem =
  | 'too-few-slices'
  | 'missing-attribute'
  | 'mixed-geometry'
  | 'oblique'
  | 'gantry-tilt'
  | 'duplicate-position'
  | 'missing-slices'
  | 'irregular-spacing';

/** Why slices do not form a volume that can be measured, in a sentence for the reader. */
export class SliceStackError extends Error {
  readonly problem: GeometryProblem;
  constructor(problem: GeometryProblem, message: string) {
    super(message);
    this.name = 'SliceStackError';
    this.problem = problem;
  }
}

/** Direction cosines are written with about 6 digits; half a degree is far above that and below any real tilt. */
const ANGLE_TOLERANCE_DEGREES = 0.5;
const TILT_TOLERANCE_DEGREES = 0.1;
/** A gap may differ from the usual one by 1 %, or by the rounding of positions. */
const GAP_TOLERANCE = 0.01;
const POSITION_ROUNDING_MM = 0.01;
/** Relative difference below which two pixel spacings or directions are the same number written differently. */
const SAME_TOLERANCE = 1e-4;

/**
 * Sorts slices into a stack and refuses what cannot be scored: a volume is only measured when every slice is present,
 * the slices are axial and their distances are equal. The increment comes from positions, never from SliceThickness.
 * @throws SliceStackError
 */
export function stackSlices(slices: readonly SliceGeometry[]): SliceStack {
  slices.forEach(checkAttributes);
  if (slices.length < 2) {
    throw new SliceStackError(
      'too-few-slices',
      `The series has ${slices.length === 1 ? 'one slice' : 'no slices'}: the distance between slices cannot be measured. Choose a series with at least two.`,
    );
  }
  const first = slices[0]!;
  for (const slice of slices) checkSameGrid(first, slice);

  const normal = upwardNormal(first);
  const positions = slices.map(slice => dot(slice.position as Vector, normal));
  const order = positions.map((_, index) => index).sort((a, b) => positions[a]! - positions[b]!);
  checkAlignment(slices[order[0]!]!, slices[order.at(-1)!]!, normal);
  const incrementMm = regularIncrement(slices, positions, order);
  return {
    order,
    dimensions: [first.columns, first.rows, slices.length],
    spacingMm: [first.pixelSpacingMm[1]!, first.pixelSpacingMm[0]!, incrementMm],
  };
}

function checkAttributes(slice: SliceGeometry): void {
  const { label, rows, columns, pixelSpacingMm, position, orientation } = slice;
  const refuse = (attribute: string) => {
    throw new SliceStackError(
      'missing-attribute',
      `${capitalized(label)} has no usable ${attribute}; without it distances and areas are unknown.`,
    );
  };
  if (!(rows > 0 && columns > 0)) refuse('Rows and Columns');
  if (pixelSpacingMm.length !== 2 || !pixelSpacingMm.every(mm => mm > 0 && Number.isFinite(mm))) refuse('PixelSpacing');
  if (position.length !== 3 || !position.every(Number.isFinite)) refuse('ImagePositionPatient');
  const isDirection = (v: readonly number[]) => Math.abs(Math.hypot(...v) - 1) < 0.01;
  const row = orientation.slice(0, 3);
  const column = orientation.slice(3, 6);
  const isFrame = orientation.length === 6 && isDirection(row) && isDirection(column);
  if (!isFrame || Math.abs(dot(row as unknown as Vector, column as unknown as Vector)) > 0.01) {
    refuse('ImageOrientationPatient');
  }
}

function checkSameGrid(first: SliceGeometry, slice: SliceGeometry): void {
  const differs = (a: readonly number[], b: readonly number[]) =>
    a.some((value, index) => Math.abs(value - b[index]!) > SAME_TOLERANCE);
  const difference =
    first.rows !== slice.rows || first.columns !== slice.columns
      ? 'image size'
      : differs(first.pixelSpacingMm, slice.pixelSpacingMm)
        ? 'pixel spacing'
        : differs(first.orientation, slice.orientation)
          ? 'orientation'
          : null;
  if (difference) {
    throw new SliceStackError(
      'mixed-geometry',
      `${capitalized(slice.label)} has another ${difference} than ${first.label}; the series mixes different acquisitions or a localizer.`,
    );
  }
}

/** The slice normal, pointing to the patient's head; refuses slices that are not axial. */
function upwardNormal({ orientation, gantryTiltDegrees }: SliceGeometry): Vector {
  if (gantryTiltDegrees !== undefined && Math.abs(gantryTiltDegrees) > TILT_TOLERANCE_DEGREES) {
    throw new SliceStackError(
      'gantry-tilt',
      `The gantry was tilted by ${gantryTiltDegrees.toFixed(1)} degrees; calcium is only scored on untilted axial slices.`,
    );
  }
  const [rx, ry, rz, cx, cy, cz] = orientation as [number, number, number, number, number, number];
  const cross: Vector = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
  const normal = cross[2] < 0 ? (cross.map(v => -v) as unknown as Vector) : cross;
  const angle = degreesBetween(normal, [0, 0, 1]);
  if (angle > ANGLE_TOLERANCE_DEGREES) {
    throw new SliceStackError(
      'oblique',
      `The slices are oblique: ${angle.toFixed(1)} degrees from axial. Calcium is only scored on axial slices.`,
    );
  }
  return normal;
}

/** Slice positions must follow the normal; a shear is a gantry tilt that the tilt attribute does not tell. */
function checkAlignment(lowest: SliceGeometry, highest: SliceGeometry, normal: Vector): void {
  const step = highest.position.map((value, axis) => value - lowest.position[axis]!) as unknown as Vector;
  if (Math.hypot(...step) < POSITION_ROUNDING_MM) return; // all at one place: reported as duplicates
  const angle = degreesBetween(step, normal);
  if (angle > ANGLE_TOLERANCE_DEGREES) {
    throw new SliceStackError(
      'gantry-tilt',
      `The slices are sheared by ${angle.toFixed(1)} degrees against their normal, as a tilted gantry does; calcium is only scored on untilted axial slices.`,
    );
  }
}

function regularIncrement(
  slices: readonly SliceGeometry[],
  positions: readonly number[],
  order: readonly number[],
): number {
  const gaps = order.slice(1).map((index, i) => positions[index]! - positions[order[i]!]!);
  const between = (i: number) => {
    const below = order[i]!;
    const above = order[i + 1]!;
    return `${slices[below]!.label} (z ${positions[below]!.toFixed(2)} mm) and ${slices[above]!.label} (z ${positions[above]!.toFixed(2)} mm)`;
  };

  const duplicate = gaps.findIndex(gap => gap < POSITION_ROUNDING_MM);
  if (duplicate >= 0) {
    throw new SliceStackError(
      'duplicate-position',
      `Two slices lie at the same place: ${between(duplicate)}. The series holds more than one acquisition or reconstruction; split it first.`,
    );
  }
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)]!;
  const tolerance = Math.max(usual * GAP_TOLERANCE, POSITION_ROUNDING_MM);
  const odd = gaps.findIndex(gap => Math.abs(gap - usual) > tolerance);
  if (odd >= 0) {
    const gap = gaps[odd]!;
    const missing = Math.round(gap / usual) - 1;
    const isHole = missing > 0 && Math.abs(gap - (missing + 1) * usual) <= tolerance * (missing + 1);
    throw isHole
      ? new SliceStackError(
          'missing-slices',
          `${missing === 1 ? 'A slice is' : `${missing} slices are`} missing between ${between(odd)}: the gap is ${gap.toFixed(2)} mm where ${usual.toFixed(2)} mm is usual.`,
        )
      : new SliceStackError(
          'irregular-spacing',
          `The slice spacing is irregular: ${gap.toFixed(2)} mm between ${between(odd)} where ${usual.toFixed(2)} mm is usual.`,
        );
  }
  return (positions[order.at(-1)!]! - positions[order[0]!]!) / gaps.length;
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function degreesBetween(a: Vector, b: Vector): number {
  const cosine = dot(a, b) / (Math.hypot(...a) * Math.hypot(...b));
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
