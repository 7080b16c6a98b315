import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../dicom-folder/transfer-syntaxes.ts';
import {
  type Changes,
  ctSlice,
  SERIES_UID,
  storedVolume,
  temporaryFolders,
  writeSeries,
} from '../testing/ct-series.test-support.ts';
import { writeDataSet, writeDicom } from '../testing/dicom-writer.test-support.ts';
import { refusalOf, run, score } from '../testing/run.test-support.ts';
import { box, PATIENT, segmentationFiles, sourceOf } from '../testing/segmentation.test-support.ts';
import {
  all,
  everywhere,
  file,
  type Input,
  inOne,
  listing,
  seriesOf,
  stored,
  withSeries,
} from './inputs.test-support.ts';

// What the program does not score: every input here gives one sentence, no number, exit code 2, and stays as it was.

jest.setTimeout(60_000);
const newFolder = temporaryFolders();
const newSegmentation = segmentationFiles();

const position = (text: string): Changes => ({ '00200032': ['DS', text] });
const z = (slice: number, mm: number): Changes => position(`-120\\-130.5\\${-100 + slice * 3 + mm}`);
const SEGMENTATION_CLASS = '1.2.840.10008.5.1.4.1.1.66.4';

/** A deflated slice whose data set is followed by so many zeros. */
function deflatedWith(mebibytes: number): Buffer {
  const slice = writeDataSet(ctSlice({ stored }, 0));
  const element = Buffer.from('fdff1011554e0000', 'hex'); // a private attribute behind the pixels
  const length = Buffer.alloc(4);
  length.writeUInt32LE(mebibytes * 2 ** 20);
  const body = Buffer.concat([slice, element, length, Buffer.alloc(mebibytes * 2 ** 20)]);
  const head = writeDicom(ctSlice({ stored }, 0), DEFLATED_LITTLE_ENDIAN);
  return Buffer.concat([head.subarray(0, 144 + head.readUInt32LE(140)), deflateRawSync(body)]);
}

const cutTo =
  (name: string, bytes: (size: number) => number, transferSyntaxUid = EXPLICIT_LITTLE_ENDIAN): Input =>
  folder => {
    writeSeries(folder, { stored, transferSyntaxUid });
    const path = join(folder, name);
    truncateSync(path, bytes(readFileSync(path).length));
  };

const VALUES: [string, Input, RegExp][] = [
  ['a slope of 0', everywhere({ '00281053': ['DS', '0'] }), /RescaleSlope is not usable \(0\)/],
  ['a slope that is NaN', everywhere({ '00281053': ['DS', 'NaN'] }), /RescaleSlope is not usable \(NaN\)/],
  ['a slope of two values', everywhere({ '00281053': ['DS', '1\\2'] }), /RescaleSlope is not usable \(1\\2\)/],
  ['a slope with a comma', inOne({ '00281053': ['DS', '1,0'] }), /RescaleSlope is not usable \(1,0\) in image-004/],
  ['a slope that no CT has', everywhere({ '00281053': ['DS', '1e300'] }), /RescaleSlope is not usable \(1e300\)/],
  [
    'a slope that makes all values one',
    everywhere({ '00281053': ['DS', '1e-9'] }),
    /RescaleSlope is not usable \(1e-9\)/,
  ],
  ['no slope', everywhere({ '00281053': null }), /RescaleSlope is missing/],
  ['no intercept', everywhere({ '00281052': null }), /RescaleIntercept is missing/],
  ['an infinite intercept', everywhere({ '00281052': ['DS', 'inf'] }), /RescaleIntercept is not usable \(inf\)/],
  [
    'an intercept beyond doubles',
    inOne({ '00281052': ['DS', '1e999'] }),
    /RescaleIntercept is not usable \(1e999\) in image-004/,
  ],
  [
    'an intercept that no CT has',
    everywhere({ '00281052': ['DS', '-9e9'] }),
    /RescaleIntercept is not usable \(-9e9\)/,
  ],
  ['another unit', everywhere({ '00281054': ['LO', 'US'] }), /RescaleType US/],
  [
    'a modality table',
    everywhere({ '00283000': ['SQ', Buffer.from('feff00e000000000', 'hex')] }),
    /Modality LUT Sequence/,
  ],
  [
    'padding over all values of calcium',
    everywhere({ '00280120': ['SS', -2000], '00280121': ['SS', 3000] }),
    /image-000 declares all values from -2000 to 3000 HU as padding .*calcium has such values/,
  ],
  ['32 bits', everywhere({ '00280100': ['US', 32] }), /BitsAllocated 32/],
  ['12 bits packed', everywhere({ '00280100': ['US', 12] }), /BitsAllocated 12/],
  ['no stored bits', everywhere({ '00280101': ['US', 0] }), /BitsStored 0/],
  ['more stored than allocated bits', everywhere({ '00280101': ['US', 17] }), /BitsStored 17/],
  ['a high bit below the stored bits', everywhere({ '00280102': ['US', 11] }), /HighBit 11/],
  ['neither signed nor unsigned', everywhere({ '00280103': ['US', 2] }), /PixelRepresentation 2/],
  ['no pixel data', inOne({ '7fe00010': null }), /image-004 has no pixel data/],
  [
    'pixels in float',
    inOne({ '7fe00010': null, '7fe00008': ['OF', Buffer.alloc(256)] }),
    /image-004 has no pixel data/,
  ],
  [
    'too little pixel data',
    inOne({ '7fe00010': ['OW', Buffer.alloc(100)] }),
    /image-004 .*100 bytes where 8 x 8 pixels need 128/,
  ],
  [
    'too much pixel data',
    inOne({ '7fe00010': ['OW', Buffer.alloc(256)] }),
    /image-004 .*256 bytes where 8 x 8 pixels need 128/,
  ],
  [
    '8 bits that are 16',
    everywhere({ '00280100': ['US', 8], '00280101': ['US', 8], '00280102': ['US', 7], '00280103': ['US', 0] }),
    /128 bytes where 8 x 8 pixels need 64/,
  ],
  [
    'more pixels than memory holds',
    everywhere({ '00280010': ['US', 65535], '00280011': ['US', 65535] }),
    /65535 x 65535 pixels/,
  ],
  ['no rows', everywhere({ '00280010': ['US', 0] }), /Rows and Columns \(0\\8\) is not usable/],
];

