/** Pure functions on typed arrays: the truth that every other producer is compared with. */

export type { SeparableWeights } from '../kernels/convolution/twin.ts';
export { gaussianWeights, separableConvolution } from '../kernels/convolution/twin.ts';
export type { HistogramParameters } from '../kernels/histogram/twin.ts';
export { histogramOf } from '../kernels/histogram/twin.ts';
export type { Reduction } from '../kernels/reduction/twin.ts';
export { reduceVolume } from '../kernels/reduction/twin.ts';
export type { VoxelArray, VoxelVolume } from '../volume.ts';
export { assertVolume } from '../volume.ts';
export type { BitMask, Span } from './bit-mask.ts';
export { countMask, emptyMask, restrictMask, thresholdMask } from './bit-mask.ts';
export type { ComponentStatistics } from './component-statistics.ts';
export { componentStatistics, statisticsOfValues } from './component-statistics.ts';
export type { ComponentLabels } from './connected-components.ts';
export { labelRuns } from './connected-components.ts';
export type { RunList } from './runs.ts';
export { bandsOfRuns, filterRuns, findRun, runsFromMask } from './runs.ts';
export type { Point, SpansOfRows } from './shape-spans.ts';
export { discSpans, ellipseSpans, mergeSpans, polygonSpans, strokeSpans } from './shape-spans.ts';
export type { JoinedLabels, Slab } from './slab-labels.ts';
export { joinLabels, joinRuns, joinSlices, joinStatistics } from './slab-labels.ts';
export type { Steps } from './steps.ts';
export { complete, part } from './steps.ts';
export type { Connectivity } from './touching-runs.ts';
export type { ValuedRuns } from './valued-runs.ts';
export {
  filterValuedRuns,
  restrictRuns,
  thresholdRuns,
  valuedRunsOfMask,
  valuedRunsOfRows,
  valuesOfRuns,
} from './valued-runs.ts';
