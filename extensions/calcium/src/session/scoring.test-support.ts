import { createLocalEngine } from '@voxelwise/compute';
import { createStore } from '@voxelwise/host';
import { seededRandom } from '../core/calcium.test-support.ts';
import type { HeartRegion, HuVolume } from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';
import { createScoring } from './scoring.ts';
import { INITIAL_STATE } from './state.ts';

const random = seededRandom(3);
const VOLUME: HuVolume = {
  voxels: Int16Array.from({ length: 40 * 30 * 6 }, () => (random() < 0.2 ? 130 + Math.floor(random() * 300) : 0)),
  dimensions: [40, 30, 6],
  spacingMm: [0.5, 0.5, 3],
};
export const LEFT_HALF: HeartRegion = {
  shapes: [{ kind: 'ellipse', centre: [5, 15], radii: [10, 20], slices: [0, 5] }],
};

/** A session's scoring on a small volume, with an engine in this thread. */
export async function scoringOf() {
  const engine = createLocalEngine();
  const sliceLength = 40 * 30;
  const readSlice = (slice: number) => VOLUME.voxels.subarray(slice * sliceLength, (slice + 1) * sliceLength);
  const series = {
    ...VOLUME,
    loaded: {
      volumeId: 'v',
      instances: Array.from({ length: 6 }, (_, slice) => ({ InstanceNumber: String(slice + 1) })),
      readSlice,
    },
    readSlice,
  } as unknown as CtSeries;
  await engine.loadVolume('v', () => VOLUME);
  const store = createStore(
    { ...INITIAL_STATE, facts: { kvp: 100, incrementMm: 3, sliceThicknessMm: 3, sliceCount: 6, contrastAgent: '' } },
    () => null,
  );
  const scoring = createScoring({
    store,
    engine,
    preference: { prefer: 'ts', problem: '' },
    opened: () => ({ series, signal: new AbortController().signal }),
  });
  await scoring.score();
  return { store, scoring, series };
}
