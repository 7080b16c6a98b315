import type { Label } from '../core/index.ts';
import { CANDIDATE_COLOR, VESSEL_COLORS } from '../results/vessel-colors.ts';

/** Colour of calcium that the reader has excluded: a grey, so that it recedes. */
export const EXCLUDED_COLOR = '#94a3b8';

/** Colour of calcium with a label, as CSS hex; null is a candidate that nobody has labelled. */
export function colorOf(label: Label | null): string {
  if (label === null) return CANDIDATE_COLOR;
  return label === 'excluded' ? EXCLUDED_COLOR : VESSEL_COLORS[label];
}
