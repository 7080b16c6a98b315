/** 4D series: from image headers to time points and slices. */

export type { DynamicFrame } from './dynamic-frame.ts';
export { dynamicFramesOf } from './dynamic-frame.ts';
export {
  dynamicLikelihood,
  dynamicLikelihoodOfFrames,
  isDynamicSeries,
  MAXIMUM_DYNAMIC_LIKELIHOOD,
} from './dynamic-likelihood.ts';
export type { DynamicProblem } from './dynamic-series-error.ts';
export { DynamicSeriesError } from './dynamic-series-error.ts';
export type { DynamicValues, MeasuredSignal } from './dynamic-signal.ts';
export type { DynamicStack } from './dynamic-stack.ts';
export { stackDynamicFrames } from './dynamic-stack.ts';
export { createDynamicVoxels, valueOfPadding } from './dynamic-voxels.ts';
export { MINIMUM_TIME_POINTS } from './minimum-time-points.ts';
