import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Code, sct } from '@voxelwise/dicom';
import { hasPythonReferees, runReferee } from '../../../../e2e/referees/referees.ts';
import {
  fillBox,
  storedVolume,
  type TestSeries,
  temporaryFolders,
  writeSeries,
} from '../testing/ct-series.test-support.ts';
import { refusalOf, run, score } from '../testing/run.test-support.ts';
import { box, PATIENT, segmentationFiles, sourceOf, type TestSegment } from '../testing/segmentation.test-support.ts';

const newFolder = temporaryFolders();
const newSegmentation = segmentationFiles();
const LAD = sct('59438005', 'Left anterior descending coronary artery');
const RCA = sct('13647002', 'Right coronary artery');

/** Blocks of 4 x 4 pixels in slice 2 of 6: 300 HU at row and column 10, 450 HU at 30, a third one of 450 HU at 50. */
const stored = storedVolume(6, 64, 64);
const BLOCKS = { a: [10, 14], b: [30, 34], c: [50, 54] } as const;
fillBox(stored, [2, 3], BLOCKS.a, BLOCKS.a, 300);
fillBox(stored, [2, 3], BLOCKS.b, BLOCKS.b, 450);
fillBox(stored, [2, 3], BLOCKS.c, BLOCKS.c, 450);
const block = (name: keyof typeof BLOCKS) => box([2, 3], BLOCKS[name], BLOCKS[name]);

const series = (changes: Partial<TestSeries> = {}) =>
  writeSeries(newFolder(), { stored, changes: PATIENT, ...changes });
const segment = (label: string, spans: TestSegment['spans'], region?: Code): TestSegment => ({
  label,
  spans,
  ...(region && { region }),
});
const scoreWith = (segments: readonly TestSegment[], ...options: string[]) => {
  const folder = series();
  return score(folder, '--vessels', newSegmentation(sourceOf(folder), segments), ...options);
};
const refusalWith = (segments: readonly TestSegment[], folder = series()) =>
  refusalOf(folder, '--vessels', newSegmentation(sourceOf(folder), segments));

test('vessels have the scores of exactly their voxels', async () => {
  const segments = [segment('Artery 1', block('a'), LAD), segment('right coronary', block('b'))];
  const result = await scoreWith(segments, '--mass-calibration', '0.8');
  const nothing = { agatston: 0, volumeMm3: 0, lesions: 0, lesionSlices: 0, massMg: 0, meanHu: null };
  expect(result.vessels).toEqual([
    { vessel: 'LM', ...nothing },
    {
      vessel: 'LAD',
      agatston: 12,
      volumeMm3: 12,
      lesions: 1,
      lesionSlices: 1,
      massMg: expect.closeTo(2.88),
      meanHu: 300,
    },
    { vessel: 'LCX', ...nothing },
    {
      vessel: 'RCA',
      agatston: 16,
      volumeMm3: 12,
      lesions: 1,
      lesionSlices: 1,
      massMg: expect.closeTo(4.32),
      meanHu: 450,
    },
  ]);
  expect(result.total).toMatchObject({
    agatston: 28,
    volumeMm3: 24,
    lesions: 2,
    massMg: expect.closeTo(7.2),
    category: { label: 'Mild', range: '(10, 100]' },
    cacDrs: { score: 'A1', vessels: 2, label: 'CAC-DRS A1/N2' },
  });
  expect(result.regions).toEqual([]);
  expect(result.segmentation).toEqual({
    uid: expect.stringMatching(/^2\.25\./),
    description: 'Vessels of somebody',
    segments: [
      { label: 'Artery 1', vessel: 'LAD', voxels: 16 },
      { label: 'right coronary', vessel: 'RCA', voxels: 16 },
    ],
    notes: [],
  });
  expect(result.convention.inWords.at(-1)).toBe(`Vessels: those of the segmentation ${result.segmentation!.uid}`);
  expect(result.warnings).toEqual([
    'The segmentation has no segment for LM, LCX: calcium there, if any, is not in the score.',
  ]);
});

