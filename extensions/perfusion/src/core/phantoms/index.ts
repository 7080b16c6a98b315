/** Phantoms with known truth, generated and never stored. */

export type { StrokePhantom, StrokePhantomParameters } from './stroke.ts';
export { STROKE_PHANTOM_DEFAULTS, strokePhantom } from './stroke.ts';
export type { StrokeTissue } from './stroke-tissues.ts';
export { STROKE_TISSUES } from './stroke-tissues.ts';
