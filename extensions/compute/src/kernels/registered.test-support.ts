import type { EqualitySuite } from '../engine/equality.test-support.ts';
import { connectedComponentsEquality } from './connected-components/equality.test-support.ts';
import { convolutionEquality } from './convolution/equality.test-support.ts';
import { gpuLabelsEquality } from './gpu-labels/equality.test-support.ts';
import { histogramEquality } from './histogram/equality.test-support.ts';
import { labelStatisticsEquality } from './label-statistics/equality.test-support.ts';
import { reductionEquality } from './reduction/equality.test-support.ts';
import { thresholdMaskEquality } from './threshold-mask/equality.test-support.ts';

/** What compares every kernel with its twin, here and in the browser. */
export const EQUALITY_SUITES: readonly EqualitySuite[] = [
  connectedComponentsEquality,
  convolutionEquality,
  gpuLabelsEquality,
  histogramEquality,
  labelStatisticsEquality,
  reductionEquality,
  thresholdMaskEquality,
];