const PLACES: [string, Input, RegExp][] = [
  [
    'a single slice',
    seriesOf({ fileOf: slice => (slice === 0 ? 'only' : null) }),
    /only one slice .*distance between slices/,
  ],
  [
    'one missing slice',
    seriesOf({ fileOf: slice => (slice === 2 ? null : `s${slice}`) }),
    /One slice is missing between s1, instance 2 \(z -97 mm\) and s3, instance 4 \(z -91 mm\): the gap is 6 mm where 3 mm/,
  ],
  [
    'two missing slices',
    seriesOf({ fileOf: slice => (slice === 2 || slice === 3 ? null : `s${slice}`) }),
    /2 slices are missing .*9 mm/,
  ],
  [
    'a slice out of its place',
    seriesOf({ changesOf: slice => z(slice, slice === 3 ? 0.2 : 0) }),
    /not evenly spaced: .*3\.2 mm between image-002.*1 more such gap/,
  ],
  [
    'two acquisitions at each position',
    seriesOf({ changesOf: slice => ({ ...z(slice - (slice % 2), 0), '00200012': ['IS', String(1 + (slice % 2))] }) }),
    /3 \w+ have more than one .*image-000.*image-001.*two acquisitions or phases/,
  ],
  [
    'two acquisitions between each other',
    seriesOf({ changesOf: slice => ({ '00200012': ['IS', String(1 + (slice % 2))] }) }),
    /acquisitions alternate along z, as image-000.* and image-001.* with AcquisitionNumber 1 and 2/,
  ],
  [
    'two acquisitions between each other, by their times',
    seriesOf({ changesOf: slice => ({ '00080032': ['TM', `10${slice % 2}00${slice}.25`] }) }),
    /acquisitions alternate along z, .* with AcquisitionTime 100000\.25 and 101001\.25/,
  ],
  [
    'two images at one position',
    seriesOf({ changesOf: slice => (slice === 3 ? z(2, 0) : {}) }),
    /One \w+ has more than one .*image-002.*image-003/,
  ],
  [
    'the same image twice',
    withSeries(folder => file('copy/x', readFileSync(join(folder, 'image-001')))(folder)),
    /copies of the same image .*2\.25\.100\.2\)/,
  ],
  ['a tilted gantry', everywhere({ '00181120': ['DS', '12.5'] }), /gantry was tilted .*12\.5 degrees .*image-000/],
  ['a tilt that is no number', everywhere({ '00181120': ['DS', 'FFS'] }), /GantryDetectorTilt \(NaN\) is not usable/],
  [
    'positions off the normal',
    seriesOf({ changesOf: slice => position(`-120\\${-130 + slice}\\${slice * 3}`) }),
    /sheared, 18\.43 degrees/,
  ],
  [
    'one slice beside the others',
    seriesOf({ changesOf: slice => (slice === 3 ? position('-118\\-130.5\\-91') : {}) }),
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
    'cosines that are none',
    everywhere({ '00200037': ['DS', '1\\0\\0\\1\\0\\0'] }),
    /ImageOrientationPatient \(1\\0\\0\\1\\0\\0\) is not usable/,
  ],
  ['no orientation', inOne({ '00200037': null }), /ImageOrientationPatient is missing in image-004/],
  ['no position', inOne({ '00200032': null }), /ImagePositionPatient is missing in image-004/],
  ['a position in a plane', inOne(position('-120\\-130.5')), /ImagePositionPatient \(-120\\-130\.5\) is not usable/],
  [
    'a position that is NaN',
    inOne(position('-120\\-130.5\\nan')),
    /ImagePositionPatient \(NaN\) is not usable in image-004/,
  ],
  [
    'a position beyond doubles',
    inOne(position('0\\0\\1e400')),
    /ImagePositionPatient \(NaN\) is not usable in image-004/,
  ],
  [
    'another size in one slice',
    inOne({ '00280010': ['US', 4], '00280011': ['US', 16] }),
    /differ in Rows x Columns, 8 x 8 in image-000.* 4 x 16 in image-004/,
  ],
  ['another pixel spacing in one slice', inOne({ '00280030': ['DS', '0.5\\0.6'] }), /differ in PixelSpacing/],
  ['no pixel spacing', everywhere({ '00280030': null }), /PixelSpacing is missing in image-000/],
  ['an empty pixel spacing', everywhere({ '00280030': ['DS', ''] }), /PixelSpacing is missing/],
  ['a pixel spacing of one value', everywhere({ '00280030': ['DS', '0.5'] }), /PixelSpacing \(0\.5\) is not usable/],
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
  [
    'slices of two patients',
    inOne({ '00100020': ['LO', 'P-2'] }),
    /image-000 and image-004 are of two patients \(PatientID\)/,
  ],
  [
    'slices of two patients with one identifier',
    inOne({ '00100010': ['PN', 'Roe^Richard'] }),
    /image-000 and image-004 are of two patients \(PatientName\)/,
  ],
  [
    'slices of two patients with one name',
    inOne({ '00100030': ['DA', '19991231'] }),
    /image-000 and image-004 are of two patients \(PatientBirthDate\)/,
  ],
  [
    'one SOP Instance UID on all slices',
    everywhere({ '00080018': ['UI', '2.25.7'] }),
    /image-000, instance 1 .* and image-001, instance 2 .* have the same SOP Instance UID 2\.25\.7/,
  ],
  ['slices of two studies', inOne({ '0020000d': ['UI', '2.25.9'] }), /image-000 and image-004 are of two studies/],
  [
    'two frames of reference',
    inOne({ '00200052': ['UI', '2.25.9'] }),
    /image-000 and image-004 are of two frames of reference/,
  ],
];

