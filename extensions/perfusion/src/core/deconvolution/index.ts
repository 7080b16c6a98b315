/** Deconvolution of tissue curves by an arterial input, in Float64. */

export { ArterialInputError, assertArterialInput, LEAST_TIME_POINTS } from './arterial-input.ts';
export type { ArterialSpectrum, FrequencyBin } from './arterial-spectrum.ts';
export { arterialSpectrum, columnOfBins } from './arterial-spectrum.ts';
export type { Deconvolver } from './create-deconvolver.ts';
export { createDeconvolver } from './create-deconvolver.ts';
export { defaultMethod, defaultOscillationTarget } from './default-method.ts';
export type { LucyRichardsonOptions, LucyRichardsonSystem } from './lucy-richardson.ts';
export {
  BACKGROUND,
  EXTRAPOLATION_FLOOR,
  LEAST_START,
  lucyRichardson,
  lucyRichardsonSystem,
} from './lucy-richardson.ts';
export { baselineVariance, GROUP_FRAMES, groupVariance, noiseLevel } from './noise-level.ts';
export type { TruncationLevel } from './oscillation.ts';
export { oscillationIndex, truncationLevels } from './oscillation.ts';
export type { LinearMethod, ResidueMatrix } from './residue-matrix.ts';
export { circulantOf, residueMatrix } from './residue-matrix.ts';
