import { arrangeKeyImages } from './report-images.ts';

const A4 = { widthMm: 178 };

describe('arrangement of key images', () => {
  test('four of them stand two by two where there is room, and in a row where there is not', () => {
    expect(arrangeKeyImages(4, A4, 118)).toEqual({ columns: 2, rows: 2, sideMm: 56, captions: 'beside' });
    expect(arrangeKeyImages(4, A4, 60)).toEqual({ columns: 4, rows: 1, sideMm: 41.5, captions: 'below' });
  });

  test('a single one is not larger than life', () => {
    expect(arrangeKeyImages(1, A4, 180).sideMm).toBe(100);
  });

  test('always fits its space, and hardly shrinks when captions move as the space grows', () => {
    for (let count = 1; count <= 4; count++) {
      let before = 0;
      for (let heightMm = 12; heightMm < 200; heightMm += 0.5) {
        const { columns, rows, sideMm, captions } = arrangeKeyImages(count, A4, heightMm);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(sideMm * columns).toBeLessThanOrEqual(A4.widthMm);
        expect(sideMm * rows).toBeLessThanOrEqual(heightMm);
        if (captions === 'below') expect(sideMm).toBeLessThan(heightMm - 8);
        expect(sideMm).toBeGreaterThanOrEqual(before / 1.1);
        before = sideMm;
      }
    }
  });

  test('a space that is no space holds nothing', () => {
    expect(arrangeKeyImages(4, A4, -20).sideMm).toBe(0);
  });
});
