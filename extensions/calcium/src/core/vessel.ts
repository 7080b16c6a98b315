/** Coronary arteries in report order. */
export const VESSELS = ['LM', 'LAD', 'LCX', 'RCA'] as const;
export type Vessel = (typeof VESSELS)[number];
