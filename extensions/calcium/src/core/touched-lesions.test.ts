import { thresholdMask } from '@voxelwise/compute/twins';
import {
  findLesions,
  forSeeds,
  integer,
  lesionsOf,
  maskInRegion,
  randomVolume,
  volumeWith,
} from './calcium.test-support.ts';
import { randomEdits } from './editing/editing.test-support.ts';
import {
  applyEdits,
  type Convention,
  DEFAULT_CONVENTION,
  type HeartRegion,
  type HuVolume,
  lesionsOfSlice,
  scoreVessels,
  touchedLesions,
} from './index.ts';

const sliced = ({ dimensions, spacingMm, voxels }: HuVolume) => {
  const length = dimensions[0] * dimensions[1];
  return { dimensions, spacingMm, slice: (z: number) => voxels.subarray(z * length, (z + 1) * length) };
};

const wholeSearch = (volume: HuVolume, convention: Convention, region: HeartRegion | null) => {
  const mask = thresholdMask(volume, convention.thresholdHu);
  return findLesions(region ? maskInRegion(mask, volume, region) : mask, volume, convention);
};

describe('lesions that edits touch', () => {
  test('score as in a search of the whole volume, under any threshold, convention, region and edits', () =>
    forSeeds(60, random => {
      const volume = randomVolume(random, [14, 12, 5], 0.05 + 0.2 * random());
      const set = lesionsOf(volume, { minimumLesion: { rule: 'pixels', pixels: 1 } });
      const edits = randomEdits(random, set, integer(random, 0, 6));
      const convention: Convention = {
        ...DEFAULT_CONVENTION,
        thresholdHu: integer(random, 100, 300),
        connectivity: random() < 0.5 ? 8 : 4,
        minimumLesion: { rule: 'pixels', pixels: integer(random, 1, 4) },
      };
      const region: HeartRegion | null =
        random() < 0.5
          ? null
          : { shapes: [{ kind: 'ellipse', centre: [7, 6], radii: [6, 4], slices: [0, integer(random, 1, 4)] }] };
      const whole = applyEdits(wholeSearch(volume, convention, region), edits);
      const seeds = edits.map(({ voxels }) => voxels);
      const touched = touchedLesions(sliced(volume), { seeds, convention, region, mostVoxels: 1e6 });
      expect(touched).not.toBeNull();
      expect(scoreVessels(applyEdits(touched!, edits), null)).toEqual(scoreVessels(whole, null));
    }));

  test('nothing is given where they are too large, or their volume is interpolated', () => {
    const volume = volumeWith([8, 8, 3], [1, 1, 3], () => 200);
    const seeds = [{ row: Int32Array.of(3), start: Int32Array.of(3), end: Int32Array.of(4) }];
    const options = { seeds, convention: DEFAULT_CONVENTION, mostVoxels: 8 * 8 * 3 };
    expect(touchedLesions(sliced(volume), options)?.lesions.voxels).toEqual(Int32Array.of(192));
    expect(touchedLesions(sliced(volume), { ...options, mostVoxels: 100 })).toBeNull();
    const convention = { ...DEFAULT_CONVENTION, volumeMethod: 'isotropic' } as const;
    expect(touchedLesions(sliced(volume), { ...options, convention })).toBeNull();
  });

  test('seeds below the threshold or outside the volume touch nothing', () => {
    const volume = volumeWith([4, 4, 2], [1, 1, 3], x => (x === 0 ? 200 : 0));
    const seeds = [{ row: Int32Array.of(0, 99), start: Int32Array.of(2, 0), end: Int32Array.of(9, 4) }];
    const touched = touchedLesions(sliced(volume), { seeds, convention: DEFAULT_CONVENTION, mostVoxels: 100 });
    expect(touched?.lesions.count).toBe(0);
  });
});

test('the components of one slice are those that the whole volume has there', () =>
  forSeeds(30, random => {
    const volume = randomVolume(random, [14, 12, 4], 0.3 * random());
    const convention: Convention = { ...DEFAULT_CONVENTION, minimumLesion: { rule: 'pixels', pixels: 2 } };
    const region: HeartRegion | null =
      random() < 0.5 ? null : { shapes: [{ kind: 'ellipse', centre: [7, 6], radii: [5, 5], slices: [1, 2] }] };
    const { runs } = wholeSearch(volume, convention, region);
    for (let slice = 0; slice < 4; slice++) {
      const found = lesionsOfSlice(sliced(volume), slice, convention, region).runs;
      const [first, last] = [runs.rowStart[slice * 12]!, runs.rowStart[(slice + 1) * 12]!];
      expect([...found.start]).toEqual([...runs.start.subarray(first, last)]);
      expect([...found.end]).toEqual([...runs.end.subarray(first, last)]);
      expect([...found.rowStart]).toEqual(
        [...runs.rowStart.subarray(slice * 12, (slice + 1) * 12 + 1)].map(run => run - first),
      );
    }
  }));
