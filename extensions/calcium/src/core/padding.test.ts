import { countPadded } from './index.ts';
import { paddingWarnings } from './padding.ts';

describe('voxels that are padding', () => {
  test('are counted by their value, both ends of the range included', () => {
    const padded = new Map<number, number>();
    countPadded(padded, Int16Array.of(299, 300, 300, 305, 310, 311), [300, 310]);
    countPadded(padded, Float32Array.of(300, 300.5, Number.NaN), [300, 310]);
    expect([...padded]).toEqual([
      [300, 3],
      [305, 1],
      [310, 1],
      [300.5, 1],
    ]);
  });

  test('are not counted where they are dark, as padding should be', () => {
    const padded = new Map<number, number>();
    countPadded(padded, Int16Array.of(-3024, -1024, -1), [-4000, -1]);
    countPadded(padded, Int16Array.of(-5, 0, 2), [-5, 2]);
    expect([...padded]).toEqual([
      [0, 1],
      [2, 1],
    ]);
  });

  test('are warned of where the threshold would take them in', () => {
    const padded = new Map([
      [90, 7],
      [130, 1],
      [300, 20],
    ]);
    expect(paddingWarnings(padded, 131)).toEqual([
      expect.stringMatching(/^20 voxels of 300 HU are padding by their header \(PixelPaddingValue\) and not scored/),
    ]);
    expect(paddingWarnings(padded, 130)).toEqual([expect.stringMatching(/^21 voxels from 130 to 300 HU are padding/)]);
    expect(paddingWarnings(padded, 301)).toEqual([]);
    expect(paddingWarnings(new Map([[150.004, 1]]), 130)).toEqual([expect.stringMatching(/^1 voxel of 150 HU is/)]);
  });
});
