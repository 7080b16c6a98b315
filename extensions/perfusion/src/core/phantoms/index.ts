/** Perfusion phantoms with known truth: functions with parameters, nothing is stored. */

export type { Accuracy, Measured } from './accuracy.ts';
export { accuracyOf, measurePhantom } from './accuracy.ts';
export type { GammaVariate, ResidueKind } from './curves.ts';
export {
  gammaVariate,
  PHANTOM_ARTERY,
  RESIDUE_KINDS,
  residueAt,
  sampleDelayed,
  sampleTimes,
  tissuePerFlow,
} from './curves.ts';
export type { DelayGridParameters } from './delay-grid.ts';
export { delayGrid } from './delay-grid.ts';
export type { CurvePhantom, KudoGridParameters, PhantomCurve } from './kudo-grid.ts';
export { kudoGrid } from './kudo-grid.ts';
export { normalNoise, withNoise } from './noise.ts';
export type { StrokePhantom, StrokePhantomParameters } from './stroke.ts';
export { STROKE_PHANTOM_DEFAULTS, strokePhantom } from './stroke.ts';
export type { StrokeTissue } from './stroke-tissues.ts';
export { STROKE_TISSUES } from './stroke-tissues.ts';
