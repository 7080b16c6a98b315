/** A = U S V', of which U S and V are kept. Columns of the matrices lie one after another, by descending singular value. */
export interface SingularValues {
  readonly size: number;
  /** Descending. */
  readonly values: Float64Array;
  /** A V = U S: left singular vectors times their singular values. */
  readonly scaledLeft: readonly Float64Array[];
  /** Right singular vectors. */
  readonly right: readonly Float64Array[];
}

const MAXIMUM_SWEEPS = 60;
/** Columns whose angle has a cosine below this are orthogonal in Float64. */
const ORTHOGONAL = 1e-15;

/**
 * Singular value decomposition of a square matrix by one-sided Jacobi rotations (Hestenes): pairs of columns are rotated until all
 * are orthogonal. Slower than bidiagonalization, shorter, and accurate for small singular values too.
 * @param columns of the matrix, as many as each has rows.
 */
export function singularValues(columns: readonly Float64Array[]): SingularValues {
  const size = columns.length;
  const left = columns.map(column => column.slice());
  const right = columns.map((_, column) => Float64Array.from({ length: size }, (_, row) => (row === column ? 1 : 0)));
  for (let sweep = 0, isRotated = true; isRotated; sweep++) {
    if (sweep === MAXIMUM_SWEEPS) throw new Error('The singular values do not converge; is the matrix finite?');
    isRotated = false;
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) {
        if (!rotate(left[p]!, left[q]!, right[p]!, right[q]!)) continue;
        isRotated = true;
      }
    }
  }
  const lengths = left.map(column => Math.sqrt(dot(column, column)));
  const order = lengths.map((_, column) => column).sort((a, b) => lengths[b]! - lengths[a]!);
  return {
    size,
    values: Float64Array.from(order, column => lengths[column]!),
    scaledLeft: order.map(column => left[column]!),
    right: order.map(column => right[column]!),
  };
}

/** Makes two columns orthogonal, and does the same to their right vectors. False where they are so already. */
function rotate(a: Float64Array, b: Float64Array, rightA: Float64Array, rightB: Float64Array): boolean {
  const aa = dot(a, a);
  const bb = dot(b, b);
  const ab = dot(a, b);
  if (Math.abs(ab) <= ORTHOGONAL * Math.sqrt(aa * bb) || ab === 0) return false;
  const zeta = (bb - aa) / (2 * ab);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  turn(a, b, cosine, cosine * tangent);
  turn(rightA, rightB, cosine, cosine * tangent);
  return true;
}

function turn(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let row = 0; row < a.length; row++) {
    const value = a[row]!;
    a[row] = cosine * value - sine * b[row]!;
    b[row] = sine * value + cosine * b[row]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += a[row]! * b[row]!;
  return sum;
}
