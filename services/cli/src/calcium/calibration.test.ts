import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillBox, storedVolume, temporaryFolders, writeSeries } from '../testing/ct-series.test-support.ts';
import { refusalOf, score } from '../testing/run.test-support.ts';

const newFolder = temporaryFolders();

/** Two slices of 40 x 40 pixels of 0.5 mm: water of 10 HU, and an insert of 260 HU in rows 5 to 34, columns 5 to 17. */
const stored = fillBox(storedVolume(2, 40, 40, 10), [0, 2], [5, 35], [5, 18], 260);
const insert = { centre: [20, 11], radiusMm: 2.5, slice: 1 };
const water = { centre: [20, 28], radiusMm: 2.5, slice: 0 };

const scan = () => writeSeries(newFolder(), { stored });
function calibrationFile(content: unknown): string {
  const path = join(newFolder(), 'calibration.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

test('two discs give the factor, and what they were is in the convention', async () => {
  const file = calibrationFile({ densityMgPerCm3: 200, insert, water });
  const { convention, total } = await score(scan(), '--calibration-rois', file);
  expect(convention.massCalibration).toMatchObject({
    factorMgPerMm3Hu: 0.0008,
    origin: {
      densityMgPerCm3: 200,
      insertMeanHu: 260,
      waterMeanHu: 10,
      rois: { insert: { slice: 1, imageName: 'image 2', centre: [11, 20], radii: [5, 5], pixels: 81 } },
    },
  });
  expect(convention.inWords.join('\n')).toMatch(/Calibration regions: insert 81 px, SD 0 HU, at \[11, 20\] in image 2/);
  expect(total.massMg).toBeCloseTo(0.0008 * 260 * (2 * 30 * 13) * 0.5 * 0.5 * 3, 9);
});

test.each<[what: string, content: unknown, sentence: RegExp]>([
  ['a list', [insert, water], /The calibration file must be an object/],
  ['one disc', { densityMgPerCm3: 200, insert }, /"water" of the calibration file must be an object, not nothing/],
  ['no density', { insert, water }, /densityMgPerCm3 must be the density of the insert, not nothing/],
  ['a density of 0', { densityMgPerCm3: 0, insert, water }, /density cannot be 0/],
  ['an unknown key', { densityMgPerCm3: 200, insert: { ...insert, slices: [1, 1] }, water }, /the key "slices" is not/],
  [
    'a slice outside',
    { densityMgPerCm3: 200, insert: { ...insert, slice: 2 }, water },
    /insert\.slice must be .* 0 to 1/,
  ],
  [
    'a radius of 0',
    { densityMgPerCm3: 200, insert, water: { ...water, radiusMm: 0 } },
    /water\.radiusMm must be a length/,
  ],
  [
    'a centre of one number',
    { densityMgPerCm3: 200, insert: { ...insert, centre: [3] }, water },
    /insert\.centre must be/,
  ],
  [
    'a disc beyond the image',
    { densityMgPerCm3: 200, insert, water: { ...water, centre: [20, 38] } },
    /"water" of the calibration file: The region reaches beyond the image/,
  ],
  [
    'a disc of few pixels',
    { densityMgPerCm3: 200, insert: { ...insert, radiusMm: 0.5 }, water },
    /"insert" .*The region holds 5 pixels, too few/,
  ],
  [
    'a disc over the rim',
    { densityMgPerCm3: 200, insert: { ...insert, centre: [20, 16] }, water },
    /The region in the insert spreads too much/,
  ],
  ['discs the wrong way round', { densityMgPerCm3: 200, insert: water, water: insert }, /must be brighter than water/],
])('%s is refused', async (_, content, sentence) => {
  expect(await refusalOf(scan(), '--calibration-rois', calibrationFile(content))).toMatch(sentence);
});
