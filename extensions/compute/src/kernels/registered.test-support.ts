import type { EqualitySuite } from '../engine/equality.test-support.ts';
import { thresholdMaskEquality } from './threshold-mask/equality.test-support.ts';

/** What compares every kernel with its twin, here and in the browser. */
export const EQUALITY_SUITES: readonly EqualitySuite[] = [thresholdMaskEquality];
