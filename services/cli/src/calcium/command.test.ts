import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Changes,
  fillBox,
  storedVolume,
  type TestSeries,
  temporaryFolders,
  writeSeries,
} from '../testing/ct-series.test-support.ts';
import { refusalOf, run, score } from '../testing/run.test-support.ts';

const newFolder = temporaryFolders();

/** Two blocks of 4 x 4 pixels, 300 HU at row and column 10 to 13, 450 HU at 30 to 33, in slice 2 of 6. */
const stored = storedVolume(6, 64, 64);
fillBox(stored, [2, 3], [10, 14], [10, 14], 300);
fillBox(stored, [2, 3], [30, 34], [30, 34], 450);
const series = (changes: Partial<TestSeries> = {}) => writeSeries(newFolder(), { stored, ...changes });

const first = { name: 'first', centre: [11.5, 11.5], radiusMm: 2, slices: [1, 3] };
const second = { name: 'second', centre: [32, 32], radiusMm: 3, slices: [0, 5] };

function roisFile(content: unknown): string {
  const path = join(newFolder(), 'rois.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const withRois = (...regions: unknown[]) => score(series(), '--rois', roisFile(regions));

test('JSON holds exactly the agreed parts, and nothing about the patient', async () => {
  const result = await withRois(first, second);
  expect(Object.keys(result)).toEqual(['series', 'convention', 'regions', 'total', 'warnings', 'timing']);
  expect(result.regions).toEqual([
    { name: 'first', agatston: 12, volumeMm3: 12, lesions: 1, lesionSlices: 1, massMg: null, meanHu: 300 },
    { name: 'second', agatston: 16, volumeMm3: 12, lesions: 1, lesionSlices: 1, massMg: null, meanHu: 450 },
  ]);
  expect(result.total).toEqual({
    agatston: 28,
    volumeMm3: 24,
    lesions: 2,
    lesionSlices: 2,
    massMg: null,
    meanHu: 375,
    category: { label: 'Mild', range: '(10, 100]' },
    isVeryHigh: false,
    note: expect.stringMatching(/^Scores below 100 vary/),
  });
  expect(result.series).toMatchObject({ uid: '2.25.100', studyUid: '2.25.99', kVp: 120, kernel: 'FC12', slices: 6 });
  expect(result.convention).toMatchObject({ thresholdHu: 130, connectivity: 8, equivalent3mm: true });
  expect(result.convention.inWords).toContain('Threshold: HU >= 130');
  expect(result.convention).toMatchObject({ massCalibration: null, thresholds: { choice: 'standard-130' } });
  expect(result.timing).toMatchObject({ producer: 'wasm', notes: [] });
  expect(result.warnings).toEqual([]);
  expect(JSON.stringify(result)).not.toMatch(/Doe/);
});

test('without regions the whole scan is scored, with a warning and without a category', async () => {
  const { regions, total, warnings } = await score(series());
  expect(regions).toEqual([]);
  expect(total).toEqual({ agatston: 28, volumeMm3: 24, lesions: 2, lesionSlices: 2, massMg: null, meanHu: 375 });
  expect(warnings[0]).toMatch(/covers the whole scan.*bone.*not a coronary score/);
});

test('text mode prints a table, the convention and the intended use; warnings go to stderr', async () => {
  const { code, out, error } = await run('calcium', series(), '--rois', roisFile([first]), '--threshold', '150');
  expect(code).toBe(0);
  expect(out).toMatch(/^Region +Agatston +Volume mm³ +Mass mg +Lesions +Lesion slices$/m);
  expect(out).toMatch(/^first +12\.000 +12\.000 +n\/a +1 +1$/m);
  expect(out).toMatch(/^Total +12\.000/m);
  expect(out).toMatch(/Threshold: HU >= 150/);
  expect(out).toMatch(/Not for diagnostic use\.\n$/);
  expect(out).not.toMatch(/Doe/);
  expect(error).toMatch(/^Warning: Threshold 150 HU instead of 130/m);
});

test('calcium below the weights is no score of 0: no category, no risk, and a warning', async () => {
  const faint = series({ stored: fillBox(storedVolume(6, 64, 64), [2, 4], [10, 14], [10, 14], 125) });
  const options = ['--rois', roisFile([first]), '--threshold', '90'];
  const { total, warnings } = await score(faint, ...options);
  expect(total).toMatchObject({ agatston: 0, lesions: 1 });
  expect(total).not.toHaveProperty('category');
  expect(warnings).toContain('The assigned calcium is below the weights: this is not an Agatston score.');
  expect((await run('calcium', faint, ...options)).out).not.toMatch(/No calcium|Category/);
});

test('one slice with a lesion in two touching slices is one lesion with two components', async () => {
  const touching = fillBox(storedVolume(6, 64, 64), [2, 4], [10, 14], [10, 14], 300);
  expect((await score(series({ stored: touching }))).total).toMatchObject({ lesions: 1, lesionSlices: 2 });
});

test('float volumes run on the TypeScript producer, and the result says why', async () => {
  const { total, timing } = await score(series({ changes: { '00281053': ['DS', '1.0625'] } }));
  expect(total.agatston).toBe(28);
  expect(timing.producer).toBe('ts');
  expect(timing.notes).toEqual([expect.stringMatching(/wasm not used: .*fractional/)]);
});

describe('regions', () => {
  test('a centre between pixels and the rim of the disc count as geometry says', async () => {
    // From 11.5, 11.5 the corners of the block are 1.5 * sqrt(2) pixels of 0.5 mm away.
    const corner = 1.5 * Math.SQRT2 * 0.5;
    const [all] = (await withRois({ ...first, radiusMm: corner + 1e-4 })).regions;
    expect(all!.volumeMm3).toBe(12);
    const [without] = (await withRois({ ...first, radiusMm: corner - 1e-4 })).regions;
    expect(without!.volumeMm3).toBe(9);
  });

  test('slices are counted from the lowest z, also when the scan ran downwards', async () => {
    const folder = series({ increment: -3 });
    const lowest = { ...first, slices: [3, 3] };
    expect((await score(folder, '--rois', roisFile([lowest]))).total.agatston).toBe(12);
    expect((await score(folder, '--rois', roisFile([{ ...first, slices: [2, 2] }]))).total.agatston).toBe(0);
  });

  test('discs may overlap as long as no scored voxel is in both', async () => {
    const wide = { ...second, centre: [35, 35], radiusMm: 10 };
    const other = { ...first, radiusMm: 8 };
    expect((await withRois(wide, other)).total.agatston).toBe(28);
    const file = roisFile([wide, first, { ...second, name: 'third' }]);
    expect(await refusalOf(series(), '--rois', file)).toMatch(
      /regions "second" and "third" both score the same voxels/,
    );
  });

  test.each<[string, unknown, RegExp]>([
    ['not JSON', '[{]', /is not JSON/],
    ['not a list', {}, /a list with at least one region/],
    ['an empty list', [], /a list with at least one region/],
    ['an entry that is no object', [first, 3], /Region 2 .*must be an object, not 3/],
    ['a missing name', [{ ...first, name: undefined }], /Region 1 .*name must be a text/],
    ['an empty name', [{ ...first, name: ' ' }], /name must be a text/],
    ['a repeated name', [first, { ...second, name: 'first' }], /Two regions have the name "first"/],
    ['an unknown key', [{ ...first, radius: 3 }], /Region 1 .*"first".*the key "radius" is not known/],
    ['a centre of one number', [{ ...first, centre: [3] }], /centre must be \[row, column\], not \[3\]/],
    ['a centre that is text', [{ ...first, centre: ['3', 3] }], /centre must be/],
    ['a centre that is NaN', `[{"name":"a","centre":[NaN,3],"radiusMm":1,"slices":[0,1]}]`, /not JSON/],
    ['a centre of null', [{ ...first, centre: [Number.NaN, 3] }], /centre must be .*null/],
    ['a centre outside', [{ ...first, centre: [63.6, 3] }], /centre \[63\.6, 3\] lies outside an image of 64 rows/],
    ['no radius', [{ ...first, radiusMm: undefined }], /radiusMm must be a length above 0/],
    ['a radius of 0', [{ ...first, radiusMm: 0 }], /radiusMm must be/],
    ['an infinite radius', `[{"name":"a","centre":[1,3],"radiusMm":1e999,"slices":[0,1]}]`, /radiusMm must be/],
    ['fractional slices', [{ ...first, slices: [0, 1.5] }], /slices must be/],
    ['reversed slices', [{ ...first, slices: [3, 1] }], /slices \[3, 1\] are reversed/],
    [
      'slices outside',
      [{ ...first, slices: [0, 6] }],
      /slices \[0, 6\] lie outside the stack, whose slices are 0 to 5/,
    ],
    ['negative slices', [{ ...first, slices: [-1, 2] }], /slices \[-1, 2\] lie outside/],
  ])('refuses %s', async (_, content, sentence) => {
    expect(await refusalOf(series(), '--json', '--rois', roisFile(content))).toMatch(sentence);
  });

  test('a file that is not there is named', async () => {
    expect(await refusalOf(series(), '--rois', '/nowhere/rois.json')).toMatch(/\/nowhere\/rois\.json .*ENOENT/);
  });
});

test.each<[string, Changes, string[], RegExp]>([
  ['contrast', { '00180010': ['LO', 'ULTRAVIST'] }, [], /ULTRAVIST/],
  ['contrast by code', { '00180012': ['SQ', Buffer.from('feff00e000000000', 'hex')] }, [], /named by code/],
  ['another tube voltage', { '00180060': ['DS', '100'] }, [], /100 kV/],
  ['no tube voltage', { '00180060': null }, [], /not recorded/],
  ['another threshold', {}, ['--threshold', '160'], /with weights from 130, 200, 300, 400 HU/],
  ['mixed tube voltages', {}, [], /Tube voltages of 100 and 120 kV in one series/],
  ['a missing kernel', { '00181210': null }, [], /kernel not recorded/],
  ['a sharp kernel', { '00181210': ['SH', 'B70f'] }, [], /kernel B70f enhances edges/],
  ['missing gating', { '00189037': null }, [], /ECG gating not recorded/],
  ['gaps between slices', { '00180050': ['DS', '1.5'] }, [], /1\.5 mm thick and 3 mm apart/],
])('warns about %s', async (what, changes, options, warning) => {
  const changesOf = (slice: number): Changes =>
    what === 'mixed tube voltages' && slice === 3 ? { '00180060': ['DS', '100'] } : {};
  const { warnings } = await score(series({ changes, changesOf }), '--rois', roisFile([first]), ...options);
  expect(warnings).toEqual([expect.stringMatching(warning)]);
});

test('warns about increments over 3 mm, and about other increments without equivalence', async () => {
  expect((await score(series({ increment: 5 }))).warnings.join()).toMatch(/5(\.00)? mm is more than 3 mm/);
  expect((await score(series({ increment: 1.5 }), '--no-equivalent')).warnings.join()).toMatch(
    /without 3 mm equivalence/,
  );
});

describe('the command line', () => {
  test.each<[string[], RegExp]>([
    [['calcium'], /needs the folder/],
    [['calcium', 'a', 'b'], /"b" is a second one/],
    [['mass', 'a'], /no command "mass"/],
    [['calcium', 'a', '--treshold', '130'], /no option --treshold/],
    [['calcium', 'a', '-j'], /no option -j/],
    [['calcium', 'a', '--threshold', 'abc'], /--threshold must be a number .*"abc"/],
    [['calcium', 'a', '--threshold', 'NaN'], /--threshold must be/],
    [['calcium', 'a', '--threshold', '0x82'], /--threshold must be/],
    [['calcium', 'a', '--threshold', '-32768'], /--threshold must be/],
    [['calcium', 'a', '--threshold='], /--threshold needs a value/],
    [['calcium', 'a', '--threshold', '--json'], /--threshold needs a value/],
    [['calcium', 'a', '--threshold', '1', '--threshold', '2'], /--threshold is given twice/],
    [['calcium', 'a', '--connectivity', '6'], /--connectivity must be 8 or 4/],
    [['calcium', 'a', '--minimum-lesion', '1cm'], /--minimum-lesion must be/],
    [['calcium', 'a', '--minimum-lesion', '1.5px'], /--minimum-lesion must be/],
    [['calcium', 'a', '--minimum-lesion', '-1mm2'], /--minimum-lesion must be/],
    [['calcium', 'a', '--minimum-lesion', 'mm2'], /--minimum-lesion must be/],
    [['calcium', 'a', '--json=yes'], /--json takes no value/],
    [['calcium', 'a', '--minimum-area', '1mm2'], /no option --minimum-area/],
    [['calcium', 'a', '--thresholds', '120'], /--thresholds must be standard-130 or by-kvp/],
    [['calcium', 'a', '--thresholds', 'by-kvp', '--threshold', '130'], /contradict each other/],
    [['calcium', 'a', '--volume', 'mm3'], /--volume must be voxels or isotropic/],
    [['calcium', 'a', '--mass-calibration', '0.8', '--calibration-rois', 'b'], /both calibrate mass/],
    [['calcium', 'a', '--mass-calibration', '0'], /--mass-calibration must be a factor/],
    [['calcium', 'a', '--mass-calibration', '0,8'], /--mass-calibration must be a factor/],
    [['calcium', 'a', '--mass-calibration', '8'], /8 mg\/cm³ per HU is not between 0\.3 and 1\.5/],
    [['calcium', 'a', '--mass-calibration', '0.008'], /8 mg\/cm³ per HU is not between/],
    [['calcium', 'a', '--risk', 'b'], /--risk needs --vessels or --rois/],
    [['calcium', 'a', '--rois', 'b', '--percentiles', 'c'], /--percentiles needs --risk/],
    [['calcium', 'a', '--rois', 'b', '--vessels', 'c'], /--rois and --vessels both say/],
    [['calcium', 'a', '--seg', 'b'], /--seg needs --vessels/],
    [['calcium', 'a', '--rois', 'b', '--pdf', 'c'], /--pdf needs --vessels/],
    [['calcium', 'a', '--vessels', 'b', '--sr', 'c'], /--sr needs --seg/],
    [['calcium', 'a', '--vessels', 'b', '--paper', 'a4'], /--paper needs --pdf/],
    [['calcium', 'a', '--vessels', 'b', '--pdf', 'c', '--paper', 'a3'], /--paper must be a4 or letter, not "a3"/],
    [['calcium', 'a', '--force'], /--force needs --csv, --seg, --sr or --pdf/],
    [['calcium', 'a', 'b', '--csv', 'c', '--vessels', 'd', '--seg', 'e'], /--seg names one file.*\{folder\}/],
    [['calcium', 'a', '--json', '--csv', 'b'], /give one of them/],
    [['calcium', 'a', 'b', '--csv', 'c', '--series', '1.2'], /--series names a series of one folder/],
    [['calcium', 'a', '--csv', '/nowhere/out.csv'], /\/nowhere\/out\.csv cannot be written \(ENOENT\)/],
  ])('%j is refused with one sentence', async (args, sentence) => {
    const { code, out, error } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toMatch(/^[^\n]+\.\n$/);
    expect(error).toMatch(sentence);
  });

  test.each([[[]], [['--help']], [['calcium', '--help']], [['help']]])('%j prints the usage', async args => {
    expect(await run(...args)).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: voxelwise calcium/) });
  });

  test('--version prints the version', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: '0.0.0-test\n', error: '' });
  });
});

