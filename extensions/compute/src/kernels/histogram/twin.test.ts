import { histogramOf } from './twin.ts';

const volumeOf = (voxels: Int16Array | Float32Array) => ({ voxels, dimensions: [voxels.length, 1, 1] }) as const;

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
    { binWidth: 1, bins: 2, lowest: Number.NaN },
    { binWidth: 1, bins: 2, lowest: Number.NEGATIVE_INFINITY },
  ])('refuses %j', sizes => {
    expect(() => histogramOf(volumeOf(Int16Array.of(1)), { lowest: 0, ...sizes })).toThrow('A histogram cannot have');
  });
});
