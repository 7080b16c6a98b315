import type { EqualitySuite } from '../../../extensions/compute/src/engine/equality.test-support.ts';
import { EQUALITY_SUITES } from '../../../extensions/compute/src/kernels/registered.test-support.ts';
import { lesionsEquality } from './lesions-equality.ts';

/** The engine's own kernels, and those of the modes that are built from them. */
export const SUITES: readonly EqualitySuite[] = [...EQUALITY_SUITES, lesionsEquality];