describe('switches of the convention', () => {
  test('thresholds by tube voltage come from the table, with the reason', async () => {
    const at100 = { changes: { '00180060': ['DS', '100'] } } as const;
    const { convention, total, warnings } = await score(
      series(at100),
      '--thresholds',
      'by-kvp',
      '--rois',
      roisFile([first, second]),
    );
    expect(convention).toMatchObject({ thresholdHu: 145, weightEdgesHu: [145, 222, 334, 446] });
    expect(convention.thresholds).toEqual({ choice: 'by-kvp', reason: expect.stringMatching(/100 kV.*Gräni/) });
    expect(convention.inWords).toContain(convention.thresholds.reason);
    expect(warnings).toEqual([convention.thresholds.reason]);
    expect(total.agatston).toBe(2 * 4 + 4 * 4);
  });

  test('by tube voltage keeps 130 HU for a kernel named Sa, and says why', async () => {
    const changes: Changes = { '00180060': ['DS', '100'], '00181210': ['SH', 'Sa36f'] };
    const { convention, total } = await score(series({ changes }), '--thresholds', 'by-kvp');
    expect([convention.thresholdHu, total.agatston]).toEqual([130, 28]);
    expect(convention.thresholds.reason).toMatch(/kernel Sa36f.*130 HU is kept/);
  });

  test('a threshold by hand is said to be one', async () => {
    const { convention } = await score(series(), '--threshold', '150');
    expect(convention).toMatchObject({ thresholdHu: 150, weightEdgesHu: [130, 200, 300, 400] });
    expect(convention.thresholds.choice).toBe('by-hand');
    expect(convention.thresholds.reason).toMatch(/^Threshold 150 HU by hand\./);
  });

  test('the isotropic volume replaces the plain one, and leaves the Agatston score', async () => {
    const { total, convention } = await score(series(), '--volume', 'isotropic');
    // On 40 HU, 300 reaches 130 at 0.346 and 450 at 0.2195 of a gap of 6 steps: 3 and 4 of its 5 samples.
    expect(total.volumeMm3).toBeCloseTo(16 * 0.25 * 0.5 * (1 + 2 * 3 + 1 + 2 * 4), 9);
    expect([total.agatston, convention.volumeMethod]).toEqual([28, 'isotropic']);
  });

  test.each(['0.8', '0.0008'])('mass at a calibration of %s is that of the test object', async factor => {
    const { regions, total, convention } = await score(
      series(),
      '--mass-calibration',
      factor,
      '--rois',
      roisFile([first, second]),
    );
    expect(regions.map(({ massMg }) => massMg?.toFixed(6))).toEqual(['2.880000', '4.320000']);
    expect(total.massMg).toBeCloseTo(7.2, 9);
    expect(convention.massCalibration?.factorMgPerMm3Hu).toBeCloseTo(0.0008, 12);
    expect(convention.inWords.join()).toMatch(
      /Mass: 0\.8 mg\/cm³ per HU.*entered \d{4}-\d\d-\d\d, on the command line/,
    );
  });
});
