import { middleOf } from './sample.ts';

const volume = { voxels: Int16Array.from({ length: 4 * 3 * 5 }, (_, i) => i), dimensions: [4, 3, 5] } as const;
const SLICE_BYTES = 4 * 3 * 2;

describe('middleOf', () => {
  test('is the whole volume where that is small enough, as an object of its own', () => {
    const middle = middleOf(volume, 1e6);
    expect(middle).toMatchObject({ dimensions: [4, 3, 5], firstRow: 0 });
    expect(middle.voxels).toHaveLength(60);
    expect(middle.voxels.buffer).toBe(volume.voxels.buffer);
  });

  test('is whole slices, then rows of the middle slice, then one row', () => {
    expect(middleOf(volume, 3 * SLICE_BYTES)).toMatchObject({ dimensions: [4, 3, 3], firstRow: 3 });
    expect(middleOf(volume, SLICE_BYTES)).toMatchObject({ dimensions: [4, 3, 1], firstRow: 6 });
    expect(middleOf(volume, 2 * 8)).toMatchObject({ dimensions: [4, 2, 1], firstRow: 6 });
    expect(middleOf(volume, 1)).toMatchObject({ dimensions: [4, 1, 1], firstRow: 7 });
    expect([...middleOf(volume, 1).voxels]).toEqual([28, 29, 30, 31]);
  });
});
