import { outlineOf } from './outline.ts';

const DIMENSIONS = [4, 3, 2] as const;

test('the border of one pixel is its four sides', () => {
  const mask = new Uint8Array(24);
  mask[12 + 4 + 1] = 1; // column 1, row 1 of slice 1
  expect(outlineOf(mask, DIMENSIONS, 0)).toEqual([]);
  expect(outlineOf(mask, DIMENSIONS, 1)).toEqual([
    [0.5, 0.5, 1.5, 0.5],
    [0.5, 1.5, 1.5, 1.5],
    [0.5, 0.5, 0.5, 1.5],
    [1.5, 0.5, 1.5, 1.5],
  ]);
});

test('sides between two pixels of the mask are no border, and straight runs are one line', () => {
  const mask = new Uint8Array(24).fill(1, 0, 12); // the whole slice
  expect(outlineOf(mask, DIMENSIONS, 0)).toEqual([
    [-0.5, -0.5, 3.5, -0.5],
    [-0.5, 2.5, 3.5, 2.5],
    [-0.5, -0.5, -0.5, 2.5],
    [3.5, -0.5, 3.5, 2.5],
  ]);
});

test('the length of the border is the number of sides between inside and outside', () => {
  let state = 7;
  const mask = Uint8Array.from({ length: 24 }, () => {
    state = (state * 48271) % 0x7fffffff;
    return state % 2;
  });
  const at = (x: number, y: number) => (x >= 0 && y >= 0 && x < 4 && y < 3 ? mask[y * 4 + x]! : 0);
  let sides = 0;
  for (let y = 0; y <= 3; y++) {
    for (let x = 0; x <= 4; x++) {
      if (x < 4 && at(x, y) !== at(x, y - 1)) sides++;
      if (y < 3 && at(x, y) !== at(x - 1, y)) sides++;
    }
  }
  const length = outlineOf(mask, DIMENSIONS, 0).reduce((sum, [x1, y1, x2, y2]) => sum + x2 - x1 + y2 - y1, 0);
  expect(length).toBe(sides);
});
