import {
  fillBox,
  type StoredVolume,
  storedVolume,
  temporaryFolders,
  writeSeries,
} from '../testing/ct-series.test-support.ts';
import { score } from '../testing/run.test-support.ts';

const newFolder = temporaryFolders();

/** 4 x 4 pixels of one value in one slice of six, on 40 HU. */
const block = (hu: number, slice = 2): StoredVolume =>
  fillBox(storedVolume(6, 64, 64), [slice, slice + 1], [10, 14], [10, 14], hu);
const threeInARow = (): StoredVolume => fillBox(storedVolume(6, 64, 64), [2, 3], [10, 11], [10, 13], 500);
function diagonal(): StoredVolume {
  const volume = storedVolume(6, 64, 64);
  for (let i = 0; i < 5; i++) volume[2]![10 + i]![10 + i] = 500;
  return volume;
}
const twoSlices = (): StoredVolume => fillBox(block(150, 1), [2, 3], [10, 14], [10, 14], 450);
const smallBlock = (): StoredVolume => fillBox(storedVolume(2, 4, 4, 0), [0, 2], [0, 4], [0, 2], 400);

interface Case {
  readonly id: string;
  readonly stored: StoredVolume;
  readonly pixelMm?: number;
  readonly increment?: number;
  readonly options?: string[];
  readonly agatston: number;
  readonly volumeMm3: number;
}

// Digital test objects with known scores; see the README for the definition.
const CASES: Case[] = [
  { id: 'A1', stored: block(300), agatston: 12, volumeMm3: 12 },
  ...[
    [129, 0],
    [130, 4],
    [199, 4],
    [200, 8],
    [299, 8],
    [300, 12],
    [399, 12],
    [400, 16],
  ].map(([hu, agatston]) => ({
    id: `A2 at ${hu} HU`,
    stored: block(hu!),
    agatston: agatston!,
    volumeMm3: hu! < 130 ? 0 : 12,
  })),
  { id: 'A3, 8-connected', stored: diagonal(), agatston: 5, volumeMm3: 3.75 },
  { id: 'A3, 4-connected', stored: diagonal(), options: ['--connectivity', '4'], agatston: 0, volumeMm3: 0 },
  { id: 'A4, 1 mm2', stored: threeInARow(), agatston: 0, volumeMm3: 0 },
  { id: 'A4, 3 pixels', stored: threeInARow(), options: ['--minimum-lesion', '3px'], agatston: 3, volumeMm3: 2.25 },
  { id: 'A5, 1 mm2', stored: threeInARow(), pixelMm: 0.5859, agatston: 4.11934572, volumeMm3: 3.08950929 },
  {
    id: 'A5, 3 pixels',
    stored: threeInARow(),
    pixelMm: 0.5859,
    options: ['--minimum-lesion', '3px'],
    agatston: 4.11934572,
    volumeMm3: 3.08950929,
  },
  { id: 'A6', stored: twoSlices(), agatston: 20, volumeMm3: 24 },
  { id: 'A7', stored: block(450), increment: 2.5, agatston: 40 / 3, volumeMm3: 10 },
  { id: 'A7, raw', stored: block(450), increment: 2.5, options: ['--no-equivalent'], agatston: 16, volumeMm3: 10 },
  { id: 'A7b', stored: block(450), increment: 1.5, agatston: 8, volumeMm3: 6 },
  { id: 'A8', stored: block(400), agatston: 16, volumeMm3: 12 },
  { id: 'A9, raw', stored: smallBlock(), increment: 0.5, options: ['--no-equivalent'], agatston: 16, volumeMm3: 2 },
  { id: 'A9', stored: smallBlock(), increment: 0.5, agatston: 16 / 6, volumeMm3: 2 },
];

test.each(CASES)('scores $id', async ({ stored, pixelMm = 0.5, increment = 3, options = [], agatston, volumeMm3 }) => {
  const folder = writeSeries(newFolder(), { stored, increment, pixelSpacing: [pixelMm, pixelMm] });
  const { total } = await score(folder, ...options);
  expect(total.agatston).toBeCloseTo(agatston, 6);
  expect(total.volumeMm3).toBeCloseTo(volumeMm3, 6);
});

/** A cylinder along z on 40 HU, with partial volume by sub-sampling, rounded to whole HU. */
function cylinder(diameterMm: number, hu: number, increment: number): StoredVolume {
  const pixelMm = 0.5;
  const n = Math.ceil((diameterMm + 8) / pixelMm);
  const slices = Math.ceil((diameterMm + 4 * increment) / increment);
  const coverage = (center: (sub: number) => number, subs: number, isInside: (at: number) => boolean) => {
    let inside = 0;
    for (let sub = 0; sub < subs; sub++) if (isInside(center(sub))) inside++;
    return inside / subs;
  };
  const at = (index: number, sub: number) => ((index * 5 + sub + 0.5) / 5) * pixelMm - (n * pixelMm) / 2;
  const disc = Array.from({ length: n }, (_, y) =>
    Array.from({ length: n }, (_, x) => {
      let inside = 0;
      for (let j = 0; j < 5; j++) {
        inside +=
          coverage(
            i => at(x, i),
            5,
            dx => dx ** 2 + at(y, j) ** 2 <= (diameterMm / 2) ** 2,
          ) / 5;
      }
      return inside;
    }),
  );
  return Array.from({ length: slices }, (_, z) => {
    const height = (sub: number) => ((z * 50 + sub + 0.5) / 50) * increment - (slices * increment) / 2;
    const part = coverage(height, 50, dz => Math.abs(dz) <= diameterMm / 2);
    return disc.map(row => row.map(area => Math.round(40 + (hu - 40) * part * area)));
  });
}

// Diameter = length in mm, HU, then Agatston and volume at 3 mm and at 1 mm.
test.each([
  [5, 280, 80, 120, 66.6666667, 100],
  [5, 520, 176, 132, 146.6666667, 110],
  [5, 1000, 176, 132, 146.6666667, 110],
  [3, 280, 16, 24, 16, 24],
  [3, 520, 32, 24, 32, 24],
  [3, 1000, 32, 24, 32, 24],
  [1, 280, 0, 0, 0.6666667, 1],
  [1, 520, 1, 3, 1.3333333, 1],
  [1, 1000, 2, 3, 1.3333333, 1],
])('scores a %d mm cylinder of %d HU', async (diameter, hu, agatston3, volume3, agatston1, volume1) => {
  const thick = await score(writeSeries(newFolder(), { stored: cylinder(diameter, hu, 3), increment: 3 }));
  expect(thick.total.agatston).toBeCloseTo(agatston3, 6);
  expect(thick.total.volumeMm3).toBeCloseTo(volume3, 6);
  const thin = await score(writeSeries(newFolder(), { stored: cylinder(diameter, hu, 1), increment: 1 }));
  expect(thin.total.agatston).toBeCloseTo(agatston1, 6);
  expect(thin.total.volumeMm3).toBeCloseTo(volume1, 6);
});
