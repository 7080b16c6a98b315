/** Where in the patient the edges of a picture lie, a letter each: R, L, A, P, H (head) or F (feet). */
export interface EdgeLabels {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** Letters toward + and - of the patient's axes (PS3.3 C.7.6.2.1.1): x to the left, y to the back, z to the head. */
const TOWARD = ['LR', 'PA', 'HF'] as const;

/**
 * @param orientation ImageOrientationPatient: direction of the rows, then of the columns
 * @returns null where there is none
 */
export function edgeLabels(orientation: readonly number[]): EdgeLabels | null {
  if (orientation.length !== 6 || !orientation.every(Number.isFinite)) return null;
  const [right, left] = lettersAlong(orientation.slice(0, 3));
  const [bottom, top] = lettersAlong(orientation.slice(3));
  return { left, right, top, bottom };
}

/** The letters ahead and behind, by the axis that a direction is nearest to. */
function lettersAlong(direction: readonly number[]): [ahead: string, behind: string] {
  const sizes = direction.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  const [plus, minus] = TOWARD[axis]!;
  return direction[axis]! >= 0 ? [plus!, minus!] : [minus!, plus!];
}
