import { lesionsOf, volumeWith } from './calcium.test-support.ts';
import { excludePadding, NO_VOXEL_HU } from './index.ts';

describe('excludePadding', () => {
  test('replaces a single padding value', () => {
    const voxels = Int16Array.of(-2000, -1999, -2001, 0, 130, -2000);
    excludePadding(voxels, -2000, -2000);
    expect([...voxels]).toEqual([NO_VOXEL_HU, -1999, -2001, 0, 130, NO_VOXEL_HU]);
  });

  test('replaces a range, both ends included', () => {
    const voxels = Int16Array.of(999, 1000, 1500, 2000, 2001);
    excludePadding(voxels, 1000, 2000);
    expect([...voxels]).toEqual([999, NO_VOXEL_HU, NO_VOXEL_HU, NO_VOXEL_HU, 2001]);
  });

  test('works on fractional values and leaves NaN alone', () => {
    const voxels = Float32Array.of(-1024.5, -1024, -1023.75, Number.NaN);
    excludePadding(voxels, -1024.25, -1023.5);
    expect([...voxels]).toEqual([-1024.5, NO_VOXEL_HU, NO_VOXEL_HU, Number.NaN]);
  });

  test('bright padding never reaches the mask, at any threshold that the interface offers', () => {
    const volume = volumeWith([9, 9, 2], [1, 1, 3], (x, y) => (y < 4 ? 3071 : x < 3 ? 350 : 0));
    excludePadding(volume.voxels, 3071, 3071);
    for (const thresholdHu of [50, 130, 300]) {
      const { lesions } = lesionsOf(volume, { thresholdHu });
      expect([lesions.count, lesions.voxels[0], lesions.peakHu[0]]).toEqual([1, 30, 350]);
    }
  });
});
