import type { ResultCurve } from '../results/index.ts';

/** Colors of curves and marks on dark ground, as CSS hex. The hues are those of the report. */
export const DARK_CURVE_COLORS: Readonly<Record<ResultCurve['kind'], string>> = {
  aif: '#f87171',
  vof: '#60a5fa',
  tissue: '#4ade80',
  mirrored: '#d8b4fe',
};
