import { reduceVolume } from './twin.ts';

const volumeOf = (voxels: Int16Array | Float32Array) => ({ voxels, dimensions: [voxels.length, 1, 1] }) as const;

test('reduceVolume gives sum and maximum', () => {
  expect(reduceVolume(volumeOf(Int16Array.of(-5, 7, 2)))).toEqual({ sum: 4, maximum: 7 });
  expect(reduceVolume(volumeOf(Float32Array.of(-1.5, -0.25)))).toEqual({ sum: -1.75, maximum: -0.25 });
});

test('reduceVolume goes on from the voxels before', () => {
  const before = reduceVolume(volumeOf(Int16Array.of(-5, 7)));
  expect(reduceVolume(volumeOf(Int16Array.of(2)), before)).toEqual({ sum: 4, maximum: 7 });
});
