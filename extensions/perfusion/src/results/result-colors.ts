import type { Rgb } from '@voxelwise/dicom';
import type { ResultCurve } from './perfusion-result.ts';

/** Colors of curves, as CSS hex: the same in the panel, on the images and in the report. Arteries are red and veins blue. */
export const CURVE_COLORS: Readonly<Record<ResultCurve['kind'], string>> = {
  aif: '#dc2626',
  vof: '#2563eb',
  tissue: '#16a34a',
  mirrored: '#9333ea',
};

/** Colors of the segments of a stroke: neither is one of Viridis. */
export const STROKE_COLORS = { core: '#e11d48', hypoperfused: '#f97316' } as const;

/** The same on dark ground. */
export const STROKE_COLORS_ON_DARK = { core: '#ff2d6f', hypoperfused: '#ffa94d' } as const;

/** [red, green, blue], 0 to 255 each, of a CSS color written as #rrggbb. */
export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
