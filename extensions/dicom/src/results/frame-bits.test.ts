import { packedFrames, runsOfFrame, setBits } from './frame-bits.ts';

test('bits begin in the lowest place, and a frame begins at the bit where the one before ends', () => {
  // Two frames of 3 x 3: the first has its last pixel, the second its first and fifth.
  const bytes = packedFrames(2, 9);
  setBits(bytes, 8, 9);
  setBits(bytes, 9, 10);
  setBits(bytes, 13, 14);
  expect(Array.from(bytes)).toEqual([0b00000000, 0b00100011, 0b00000000]);
  expect(runsOfFrame(bytes, 0, [3, 3], 0)).toEqual([{ row: 2, start: 2, end: 3 }]);
  expect(runsOfFrame(bytes, 1, [3, 3], 30)).toEqual([
    { row: 30, start: 0, end: 1 },
    { row: 31, start: 1, end: 2 },
  ]);
});

test('spans over whole bytes are set to their ends and no further', () => {
  for (let from = 0; from < 20; from++) {
    for (let to = from; to <= 40; to++) {
      const bytes = packedFrames(1, 40);
      setBits(bytes, from, to);
      const bits = Array.from({ length: 40 }, (_, bit) => (bytes[bit >> 3]! >> (bit & 7)) & 1);
      expect(bits).toEqual(Array.from({ length: 40 }, (_, bit) => Number(bit >= from && bit < to)));
      const expected = from < to ? [{ row: 0, start: from, end: to }] : [];
      expect(runsOfFrame(bytes, 0, [1, 40], 0)).toEqual(expected);
    }
  }
});
