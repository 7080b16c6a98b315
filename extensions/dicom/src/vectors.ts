export type Vector = readonly [number, number, number];

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Angle in degrees; exact for small angles too, where the arc cosine has lost its digits. */
export function degreesBetween(a: Vector, b: Vector): number {
  return (Math.atan2(Math.hypot(...cross(a, b)), dot(a, b)) * 180) / Math.PI;
}

/** Normal of a slice from its ImageOrientationPatient: row direction x column direction. */
export function sliceNormal(orientation: readonly number[]): Vector {
  return cross(...directions(orientation));
}

/** The slice normal that points to the patient's head; of upright slices to the back, and of sagittal ones to the left. */
export function headwardNormal(orientation: readonly number[]): Vector {
  const normal = sliceNormal(orientation);
  const [x, y, z] = normal;
  const leading = [z, y, x].find(part => Math.abs(part) > LEANING) ?? 0;
  return leading < 0 ? [-x, -y, -z] : normal;
}

/** A smaller part of a normal is a rounding of direction cosines. */
const LEANING = 5e-3;

/** Whether these are six direction cosines of two perpendicular unit vectors, within their rounding. */
export function isFrame(orientation: readonly number[], tolerance: number): boolean {
  const [row, column] = directions(orientation);
  const isUnit = (v: Vector) => Math.abs(Math.hypot(...v) - 1) <= tolerance;
  return orientation.length === 6 && isUnit(row) && isUnit(column) && Math.abs(dot(row, column)) <= tolerance;
}

function directions(orientation: readonly number[]): [Vector, Vector] {
  return [orientation.slice(0, 3) as unknown as Vector, orientation.slice(3, 6) as unknown as Vector];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
