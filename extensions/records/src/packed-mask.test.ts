import { packedMask } from './packed-mask.ts';

test('one bit for each voxel, the lowest first, in the order x, y, z', () => {
  const runs = { row: Int32Array.of(0, 4), start: Int32Array.of(1, 0), end: Int32Array.of(3, 2) };
  // 3 x 2 x 3 voxels: voxels 1 and 2, then 12 and 13.
  expect([...packedMask(runs, [3, 2, 3])]).toEqual([0b00000110, 0b00110000, 0]);
});

test('as many bytes as the voxels need', () => {
  const none = { row: new Int32Array(), start: new Int32Array(), end: new Int32Array() };
  expect(packedMask(none, [512, 512, 64])).toHaveLength((512 * 512 * 64) / 8);
});
