import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Changes,
  ctSlice,
  storedVolume,
  type TestSeries,
  temporaryFolders,
  writeSeries,
} from '../testing/ct-series.test-support.ts';
import { writeDataSet, writeDicom } from '../testing/dicom-writer.test-support.ts';
import { refusalOf, run, score } from '../testing/run.test-support.ts';
import { IMPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

const newFolder = temporaryFolders();
const stored = storedVolume(6, 8, 8);
const seriesWith = (series: Partial<TestSeries>): string => writeSeries(newFolder(), { stored, ...series });
const z = (slice: number, mm: number): Changes => ({ '00200032': ['DS', `-120\\-130.5\\${-100 + slice * 3 + mm}`] });

describe('a folder that holds no series to score', () => {
  test('is missing', async () => {
    expect(await refusalOf(join(newFolder(), 'nowhere'))).toMatch(/There is no folder .*nowhere/);
  });

  test('is a file', async () => {
    const file = join(newFolder(), 'report.pdf');
    writeFileSync(file, '%PDF-1.7\n');
    expect(await refusalOf(file)).toMatch(/report\.pdf is a file/);
  });

  test('is empty', async () => {
    expect(await refusalOf(newFolder())).toMatch(/no DICOM in .* is empty/);
  });

  test('has a PDF, an empty file, a DICOMDIR and something that begins like DICOM', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'report.pdf'), '%PDF-1.7\n'.repeat(100));
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'DICOMDIR'), 'whatever');
    writeFileSync(join(folder, 'noise'), Buffer.concat([Buffer.from([8, 0, 8, 0]), Buffer.alloc(300, 0x41)]));
    expect(await refusalOf(folder)).toMatch(/has 4 files, none of them DICOM/);
  });

  test('has two series: both are listed, and either can be chosen', async () => {
    const folder = writeSeries(newFolder(), { stored });
    const other = { '0008103e': ['LO', 'Thin'] } as const;
    writeSeries(join(folder, 'second'), { stored: storedVolume(3, 4, 4), seriesUid: '2.25.200', changes: other });
    const sentence = await refusalOf(folder);
    expect(sentence).toContain('2 series');
    expect(sentence).toContain('2.25.100 (CT, "Calcium test", 6 images); 2.25.200 (CT, "Thin", 3 images)');
    expect((await score(folder, '--series', '2.25.200')).series).toMatchObject({ uid: '2.25.200', slices: 3 });
    expect(await refusalOf(folder, '--series', '1.2.3')).toMatch(/no series 1\.2\.3.*2\.25\.100 .*2\.25\.200 /);
  });
});

