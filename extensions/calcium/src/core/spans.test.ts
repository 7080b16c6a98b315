import { mergeSpans, type Point, strokeSpans } from '@voxelwise/compute/twins';
import { forSeeds, integer } from './calcium.test-support.ts';

test('a stroke covers every pixel whose centre is within its radius of its path, and no other', async () => {
  await forSeeds(40, random => {
    const [width, rows] = [integer(random, 1, 30), integer(random, 1, 20)];
    const spacingMm = [0.3 + random(), 0.3 + random()] as const;
    const radiusMm = random() * 4;
    const path: Point[] = Array.from({ length: integer(random, 1, 5) }, () => [
      -5 + random() * (width + 10),
      -5 + random() * (rows + 10),
    ]);
    // The distance to a segment is the least over its points, and that to many points of it nearly so.
    const points = path.flatMap(([x, y], i) => {
      const [fromX, fromY] = path[i - 1] ?? [x, y];
      return Array.from({ length: 401 }, (_, n) => [fromX + ((x - fromX) * n) / 400, fromY + ((y - fromY) * n) / 400]);
    });
    const spans = strokeSpans(path, radiusMm, spacingMm, width, rows);
    spans.forEach((spansOfRow, y) => {
      for (let x = 0; x < width; x++) {
        const distanceMm = Math.min(
          ...points.map(([px, py]) => Math.hypot((px! - x) * spacingMm[0], (py! - y) * spacingMm[1])),
        );
        if (Math.abs(distanceMm - radiusMm) < 0.02) continue; // too near to the rim for so few points
        expect(spansOfRow.some(({ start, end }) => x >= start && x < end)).toBe(distanceMm < radiusMm);
      }
    });
  });
});

test('merged spans are in order, apart and not empty', () => {
  const spans = [
    { start: 8, end: 12 },
    { start: 1, end: 3 },
    { start: 3, end: 5 },
    { start: 6, end: 6 },
    { start: 9, end: 10 },
    { start: 14, end: 15 },
  ];
  expect(mergeSpans(spans)).toEqual([
    { start: 1, end: 5 },
    { start: 8, end: 12 },
    { start: 14, end: 15 },
  ]);
  expect(mergeSpans([])).toEqual([]);
});
