import { Readable } from 'node:stream';
import fc from 'fast-check';
import { segmentation } from './contents.test-support.ts';
import { compareMasks, diceOfMasks } from './mask-dice.ts';

/** The bytes in chunks of the given sizes, over and over; sizes may be 0. */
async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] || turn % 2;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const dice = (a: readonly number[], b: readonly number[]) =>
  diceOfMasks(inChunks(Uint8Array.from(a), [3]), inChunks(Uint8Array.from(b), [2]));

test('Dice of known masks', async () => {
  expect(await dice([0b1111], [0b0011])).toEqual({ value: 4 / 6, unknown: null });
  expect(await dice([0b10000001, 0xff], [0b10000000, 0x00])).toEqual({ value: 2 / 11, unknown: null });
  expect(await dice([0xff], [0x00])).toEqual({ value: 0, unknown: null });
});

test('empty masks of one size agree; masks of different sizes are not of one volume', async () => {
  expect(await dice([0, 0, 0], [0, 0, 0])).toEqual({ value: 1, unknown: null });
  expect(await dice([], [])).toEqual({ value: 1, unknown: null });
  expect(await dice([1, 2, 3], [1, 2])).toEqual({ value: null, unknown: 'masks-differ-in-size' });
  expect(await dice([], [0])).toEqual({ value: null, unknown: 'masks-differ-in-size' });
});

test('equals counting voxel by voxel, however the bytes arrive', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 });
  const masks = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 })), { maxLength: 64 })
    .map(pairs => [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const);
  await fc.assert(
    fc.asyncProperty(masks, sizes, sizes, async ([a, b], sizesOfA, sizesOfB) => {
      const voxels = (bytes: readonly number[]) =>
        bytes.flatMap(byte => [...Array(8).keys()].map(bit => (byte >> bit) & 1));
      const [inA, inB] = [voxels(a), voxels(b)];
      const both = inA.filter((voxel, index) => voxel === 1 && inB[index] === 1).length;
      const sum = [...inA, ...inB].filter(voxel => voxel === 1).length;
      const found = await diceOfMasks(inChunks(Uint8Array.from(a), sizesOfA), inChunks(Uint8Array.from(b), sizesOfB));
      expect(found.value).toBe(sum === 0 ? 1 : (2 * both) / sum);
    }),
  );
});

test('both streams are closed when their sizes differ, so that nothing stays open', async () => {
  const streams = [Readable.from([new Uint8Array(4), new Uint8Array(4)]), Readable.from([new Uint8Array(4)])] as const;
  await diceOfMasks(...streams);
  expect(streams.map(stream => stream.destroyed)).toEqual([true, true]);
});

describe('compareMasks', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(letter => letter.repeat(64)) as [string, string, string];
  const bytes: Record<string, number[]> = { [a]: [0b1111], [b]: [0b0011], [c]: [0b1000] };

  test('reads each pair of different masks once, and answers both ways around', async () => {
    const opened: string[] = [];
    const open = async (sha256: string) => {
      opened.push(sha256);
      return inChunks(Uint8Array.from(bytes[sha256]!), [1]);
    };
    const contents = [segmentation({ 1: a, 2: c }), segmentation({ 1: b, 2: c }), segmentation({ 1: b, 2: c })];
    const diceOf = await compareMasks(contents, open);
    expect(opened.sort()).toEqual([a, b]);
    expect(diceOf(a, b)?.value).toBe(4 / 6);
    expect(diceOf(b, a)?.value).toBe(4 / 6);
    expect(diceOf(a, c)).toBeNull();
  });

  test('passes on that a mask cannot be read', async () => {
    const contents = [segmentation({ 1: a }), segmentation({ 1: b })];
    await expect(compareMasks(contents, () => Promise.reject(new Error('The object is gone.')))).rejects.toThrow(
      'is gone',
    );
  });
});