test('other files, a DICOMDIR and symbolic links that loop do not disturb a series', async () => {
  const folder = writeSeries(newFolder(), { stored, fileOf: slice => `a/b/IM ${6 - slice}.tmp` });
  writeFileSync(join(folder, 'DICOMDIR'), writeDicom({ '00080016': ['UI', '1.2.840.10008.1.3.10'] }));
  writeFileSync(join(folder, 'notes.txt'), 'notes');
  symlinkSync('..', join(folder, 'a', 'loop'));
  symlinkSync('b', join(folder, 'a', 'again'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  expect((await score(folder)).series.slices).toBe(6);
});

test.each([undefined, IMPLICIT_LITTLE_ENDIAN])('files without preamble are read (%s)', async transferSyntaxUid => {
  const folder = newFolder();
  for (let slice = 0; slice < 3; slice++) {
    writeFileSync(join(folder, `${slice}`), writeDataSet(ctSlice({ stored }, slice), transferSyntaxUid));
  }
  // A meta group without preamble in front of it.
  writeFileSync(join(folder, '3'), writeDicom(ctSlice({ stored }, 3)).subarray(132));
  expect((await score(folder)).series.slices).toBe(4);
});

describe('a damaged file', () => {
  test.each([undefined, IMPLICIT_LITTLE_ENDIAN])(
    'that is truncated is named, never read as zeros (%s)',
    async syntax => {
      const folder = seriesWith({ ...(syntax && { transferSyntaxUid: syntax }) });
      const file = join(folder, 'image-002');
      truncateSync(file, readFileSync(file).length - 40);
      expect(await refusalOf(folder)).toMatch(/image-002 is damaged or truncated/);
    },
  );

  test.each([140, 400, 700])('that ends after %d bytes is named', async bytes => {
    const folder = seriesWith({});
    truncateSync(join(folder, 'image-004'), bytes);
    expect(await refusalOf(folder)).toMatch(/image-004/);
  });

  test('of another series does not stop the chosen one', async () => {
    const folder = writeSeries(newFolder(), { stored });
    writeSeries(join(folder, 'second'), { stored, seriesUid: '2.25.200' });
    const file = join(folder, 'second', 'image-001');
    truncateSync(file, readFileSync(file).length - 40);
    expect((await score(folder, '--series', '2.25.100')).series.slices).toBe(6);
    expect(await refusalOf(folder, '--series', '2.25.200')).toMatch(/image-001/);
  });

  test('without pixel data, or with too little or too much of it, is named', async () => {
    const only3 = (changes: Changes) => ({ changesOf: (slice: number) => (slice === 3 ? changes : {}) });
    expect(await refusalOf(seriesWith(only3({ '7fe00010': null })))).toMatch(/image-003 has no pixel data/);
    const short = seriesWith(only3({ '7fe00010': ['OW', Buffer.alloc(100)] }));
    expect(await refusalOf(short)).toMatch(/image-003 .*100 bytes where 8 x 8 pixels need 128/);
    const long = seriesWith(only3({ '7fe00010': ['OW', Buffer.alloc(256)] }));
    expect(await refusalOf(long)).toMatch(/image-003 .*256 bytes/);
  });
});

const everywhere = (changes: Changes) => ({ changes });
const inOne = (changes: Changes) => ({ changesOf: (slice: number) => (slice === 4 ? changes : {}) });

test.each<[string, Partial<TestSeries>, RegExp]>([
  [
    'MR',
    everywhere({ '00080060': ['CS', 'MR'], '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.4'] }),
    /modality MR, MR Image Storage/,
  ],
  [
    'Enhanced CT',
    everywhere({ '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.2.1'] }),
    /Enhanced CT Image Storage \(multi-frame\).*single-frame/,
  ],
  [
    'an RGB secondary capture among the slices',
    inOne({ '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.7'], '00280002': ['US', 3], '00280004': ['CS', 'RGB'] }),
    /image-004 is not a CT slice .*Secondary Capture/,
  ],
  ['several frames in one image', everywhere({ '00280008': ['IS', '2'] }), /2 frames/],
  ['color pixels', everywhere({ '00280002': ['US', 3], '00280004': ['CS', 'RGB'] }), /SamplesPerPixel 3, .*RGB/],
  ['MONOCHROME1', everywhere({ '00280004': ['CS', 'MONOCHROME1'] }), /MONOCHROME1/],
  ['a single slice', { fileOf: slice => (slice === 0 ? 'only' : null) }, /only one slice .*distance between slices/],
  [
    'one missing slice',
    { fileOf: slice => (slice === 2 ? null : `s${slice}`) },
    /One slice is missing between s1, instance 2 \(z -97 mm\) and s3, instance 4 \(z -91 mm\): the gap is 6 mm where 3 mm/,
  ],
  [
    'two missing slices',
    { fileOf: slice => (slice === 2 || slice === 3 ? null : `s${slice}`) },
    /2 slices are missing .*9 mm/,
  ],
  [
    'a slice out of its place',
    { changesOf: slice => z(slice, slice === 3 ? 0.2 : 0) },
    /not evenly spaced: .*3\.2 mm between image-002.*1 more such gap/,
  ],
  [
    'two phases at each position',
    { changesOf: slice => ({ ...z(slice - (slice % 2), 0), '00200012': ['IS', String(1 + (slice % 2))] }) },
    /3 \w+ have more than one .*image-000.*image-001.*two acquisitions or phases/,
  ],
  [
    'two images at one position',
    { changesOf: slice => (slice === 3 ? z(2, 0) : {}) },
    /One \w+ has more than one .*image-002.*image-003/,
  ],
  ['a tilted gantry', everywhere({ '00181120': ['DS', '12.5'] }), /gantry was tilted .*12\.5 degrees .*image-000/],
  ['a tilt that is no number', everywhere({ '00181120': ['DS', 'FFS'] }), /GantryDetectorTilt \(NaN\) is not usable/],
  [
    'positions off the normal',
    { changesOf: slice => ({ '00200032': ['DS', `-120\\${-130 + slice}\\${slice * 3}`] }) },
    /sheared, 18\.43 degrees/,
  ],
  [
    'one slice beside the others',
    { changesOf: (slice): Changes => (slice === 3 ? { '00200032': ['DS', '-118\\-130.5\\-91'] } : {}) },
    /image-003.* 2 mm beside/,
  ],
  [
    'oblique slices',
    everywhere({ '00200037': ['DS', '1\\0\\0\\0\\0.98480775\\0.17364818'] }),
    /10\.00 degrees off axial/,
  ],
  ['sagittal slices', everywhere({ '00200037': ['DS', '0\\1\\0\\0\\0\\-1'] }), /90\.00 degrees/],
  [
    'another orientation in one slice',
    inOne({ '00200037': ['DS', '0\\1\\0\\-1\\0\\0'] }),
    /differ in ImageOrientationPatient.*image-004/,
  ],
  [
    'another size in one slice',
    inOne({ '00280010': ['US', 4], '00280011': ['US', 16] }),
    /differ in Rows x Columns, 8 x 8 in image-000.* 4 x 16 in image-004/,
  ],
  ['another pixel spacing in one slice', inOne({ '00280030': ['DS', '0.5\\0.6'] }), /differ in PixelSpacing/],
  ['no pixel spacing', everywhere({ '00280030': null }), /PixelSpacing is missing in image-000/],
  ['an empty pixel spacing', everywhere({ '00280030': ['DS', ''] }), /PixelSpacing is missing/],
  [
    'a pixel spacing with a comma',
    everywhere({ '00280030': ['DS', '0,5\\0,5'] }),
    /PixelSpacing \(NaN\) is not usable/,
  ],
  ['a pixel spacing of 0', everywhere({ '00280030': ['DS', '0\\0'] }), /PixelSpacing \(0\\0\) is not usable/],
  [
    'a negative pixel spacing',
    everywhere({ '00280030': ['DS', '-0.5\\0.5'] }),
    /PixelSpacing \(-0\.5\\0\.5\) is not usable/,
  ],
  ['a slope of 0', everywhere({ '00281053': ['DS', '0'] }), /RescaleSlope is not usable \(0\)/],
  ['a slope that is NaN', everywhere({ '00281053': ['DS', 'NaN'] }), /RescaleSlope is not usable \(NaN\)/],
  ['no slope', everywhere({ '00281053': null }), /RescaleSlope is missing/],
  ['no intercept', everywhere({ '00281052': null }), /RescaleIntercept is missing/],
  ['another unit', everywhere({ '00281054': ['LO', 'US'] }), /RescaleType US/],
  [
    'a modality table',
    everywhere({ '00283000': ['SQ', Buffer.from('feff00e000000000', 'hex')] }),
    /Modality LUT Sequence/,
  ],
  ['no position', inOne({ '00200032': null }), /ImagePositionPatient is missing in image-004/],
  ['no orientation', inOne({ '00200037': null }), /ImageOrientationPatient is missing in image-004/],
  [
    'cosines that are none',
    everywhere({ '00200037': ['DS', '1\\0\\0\\1\\0\\0'] }),
    /ImageOrientationPatient \(1\\0\\0\\1\\0\\0\) is not usable/,
  ],
  ['32 bits', everywhere({ '00280100': ['US', 32] }), /BitsAllocated 32/],
  ['a high bit below the stored bits', everywhere({ '00280102': ['US', 11] }), /HighBit 11/],
  [
    'JPEG Baseline',
    { transferSyntaxUid: '1.2.840.10008.1.2.4.50' },
    /lossy.*1\.2\.840\.10008\.1\.2\.4\.50, JPEG Baseline/,
  ],
  ['JPEG 2000 that may be lossy', { transferSyntaxUid: '1.2.840.10008.1.2.4.91' }, /may be, lossy/],
  ['a lossy past', everywhere({ '00282110': ['CS', '01'] }), /lossy/],
  [
    'High-Throughput JPEG 2000',
    { transferSyntaxUid: '1.2.840.10008.1.2.4.201' },
    /1\.2\.840\.10008\.1\.2\.4\.201 \(High-Throughput JPEG 2000/,
  ],
  ['an unknown transfer syntax', { transferSyntaxUid: '1.2.3.4' }, /1\.2\.3\.4 \(an unknown transfer syntax\)/],
  ['a native syntax around a compressed frame', everywhere({ '7fe00010': ['OW', [Buffer.alloc(8)]] }), /encapsulated/],
])('refuses %s', async (_, series, sentence) => {
  expect(await refusalOf(seriesWith(series), '--json')).toMatch(sentence);
});

