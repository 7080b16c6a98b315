/** For tests of kernels: every producer held to the twin, and volumes to do that with. */

export type { EqualityCase, EqualityOutcome, EqualitySpec, EqualitySuite } from './equality-suite.ts';
export { equalitySuite } from './equality-suite.ts';
export type { Random } from './random.ts';
export { firstDifference, forSeeds, integer, randomInt16Volume, seededRandom } from './random.ts';
export type { Shape } from './shapes.ts';
export { comb, spiral, volumeOfShape } from './shapes.ts';