test('voxels that do not count are told', async () => {
  const one = fillBox(storedVolume(6, 64, 64), [2, 3], BLOCKS.a, BLOCKS.a, 300);
  one[4]![20]![20] = 500; // one pixel of 0.25 mm2
  const folder = series({ stored: one });
  const segments = [
    segment('LAD', [...box([2, 3], [9, 13], [9, 14]), ...box([4, 5], [20, 21], [20, 21])]),
    segment('D1', block('b')),
    segment('LM', []),
    segment('LCX', []),
    segment('RCA', []),
  ];
  const { vessels, segmentation } = await score(folder, '--vessels', newSegmentation(sourceOf(folder), segments));
  expect(vessels![1]).toMatchObject({ agatston: 9, volumeMm3: 9 });
  expect(segmentation!.notes).toEqual([
    'Of 21 voxels that the segment "LAD" gives to LAD, 8 below 130 HU and 1 in components under the smallest size are not scored.',
    'The segment "D1" (16 voxels) names none of LM, LAD, LCX and RCA, and is not scored.',
    '1 lesion lies only partly in the segmentation: what is outside is not scored, and components keep the peak that they have as a whole.',
  ]);
});

test('a lesion that two vessels share adds up to the whole, with the peak of the whole', async () => {
  const touching = fillBox(storedVolume(6, 64, 64), [2, 3], [10, 14], [10, 18], 250);
  touching[2]![10]![10] = 420;
  const folder = series({ stored: touching });
  const halves = [segment('LM', box([2, 3], [10, 14], [10, 14])), segment('LAD', box([2, 3], [10, 14], [14, 18]))];
  const { vessels, total } = await score(folder, '--vessels', newSegmentation(sourceOf(folder), halves));
  expect(vessels!.map(({ agatston, lesions }) => [agatston, lesions])).toEqual([
    [16, 1],
    [16, 1],
    [0, 0],
    [0, 0],
  ]);
  expect(total).toMatchObject({ agatston: 32, lesions: 1, lesionSlices: 1, cacDrs: { vessels: 2 } });
});

test('several segments of one vessel are one vessel, and may overlap', async () => {
  const segments = [segment('LAD 1', block('a')), segment('LAD 2', [...block('b')]), segment('LAD both', block('a'))];
  expect((await scoreWith(segments)).vessels![1]).toMatchObject({ agatston: 28, lesions: 2 });
});

test('a segmentation without a scored voxel is a score of 0', async () => {
  const { total } = await scoreWith([segment('LAD', [])]);
  expect(total).toMatchObject({ agatston: 0, category: { label: 'No calcium' }, cacDrs: { label: 'CAC-DRS A0' } });
});

test('text names vessels, category, CAC-DRS and what does not count', async () => {
  const folder = series();
  const file = newSegmentation(sourceOf(folder), [segment('LAD', block('a')), segment('Aorta', block('b'))]);
  const { out, error } = await run('calcium', folder, '--vessels', file);
  expect(out).toMatch(/^Vessel +Agatston/m);
  expect(out).toMatch(/^LAD +12\.000 +12\.000 +n\/a +1 +1$/m);
  expect(out).toMatch(/^Total +12\.000/m);
  expect(out).toMatch(/^Category +Mild, \(10, 100\]\n +CAC-DRS A1\/N1$/m);
  expect(out).toMatch(/^Vessels +of the segmentation "Vessels of somebody", 2\.25\./m);
  expect(out).toMatch(/^ +The segment "Aorta" \(16 voxels\) names none/m);
  expect(error).toBe(
    'Warning: The segmentation has no segment for LM, LCX, RCA: calcium there, if any, is not in the score.\n',
  );
});

test('risk and percentiles are those of the total', async () => {
  const risk = join(newFolder(), 'risk.json');
  writeFileSync(risk, JSON.stringify({ sex: 'female', ageYears: 67 }));
  const result = await scoreWith([segment('LAD', block('a'))], '--risk', risk);
  expect(result.risk!.arterialAgeYears).toBeCloseTo(39.1 + 7.25 * Math.log(13), 9);
});

test('tables have a row per vessel, and {folder} stands in the path', async () => {
  const folder = series();
  const vessels = newSegmentation(sourceOf(folder), [segment('LAD', block('a'))]);
  writeFileSync(join(folder, 'vessels.dcm'), readFileSync(vessels));
  const csv = join(newFolder(), 'out.csv');
  const { code } = await run('calcium', folder, '--csv', csv, '--vessels', '{folder}/vessels.dcm');
  expect(code).toBe(0);
  const lines = readFileSync(csv, 'utf8').split('\r\n');
  expect(lines[0]).toMatch(/,error,cac_drs,notes$/);
  expect(lines.slice(1, 6).map(line => line.split(',').slice(1, 4))).toEqual([
    ['vessel', 'LM', '0'],
    ['vessel', 'LAD', '12'],
    ['vessel', 'LCX', '0'],
    ['vessel', 'RCA', '0'],
    ['total', '', '12'],
  ]);
  expect(lines[5]).toMatch(
    /,"?The segmentation has no segment for LM, LCX, RCA: calcium there[^"]*"?,.*,CAC-DRS A1\/N1,$/,
  );
});

