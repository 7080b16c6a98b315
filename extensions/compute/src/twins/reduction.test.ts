import { histogramOf, reduceVolume } from './reduction.ts';

const volumeOf = (voxels: Int16Array | Float32Array) => ({ voxels, dimensions: [voxels.length, 1, 1] }) as const;

test('reduceVolume gives sum and maximum', () => {
  expect(reduceVolume(volumeOf(Int16Array.of(-5, 7, 2)))).toEqual({ sum: 4, maximum: 7 });
  expect(reduceVolume(volumeOf(Float32Array.of(-1.5, -0.25)))).toEqual({ sum: -1.75, maximum: -0.25 });
});

describe('histogramOf', () => {
  test('counts half-open bins and nothing outside them', () => {
    const volume = volumeOf(Int16Array.of(-1, 0, 9, 10, 19, 20, 29, 30));
    expect([...histogramOf(volume, { lowest: 0, binWidth: 10, bins: 3 })]).toEqual([2, 2, 2]);
  });

  test('does not count NaN', () => {
    const volume = volumeOf(Float32Array.of(Number.NaN, 0.5));
    expect([...histogramOf(volume, { lowest: 0, binWidth: 1, bins: 2 })]).toEqual([1, 0]);
  });

  test.each([
    { binWidth: 0, bins: 2 },
    { binWidth: Number.NaN, bins: 2 },
    { binWidth: 1, bins: 0 },
    { binWidth: 1, bins: 1.5 },
  ])('refuses %j', sizes => {
    expect(() => histogramOf(volumeOf(Int16Array.of(1)), { lowest: 0, ...sizes })).toThrow('A histogram cannot have');
  });
});
