import { createDynamicVoxels } from './dynamic-voxels.ts';

const values = (slope: number, intercept: number) =>
  new Map([
    [
      0,
      {
        slope,
        intercept,
        format: { bitsAllocated: 16, bitsStored: 16, highBit: 15, isSigned: true },
        padding: null,
        paddingHu: null,
      } as const,
    ],
  ]);
const layout = (slope = 1, intercept = 0) =>
  ({
    dimensions: [2, 1, 2],
    order: [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    values: values(slope, intercept),
    signal: { kind: 'attenuation' },
  }) as const;

test('all time points of a slice lie together', () => {
  const voxels = createDynamicVoxels(layout());
  for (let t = 0; t < 3; t++)
    for (let z = 0; z < 2; z++) voxels.write(t, z, Int16Array.of(100 * z + 10 * t, 100 * z + 10 * t + 1));
  expect(voxels.array()).toEqual(Int16Array.of(0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121));
});

test('what does not fit 16 bits makes all of it Float32, and nothing is lost', () => {
  const voxels = createDynamicVoxels(layout());
  voxels.write(0, 0, Uint16Array.of(7, 32_767));
  expect(voxels.array()).toBeInstanceOf(Int16Array);
  voxels.write(1, 0, Uint16Array.of(8, 40_000));
  expect(voxels.array()).toEqual(Float32Array.of(7, 32_767, 8, 40_000, 0, 0, 0, 0, 0, 0, 0, 0));
});

test.each([
  ['a fractional slope', 0.5, 0],
  ['a fractional intercept', 1, -1024.5],
])('%s makes Float32 from the start', (_, slope, intercept) => {
  expect(createDynamicVoxels(layout(slope, intercept)).array()).toBeInstanceOf(Float32Array);
});

test('padding becomes air, before it is asked whether it fits', () => {
  const voxels = createDynamicVoxels(layout());
  voxels.write(0, 1, Float32Array.of(40, 62_512), [62_512, 62_512]);
  expect(voxels.array().slice(6, 8)).toEqual(Int16Array.of(40, -1024));
  const mr = createDynamicVoxels({ ...layout(), signal: { kind: 'susceptibility', echoTimeS: 0.03 } });
  mr.write(0, 0, Int16Array.of(-5, 9), [-5, -5]);
  expect([...mr.array().slice(0, 2)]).toEqual([0, 9]);
});

test('an image of another size is refused', () => {
  expect(() => createDynamicVoxels(layout()).write(2, 1, new Int16Array(3))).toThrow(
    /^The image of slice 2 at time point 3 has 3 pixels where 2 are expected/,
  );
});

test('what memory does not hold is refused', () => {
  expect(() => createDynamicVoxels({ ...layout(), dimensions: [1e6, 1e6, 2] })).toThrow(/more than memory holds/);
});
