import type { Vessel } from '../core/index.ts';

/** Colour of every vessel, as CSS hex: the same in the panel, the overlay, the key images and the report. */
export const VESSEL_COLORS: Record<Vessel, string> = {
  LM: '#facc15',
  LAD: '#ef4444',
  LCX: '#3b82f6',
  RCA: '#22c55e',
};

/** Colour of calcium that no vessel has claimed yet. None of the vessels, and not a colour of anatomy. */
export const CANDIDATE_COLOR = '#e879f9';

/** [red, green, blue], 0 to 255 each, of a CSS colour written as #rrggbb. */
export function rgbOf(hex: string): readonly [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
