import {
  type BitMask,
  componentStatistics,
  countMask,
  labelRuns,
  runsFromMask,
  thresholdMask,
} from '@voxelwise/compute/twins';
import type { BenchVolume } from './phantom.ts';

/** What a contender is asked for, from int16 voxels in memory on. */
export type Job = 'components-2d' | 'components-3d' | 'mask';

export const THRESHOLD_HU = 130;

/** Components in any order, with their peaks where the contender finds them. */
export interface Components {
  readonly areas: ArrayLike<number>;
  readonly peaks: ArrayLike<number> | null;
}

export type Answer = { readonly mask: BitMask } | { readonly components: Components };

/** The answer of the TypeScript twins, the truth that the others are held to. */
export function expectedAnswer(job: Job, volume: BenchVolume): Answer {
  const mask = thresholdMask(volume, THRESHOLD_HU);
  if (job === 'mask') return { mask };
  const [width, rowsPerSlice] = volume.dimensions;
  const runs = runsFromMask(mask);
  const labels = labelRuns(runs, rowsPerSlice, job === 'components-2d' ? 8 : 26);
  const { voxelCount, peak } = componentStatistics(runs, labels, volume.voxels, width);
  return { components: { areas: voxelCount, peaks: peak } };
}

/** How much was found. */
export interface AnswerSize {
  readonly voxels: number;
  /** Missing where only voxels were asked for. */
  readonly components?: number;
}

export function sizeOf(answer: Answer): AnswerSize {
  if ('mask' in answer) return { voxels: countMask(answer.mask) };
  const { areas } = answer.components;
  return { voxels: sum(areas), components: areas.length };
}

/** "2,604 components, 604,850 voxels". */
export function inWords({ voxels, components }: AnswerSize): string {
  const number = (value: number) => value.toLocaleString('en');
  return `${components === undefined ? '' : `${number(components)} components, `}${number(voxels)} voxels`;
}

const describe = (answer: Answer) => inWords(sizeOf(answer));

/** How an answer differs from the twins', in a sentence; null when they are equal. */
export function difference(answer: Answer, expected: Answer): string | null {
  if ('mask' in answer && 'mask' in expected) {
    const { words } = expected.mask;
    const isEqual =
      words.length === answer.mask.words.length && words.every((word, i) => word === answer.mask.words[i]);
    return isEqual ? null : `the mask differs: ${describe(answer)} instead of ${describe(expected)}`;
  }
  if (!('components' in answer && 'components' in expected)) return 'it answered another question';
  const [mine, theirs] = [expected.components, answer.components];
  if (describe(answer) !== describe(expected)) return `${describe(answer)} instead of ${describe(expected)}`;
  const withPeaks = theirs.peaks !== null;
  const wanted = sortedPairs(mine, withPeaks);
  const isEqual = sortedPairs(theirs, withPeaks).every((pair, i) => pair === wanted[i]);
  return isEqual ? null : `as many components and voxels, but other areas${withPeaks ? ' or peaks' : ''}`;
}

/** Area and peak of each component as one number, sorted: contenders number components in different orders. */
function sortedPairs({ areas, peaks }: Components, withPeaks: boolean): Float64Array {
  return Float64Array.from(areas, (area, i) => area * 65536 + (withPeaks ? peaks![i]! + 32768 : 0)).sort();
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
