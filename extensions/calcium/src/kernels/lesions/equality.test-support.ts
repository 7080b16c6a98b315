import {
  comb,
  equalitySuite,
  firstDifference,
  randomInt16Volume,
  spiral,
  volumeOfShape,
} from '@voxelwise/compute/testing';
import { restrictRuns, thresholdRuns } from '@voxelwise/compute/twins';
import {
  type Convention,
  DEFAULT_CONVENTION,
  type DiscRegion,
  lesionsOfRuns,
  spansInRegion,
} from '../../core/index.ts';
import { lesionsKernel } from './index.ts';

const spacingMm = [0.5, 0.4, 3] as const;
const withSwitches = (switches: Partial<Convention> = {}, region?: DiscRegion) => ({
  spacingMm,
  convention: { ...DEFAULT_CONVENTION, ...switches },
  ...(region && { region }),
});

/** The same lesions by every producer, in every field. */
export const equality = equalitySuite({
  kernel: lesionsKernel,
  twin(volume, { spacingMm, convention, region }) {
    const huVolume = { ...volume, spacingMm };
    const found = thresholdRuns(volume, convention.thresholdHu);
    const inside = region ? restrictRuns(found, spansInRegion(huVolume, region)) : found;
    return lesionsOfRuns(inside, huVolume, convention);
  },
  *cases(random) {
    for (const connectivity of [4, 8] as const) {
      for (const density of [0.05, 0.3, 0.5, 0.9]) {
        const volume = randomInt16Volume(random, [129, 40, 5], density, 130);
        for (const thresholdHu of [130, 200.5]) {
          const name = `density ${density}, ${connectivity}-connected, ${thresholdHu} HU`;
          yield { name, volume, parameters: withSwitches({ connectivity, thresholdHu }) };
        }
      }
      yield {
        name: `spiral, ${connectivity}-connected`,
        volume: volumeOfShape(spiral(65), [65, 65, 2]),
        parameters: withSwitches({ connectivity }),
      };
    }
    yield { name: 'comb', volume: volumeOfShape(comb, [128, 33, 2]), parameters: withSwitches() };
    yield { name: 'nothing', volume: volumeOfShape(() => false, [33, 5, 2]), parameters: withSwitches() };
    const region: DiscRegion = { name: 'disc', centre: [20, 60], radiusMm: 7, slices: [1, 3] };
    const volume = randomInt16Volume(random, [160, 40, 5], 0.4, 130);
    yield { name: 'inside a disc', volume, parameters: withSwitches({}, region) };
    const large = randomInt16Volume(random, [512, 512, 5], 0.02, 130);
    yield { name: 'large', volume: large, parameters: withSwitches() };
  },
  difference(answer, twin) {
    const { componentOfRun, lesionOfRun, hu } = twin;
    const tables: readonly (readonly [string, object, object])[] = [
      ['runs', answer.runs, twin.runs],
      ['components', answer.components, twin.components],
      ['lesions', answer.lesions, twin.lesions],
      ['set', answer, { componentOfRun, lesionOfRun, hu }],
    ];
    for (const [table, mine, truth] of tables) {
      for (const [field, values] of Object.entries(truth) as [string, Value][]) {
        const index = firstDifference(listed((mine as Record<string, Value>)[field]), listed(values));
        if (index >= 0) return `${table}.${field} differs at ${index}`;
      }
    }
    return null;
  },
});

type Value = ArrayLike<number> | number | null | undefined;

/** A table's field as a list: a column as it is, a count as the only entry. */
function listed(value: Value): ArrayLike<number> {
  return typeof value === 'object' && value !== null ? value : [Number(value)];
}