(hasPythonReferees() ? test : test.skip)(
  'a segmentation that another program wrote, with names as labels',
  async () => {
    const folder = series();
    const segments = join(newFolder(), 'segments.json');
    const voxels = (spans: TestSegment['spans']) => spans.map(([z, y, from, to]) => [z * 64 + y, from, to]);
    const named = [
      { label: 'LAD', voxels: voxels(block('a')) },
      { label: 'Right coronary artery', voxels: voxels(block('b')) },
    ];
    writeFileSync(segments, JSON.stringify(named));
    const vessels = join(newFolder(), 'highdicom.dcm');
    const slices = Array.from({ length: 6 }, (_, slice) => join(folder, `image-00${slice}`));
    runReferee('write_segmentation.py', vessels, segments, ...slices);
    const { total, segmentation, vessels: scores } = await score(folder, '--vessels', vessels);
    expect(scores!.map(({ agatston }) => agatston)).toEqual([0, 12, 0, 16]);
    expect(total.cacDrs!.label).toBe('CAC-DRS A1/N2');
    expect(segmentation!.description).toBe('Written by highdicom');
  },
);

describe('is refused', () => {
  const other = { ...PATIENT, '0020000e': ['UI', '2.25.200'] } as const;
  const lad = [segment('LAD', block('a'))];

  test('a file that is not there, or is something else', async () => {
    const folder = series();
    expect(await refusalOf(folder, '--vessels', '/nowhere/seg.dcm')).toMatch(
      /\/nowhere\/seg\.dcm cannot be read \(ENOENT\)/,
    );
    const text = join(newFolder(), 'seg.dcm');
    writeFileSync(text, 'text');
    expect(await refusalOf(folder, '--vessels', text)).toMatch(/seg\.dcm cannot be used: This is no DICOM file/);
    expect(await refusalOf(folder, '--vessels', join(folder, 'image-000'))).toMatch(/This is no DICOM Segmentation/);
    const bytes = readFileSync(newSegmentation(sourceOf(folder), lad));
    writeFileSync(text, bytes.subarray(0, bytes.length - 10));
    expect(await refusalOf(folder, '--vessels', text)).toMatch(
      /cannot be used: This is no DICOM file that can be read/,
    );
  });

  test('a segmentation of another series at the same place', async () => {
    const made = newSegmentation(sourceOf(series({ seriesUid: '2.25.200', changes: other })), lad);
    expect(await refusalOf(series(), '--vessels', made)).toMatch(/was made from the images of another series/);
  });

  test('a segmentation in two frames of reference, of another size or place', async () => {
    const frame = { ...PATIENT, '00200052': ['UI', '2.25.97'] } as const;
    const cases: [Partial<TestSeries>, RegExp][] = [
      [{ changes: frame }, /two frames of reference/],
      [{ stored: storedVolume(6, 64, 32) }, /64 x 32 pixels and the series 64 x 64/],
      [{ increment: 2.5 }, /Frame 1 of the segmentation lies 1 mm from the slice that it names/],
      [{ pixelSpacing: [0.5, 0.4] }, /another pixel spacing/],
    ];
    for (const [changes, sentence] of cases) {
      const made = newSegmentation(sourceOf(series(changes)), lad);
      expect(await refusalOf(series(), '--vessels', made)).toMatch(sentence);
    }
  });

  test('a segmentation without a vessel, or with voxels in two', async () => {
    expect(await refusalWith([segment('Aorta', block('a')), segment('Heart', [])])).toMatch(
      /none of its segments \("Aorta", "Heart"\) names LM, LAD, LCX or RCA/,
    );
    expect(await refusalWith([segment('LAD', block('a')), segment('LCX', [[2, 10, 0, 12]])])).toMatch(
      /gives 2 scored voxels both to LAD and to LCX/,
    );
    expect(await refusalWith([segment('LAD', block('a'), RCA)])).toMatch(/names RCA and LAD/);
  });

  test('overlapping outside of calcium is none', async () => {
    const wide = [segment('LAD', box([2, 3], [5, 25], [5, 25])), segment('RCA', box([2, 3], [20, 40], [20, 40]))];
    expect((await scoreWith(wide)).total.agatston).toBe(28);
  });
});
