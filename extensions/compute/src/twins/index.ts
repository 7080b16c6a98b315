/** Pure functions on typed arrays: the truth that every other producer is compared with. */

export type { VoxelArray, VoxelVolume } from '../volume.ts';
export { assertVolume } from '../volume.ts';
export type { BitMask, Span } from './bit-mask.ts';
export { countMask, emptyMask, restrictMask, thresholdMask } from './bit-mask.ts';
export type { ComponentStatistics } from './component-statistics.ts';
export { componentStatistics, statisticsOfValues } from './component-statistics.ts';
export type { ComponentLabels } from './connected-components.ts';
export { labelRuns } from './connected-components.ts';
export type { SeparableWeights } from './convolution.ts';
export { gaussianWeights, separableConvolution } from './convolution.ts';
export type { HistogramParameters, Reduction } from './reduction.ts';
export { histogramOf, reduceVolume } from './reduction.ts';
export type { RunList } from './runs.ts';
export { filterRuns, findRun, runsFromMask } from './runs.ts';
export type { JoinedLabels, Slab } from './slab-labels.ts';
export { joinLabels, joinRuns, joinSlices, joinStatistics } from './slab-labels.ts';
export type { Connectivity } from './touching-runs.ts';
export type { ValuedRuns } from './valued-runs.ts';
export { filterValuedRuns, restrictRuns, thresholdRuns, valuedRunsOfMask, valuesOfRuns } from './valued-runs.ts';