const KINDS: [string, Input, RegExp][] = [
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
  [
    'a segmentation among the slices',
    inOne({ '00080016': ['UI', SEGMENTATION_CLASS], '00080060': ['CS', 'SEG'] }),
    /image-004 is not a CT slice \(modality SEG, Segmentation Storage/,
  ],
  [
    'a localizer among the slices',
    inOne({ '00080008': ['CS', 'ORIGINAL\\PRIMARY\\LOCALIZER'] }),
    /image-004, instance 5 is a localizer \(ImageType ORIGINAL\\PRIMARY\\LOCALIZER\)/,
  ],
  [
    'projections',
    everywhere({ '00080008': ['CS', 'DERIVED\\SECONDARY\\AXIAL\\MIP'] }),
    /image-000, instance 1 is a projection .*choose the original slices/,
  ],
  ['several frames in one image', everywhere({ '00280008': ['IS', '2'] }), /2 frames/],
  ['frames that are no number', everywhere({ '00280008': ['IS', 'x'] }), /x frames/],
  ['color pixels', everywhere({ '00280002': ['US', 3], '00280004': ['CS', 'RGB'] }), /SamplesPerPixel 3, .*RGB/],
  ['MONOCHROME1', everywhere({ '00280004': ['CS', 'MONOCHROME1'] }), /MONOCHROME1/],
  [
    'JPEG Baseline',
    seriesOf({ transferSyntaxUid: '1.2.840.10008.1.2.4.50' }),
    /lossy.*1\.2\.840\.10008\.1\.2\.4\.50, JPEG Baseline/,
  ],
  ['JPEG 2000 that may be lossy', seriesOf({ transferSyntaxUid: '1.2.840.10008.1.2.4.91' }), /may be, lossy/],
  ['a lossy past', everywhere({ '00282110': ['CS', '01'] }), /lossy/],
  [
    'High-Throughput JPEG 2000',
    seriesOf({ transferSyntaxUid: '1.2.840.10008.1.2.4.201' }),
    /1\.2\.840\.10008\.1\.2\.4\.201 \(High-Throughput JPEG 2000/,
  ],
  [
    'an unknown transfer syntax',
    seriesOf({ transferSyntaxUid: '1.2.3.4' }),
    /1\.2\.3\.4 \(an unknown transfer syntax\)/,
  ],
  ['a native syntax around a compressed frame', everywhere({ '7fe00010': ['OW', [Buffer.alloc(8)]] }), /encapsulated/],
];

const FILES: [string, Input, RegExp][] = [
  ['an empty folder', () => {}, /no DICOM in .* is empty/],
  [
    'a PDF, an empty file, a DICOMDIR and something that begins like DICOM',
    all(
      file('report.pdf', '%PDF-1.7\n'.repeat(100)),
      file('empty', ''),
      file('DICOMDIR', 'whatever'),
      file('noise', Buffer.concat([Buffer.from([8, 0, 8, 0]), Buffer.alloc(300, 0x41)])),
    ),
    /has 4 files, none of them DICOM/,
  ],
  [
    '10,000 files that are not DICOM',
    folder => {
      for (let i = 0; i < 10_000; i++) writeFileSync(join(folder, `${i}.txt`), 'no image');
    },
    /has 10000 files, none of them DICOM/,
  ],
  ['a link to itself', folder => symlinkSync('loop', join(folder, 'loop')), /no DICOM in .* is empty/],
  ['links that lead in a circle', folder => symlinkSync('.', join(folder, 'again')), /no DICOM in .* is empty/],
  [
    'a DICOMDIR alone',
    file('DICOMDIR', writeDicom({ '00080016': ['UI', '1.2.840.10008.1.3.10'] })),
    /1 file, none of them DICOM/,
  ],
  [
    'a segmentation alone',
    folder => {
      const scan = writeSeries(newFolder(), { stored, changes: PATIENT });
      const segmentation = newSegmentation(sourceOf(scan), [{ label: 'LAD', spans: box([2, 3], [2, 6], [2, 6]) }]);
      writeFileSync(join(folder, 'seg.dcm'), readFileSync(segmentation));
    },
    /seg\.dcm is not a CT slice \(modality SEG, Segmentation Storage/,
  ],
  ['a file that ends in its pixels', cutTo('image-002', size => size - 40), /image-002 is damaged or truncated/],
  [
    'a file that ends in its pixels, without value representations',
    cutTo('image-002', size => size - 40, IMPLICIT_LITTLE_ENDIAN),
    /image-002 is damaged or truncated/,
  ],
  ['a file that ends in its preamble', cutTo('image-004', () => 140), /image-004 is damaged or truncated/],
  ['a file that ends in its header', cutTo('image-004', () => 400), /image-004/],
  ['a file that ends shortly before its pixels', cutTo('image-004', () => 700), /image-004/],
  [
    'a deflated file that ends too early',
    cutTo('image-003', size => size - 10, DEFLATED_LITTLE_ENDIAN),
    /image-003 is damaged or truncated/,
  ],
  [
    'a deflated file that inflates without end',
    withSeries(file('bomb', deflatedWith(300))),
    /bomb is damaged or truncated: it inflates to more than 256 MiB/,
  ],
  [
    'a file of 3 GiB that begins like DICOM',
    withSeries(folder => {
      file('huge', readFileSync(join(folder, 'image-000')))(folder);
      truncateSync(join(folder, 'huge'), 3 * 2 ** 30);
    }),
    /huge is damaged or truncated: it is larger than 2 GiB/,
  ],
  [
    'a transfer syntax that is not that of the file',
    withSeries(folder => {
      const meta = writeDicom(ctSlice({ stored }, 2)).subarray(0, 132 + 12);
      const whole = writeDicom(ctSlice({ stored }, 2));
      const head = whole.subarray(0, 144 + meta.readUInt32LE(140));
      writeFileSync(
        join(folder, 'image-002'),
        Buffer.concat([head, writeDataSet(ctSlice({ stored }, 2), IMPLICIT_LITTLE_ENDIAN)]),
      );
    }),
    /image-002 is damaged or truncated/,
  ],
  [
    'a file without a series',
    withSeries(file('stray', writeDicom({ ...ctSlice({ stored }, 0), '0020000e': ['UI', ''] }))),
    /stray is damaged or truncated: no SeriesInstanceUID/,
  ],
  [
    'two CT series',
    withSeries(folder => {
      const changes: Changes = { '0008103e': ['LO', 'Thin'] };
      writeSeries(join(folder, 'second'), { stored: storedVolume(3, 4, 4), seriesUid: '2.25.200', changes });
    }),
    /2 series.*2\.25\.100 \(CT, "Calcium test", 6 images\); 2\.25\.200 \(CT, "Thin", 3 images\)/,
  ],
];

describe.each([
  ['values', VALUES],
  ['places', PLACES],
  ['kinds of images', KINDS],
  ['files and folders', FILES],
])('%s', (_, inputs) => {
  test.each(inputs)('%s', async (_name, input, sentence) => {
    const folder = newFolder();
    input(folder);
    const before = listing(folder);
    expect(await refusalOf(folder, '--json')).toMatch(sentence);
    expect(listing(folder)).toEqual(before);
  });
});

test('a folder that is not there, and one that is a file', async () => {
  expect(await refusalOf(join(newFolder(), 'nowhere'))).toMatch(/There is no folder .*nowhere/);
  const path = join(newFolder(), 'report.pdf');
  writeFileSync(path, '%PDF-1.7\n');
  expect(await refusalOf(path)).toMatch(/report\.pdf is a file/);
});

test('of two series either can be chosen, and a damaged file of the other one does not matter', async () => {
  const folder = writeSeries(newFolder(), { stored });
  writeSeries(join(folder, 'second'), { stored: storedVolume(3, 4, 4), seriesUid: '2.25.200' });
  expect((await score(folder, '--series', '2.25.200')).series).toMatchObject({ uid: '2.25.200', slices: 3 });
  expect(await refusalOf(folder, '--series', '1.2.3')).toMatch(/no series 1\.2\.3.*2\.25\.100 .*2\.25\.200 /);
  const path = join(folder, 'second', 'image-001');
  truncateSync(path, readFileSync(path).length - 20);
  expect((await score(folder, '--series', SERIES_UID)).series.slices).toBe(6);
  expect(await refusalOf(folder, '--series', '2.25.200')).toMatch(/image-001/);
});

describe('without permission', () => {
  /** As a user who may not read everything. */
  async function asUser<T>(work: () => Promise<T>): Promise<T> {
    if (process.geteuid!() !== 0) return work();
    process.seteuid!(65534);
    try {
      return await work();
    } finally {
      process.seteuid!(0);
    }
  }

  test('a file is named, because it may be a slice', async () => {
    const folder = writeSeries(newFolder(), { stored });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'image-005'), 0);
    expect(await asUser(() => refusalOf(folder))).toMatch(/image-005 cannot be read \(EACCES\), and it may be a slice/);
  });

  test('a folder is named, because it may hold slices', async () => {
    const folder = writeSeries(newFolder(), { stored });
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'locked'), { mode: 0 });
    expect(await asUser(() => refusalOf(folder))).toMatch(/locked cannot be read \(EACCES\)/);
    chmodSync(join(folder, 'locked'), 0o700);
  });
});

test('a sentence stays one line, whatever files contain and however they are called', async () => {
  const folder = writeSeries(newFolder(), { stored });
  const nasty = { '0008103e': ['LO', 'a\n\u001b[31mb'] } as const;
  writeSeries(join(folder, 'second'), { stored, seriesUid: '2.25.200', changes: nasty });
  expect((await run('calcium', folder)).error).toContain('"a [31mb"');
  const named = newFolder();
  writeSeries(named, { stored, fileOf: slice => `Größe\n${slice}\u202e`, changes: { '00281053': ['DS', '0'] } });
  expect(await refusalOf(named)).toMatch(/^RescaleSlope is not usable \(0\) in Größe 0 , so/);
});
