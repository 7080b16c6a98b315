import { lesionsOf, volumeWith } from '../calcium.test-support.ts';
import { applyEdits, assignPart, cutAlong, partAt, scoreLabel, scoreLesions } from '../index.ts';

test('A6 block in half', () => {
  const volume = volumeWith([64, 64, 6], [0.5, 0.5, 3], (x, y, z) =>
    x >= 10 && x < 14 && y >= 10 && y < 14 ? ({ 1: 150, 2: 450 }[z] ?? 40) : 40,
  );
  const set = lesionsOf(volume);
  let labeled = applyEdits(set, []);
  const cut = cutAlong(labeled, 2, { from: [11.5, 8], to: [11.5, 16] })!;
  labeled = applyEdits(set, [cut]);
  expect(labeled.parts).toMatchObject({
    count: 2,
    voxels: Int32Array.of(16, 16),
    weightedPixels: Float64Array.of(40, 40),
  });
  const edits = [
    cut,
    assignPart(labeled, partAt(labeled, 10, 11, 1), 'LM'),
    assignPart(labeled, partAt(labeled, 13, 11, 1), 'LAD'),
  ];
  labeled = applyEdits(set, edits);
  expect(scoreLabel(labeled, 'LM')).toMatchObject({ agatston: 10, lesions: 1, lesionSlices: 2 });
  expect(scoreLesions(set).agatston).toBe(20);
});
