import type { ResultCurve } from '../results/index.ts';

/** Colors of curves and marks on dark ground, as CSS hex. The hues are those of the report. */
export const DARK_CURVE_COLORS: Readonly<Record<ResultCurve['kind'], string>> = {
  aif: '#f87171',
  vof: '#60a5fa',
  tissue: '#4ade80',
  mirrored: '#d8b4fe',
};

/** Outlines of core and hypoperfusion over maps: neither is a color of Viridis. */
export const OUTLINE_COLORS = { core: '#ff2d6f', hypoperfused: '#ffa94d' } as const;
