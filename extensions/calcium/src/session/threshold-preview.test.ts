import { forSeeds, integer, lesionsOf, randomVolume, volumeWith } from '../core/calcium.test-support.ts';
import { randomEdits } from '../core/editing/editing.test-support.ts';
import { applyEdits, DEFAULT_CONVENTION, type HuVolume, partAt, scoreVessels, voxelOfPart } from '../core/index.ts';
import { PixelsOnly } from './slice-tint.test-support.ts';
import { tintSlice } from './slice-tint.ts';
import { thresholdPreviews } from './threshold-preview.ts';

const ofBrowser = globalThis.ImageData;
beforeAll(() => Object.assign(globalThis, { ImageData: PixelsOnly }));
afterAll(() => Object.assign(globalThis, { ImageData: ofBrowser }));

const seriesOf = ({ dimensions, spacingMm, voxels }: HuVolume) => {
  const length = dimensions[0] * dimensions[1];
  return { dimensions, spacingMm, readSlice: (z: number) => voxels.subarray(z * length, (z + 1) * length) };
};

describe('preview of another threshold', () => {
  test('has the scores and the tint of the whole result', () =>
    forSeeds(40, random => {
      const volume = randomVolume(random, [14, 12, 4], 0.05 + 0.2 * random());
      const minimumLesion = { rule: 'pixels', pixels: integer(random, 1, 3) } as const;
      const before = lesionsOf(volume, { minimumLesion });
      const edits = randomEdits(random, before, integer(random, 0, 5));
      const labeled = applyEdits(before, edits);
      const selected = voxelOfPart(labeled, integer(random, -1, labeled.parts.count - 1));
      const convention = { ...DEFAULT_CONVENTION, minimumLesion, thresholdHu: integer(random, 100, 300) };
      const after = applyEdits(lesionsOf(volume, convention), edits);

      const preview = thresholdPreviews(seriesOf(volume))(convention, { edits, region: null }, selected);
      if (!preview) throw new Error('there is no preview');
      const { touched, selectedPart, candidatesOf } = preview;
      expect(scoreVessels(touched, null)).toEqual(scoreVessels(after, null));
      for (let slice = 0; slice < 4; slice++) {
        const picture = tintSlice(touched, selectedPart, slice, tintSlice(candidatesOf(slice), -1, 0));
        const expected = tintSlice(after, selected ? partAt(after, ...selected) : -1, slice);
        expect(Buffer.from(picture.data).equals(Buffer.from(expected.data))).toBe(true);
      }
    }));

  test('is not given for calcium that is one with a large bone', () => {
    const bone = volumeWith([120, 120, 4], [0.5, 0.5, 3], () => 300);
    const set = lesionsOf(bone);
    const labeled = applyEdits(set, []);
    const previewOf = thresholdPreviews(seriesOf(bone));
    const nothing = { edits: [], region: null };
    expect(previewOf(DEFAULT_CONVENTION, nothing, null)?.touched.parts.count).toBe(0);
    expect(previewOf(DEFAULT_CONVENTION, nothing, voxelOfPart(labeled, 0))).toBeNull();
  });
});