test('the same image twice is named', async () => {
  const folder = seriesWith({});
  mkdirSync(join(folder, 'copy'));
  writeFileSync(join(folder, 'copy', 'x'), readFileSync(join(folder, 'image-001')));
  expect(await refusalOf(folder)).toMatch(/copies of the same image .*2\.25\.100\.2\)/);
});

test('rounded positions are regular: the increment is measured from end to end', async () => {
  const folder = seriesWith({ changesOf: slice => z(slice, slice % 2 ? 0.0001 : 0) });
  expect((await score(folder)).series.incrementMm).toBeCloseTo(3.00002, 9);
});

test('the increment is that of the positions, whatever the slice thickness says', async () => {
  const folder = seriesWith({ increment: 1.5, changes: { '00180050': ['DS', '3'] } });
  expect((await score(folder)).series).toMatchObject({ incrementMm: 1.5, sliceThicknessMm: 3 });
});

test('a sentence stays one line, whatever the files contain', async () => {
  const folder = writeSeries(newFolder(), { stored });
  const nasty = { '0008103e': ['LO', 'a\n\u001b[31mb'] } as const;
  writeSeries(join(folder, 'second'), { stored, seriesUid: '2.25.200', changes: nasty });
  expect((await run('calcium', folder)).error).toContain('"a [31mb"');
});
