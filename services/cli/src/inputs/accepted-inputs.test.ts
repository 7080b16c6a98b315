import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../dicom-folder/transfer-syntaxes.ts';
import {
  type Changes,
  ctSlice,
  type TestSeries,
  temporaryFolders,
  writeSeries,
} from '../testing/ct-series.test-support.ts';
import { writeDataSet, writeDicom } from '../testing/dicom-writer.test-support.ts';
import { score } from '../testing/run.test-support.ts';
import { box, PATIENT, segmentationFiles, sourceOf } from '../testing/segmentation.test-support.ts';
import {
  everywhere,
  file,
  type Input,
  inOne,
  listing,
  SCORE,
  seriesOf,
  stored,
  withSeries,
} from './inputs.test-support.ts';
import { refusalInViewer } from './viewer-headers.test-support.ts';

// Unusual inputs that say clearly what they mean: each is the same scan, and has its score to the last bit.

jest.setTimeout(60_000);
const newFolder = temporaryFolders();
const newSegmentation = segmentationFiles();

/** The scan with other stored values. */
const storedAs = (
  convert: (hu: number, slice: number) => number,
  changes: Changes,
  more: Partial<TestSeries> = {},
): Input =>
  seriesOf({
    stored: stored.map((rows, slice) => rows.map(row => row.map(hu => convert(hu, slice)))),
    changes,
    ...more,
  });

/** Padding around the calcium, in the middle of the image. */
const padded = (value: number, changes: Changes): Input =>
  seriesOf({
    stored: stored.map((rows, slice) =>
      slice === 2 ? rows.map(row => row.map((hu, x) => (hu === 40 && x > 0 && x < 7 ? value : hu))) : rows,
    ),
    changes,
  });

const UNSIGNED: Changes = { '00280103': ['US', 0] };
const BYTES: Changes = { ...UNSIGNED, '00280100': ['US', 8], '00280101': ['US', 8], '00280102': ['US', 7] };
const TWELVE: Changes = { '00280101': ['US', 12], '00280102': ['US', 11] };

const VALUES: [string, Input][] = [
  ['the scan itself', seriesOf({})],
  ['a unit that is named, and no loss', everywhere({ '00281054': ['LO', 'HU'], '00282110': ['CS', '00'] })],
  [
    'attributes without a value',
    everywhere({ '00281054': ['LO', ''], '00280008': ['IS', ''], '00181120': ['DS', ''] }),
  ],
  ['unsigned with a negative intercept', storedAs(hu => hu + 1024, { ...UNSIGNED, '00281052': ['DS', '-1024'] })],
  ['unsigned 16 bits in full', storedAs(hu => hu + 32768, { ...UNSIGNED, '00281052': ['DS', '-32768'] })],
  ['padding inside the field of view', padded(-2000, { '00280120': ['SS', -2000] })],
  ['padding brighter than calcium', padded(3000, { '00280120': ['SS', 3000] })],
  ['a padding range', padded(3050, { '00280120': ['SS', 3000], '00280121': ['SS', 3071] })],
  ['a padding range upside down', padded(3050, { '00280120': ['SS', 3071], '00280121': ['SS', 3000] })],
  ['padding written with the other sign', padded(-2000, { '00280120': ['US', 63536] })],
  [
    'another slope in every slice',
    storedAs(
      (hu, slice) => hu / (1 + (slice % 2)),
      {},
      {
        changesOf: slice => ({ '00281053': ['DS', String(1 + (slice % 2))] }),
      },
    ),
  ],
  ['a fractional slope', storedAs(hu => (hu + 10) * 2, { '00281053': ['DS', '0.5'], '00281052': ['DS', '-10'] })],
  ['a slope of many digits', storedAs(hu => hu * 8, { '00281053': ['DS', '1.25000000E-01'] })],
  ['a negative slope', storedAs(hu => -hu, { '00281053': ['DS', '-1'] })],
  ['signs and spaces around numbers', everywhere({ '00281053': ['DS', ' +1. '], '00281052': ['DS', '-0 '] })],
  ['12 bits under an overlay', storedAs((hu, slice) => hu | (slice << 12), { ...TWELVE, ...UNSIGNED })],
  ['12 bits, signed, without their sign above', storedAs(hu => hu & 0xfff, TWELVE)],
  [
    '12 bits in the upper part of the word',
    storedAs(hu => hu << 4, { '00280101': ['US', 12], '00280102': ['US', 15] }),
  ],
  [
    '8 bits',
    seriesOf({
      changes: { ...BYTES, '00281053': ['DS', '2'] },
      changesOf: slice => ({ '7fe00010': ['OB', Buffer.from(stored[slice]!.flat().map(hu => hu / 2))] }),
    }),
  ],
];

const FILES: [string, Input][] = [
  ['implicit value representations', seriesOf({ transferSyntaxUid: IMPLICIT_LITTLE_ENDIAN })],
  ['big endian', seriesOf({ transferSyntaxUid: EXPLICIT_BIG_ENDIAN })],
  ['deflated', seriesOf({ transferSyntaxUid: DEFLATED_LITTLE_ENDIAN })],
  [
    'every slice in another transfer syntax',
    folder => {
      const syntaxes = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, EXPLICIT_BIG_ENDIAN, DEFLATED_LITTLE_ENDIAN];
      for (const [index, transferSyntaxUid] of syntaxes.entries()) {
        const fileOf = (slice: number) => (slice % 4 === index ? `${slice}` : null);
        writeSeries(folder, { stored, transferSyntaxUid, fileOf });
      }
    },
  ],
  [
    'files without preamble, with and without a meta group',
    folder => {
      for (let slice = 0; slice < 6; slice++) {
        const attributes = ctSlice({ stored }, slice);
        const bare = writeDataSet(attributes, slice % 3 === 0 ? IMPLICIT_LITTLE_ENDIAN : EXPLICIT_LITTLE_ENDIAN);
        writeFileSync(join(folder, `${slice}`), slice % 3 === 2 ? writeDicom(attributes).subarray(132) : bare);
      }
    },
  ],
  [
    'a thumbnail before the pixels, and padding behind them',
    folder => {
      const thumbnail = Buffer.from(`feff00e00c000000e07f1000${'04000000'}ffffffff`, 'hex');
      writeSeries(folder, {
        stored,
        transferSyntaxUid: IMPLICIT_LITTLE_ENDIAN,
        changes: { '00880200': ['SQ', thumbnail], fffcfffc: ['OB', Buffer.alloc(32)] },
      });
    },
  ],
  ['slices from the head down', seriesOf({ stored: stored.toReversed(), increment: -3 })],
  ['no image and acquisition numbers', everywhere({ '00200012': null, '00200013': null })],
  ['the same number in all images', everywhere({ '00200013': ['IS', '1'] })],
  ['no patient, no frame of reference', everywhere({ '00100010': null, '00100020': null, '00200052': null })],
  [
    'names of all alphabets, with spaces, quotes, newlines and dashes',
    seriesOf({ fileOf: slice => ['-rf', 'a b', "'; x", 'ß\n\u202eé', '冠動脈.dcm', '.hidden'][slice]! }),
  ],
  ['deep folders', seriesOf({ fileOf: slice => `${'d/'.repeat(50)}${slice}` })],
  [
    'a DICOMDIR, notes, a pipe and links in circles beside the slices',
    withSeries(folder => {
      file('DICOMDIR', writeDicom({ '00080016': ['UI', '1.2.840.10008.1.3.10'] }))(folder);
      file('media/dicomdir', writeDicom({ '00080016': ['UI', '1.2.840.10008.1.3.10'] }))(folder);
      file('notes.txt', 'notes')(folder);
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      symlinkSync('..', join(folder, 'media', 'loop'));
      symlinkSync('self', join(folder, 'self'));
      symlinkSync('image-002', join(folder, 'again'));
      symlinkSync('nowhere', join(folder, 'dangling'));
    }),
  ],
  [
    'a segmentation and MR images beside the slices',
    folder => {
      const scan = writeSeries(folder, { stored, changes: PATIENT });
      const segmentation = newSegmentation(sourceOf(scan), [{ label: 'LAD', spans: box([2, 3], [2, 6], [2, 6]) }]);
      writeFileSync(join(folder, 'seg.dcm'), readFileSync(segmentation));
      const changes: Changes = { '00080060': ['CS', 'MR'], '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.4'] };
      writeSeries(join(folder, 'mr'), { stored, seriesUid: '2.25.200', changes });
    },
  ],
];

test.each(VALUES)('the viewer reads the headers of %s', (_, input) => {
  const folder = newFolder();
  input(folder);
  expect(refusalInViewer(folder)).toBeNull();
});

describe.each([
  ['values', VALUES],
  ['files', FILES],
])('%s', (_, inputs) => {
  test.each(inputs)('%s', async (_name, input) => {
    const folder = newFolder();
    input(folder);
    const before = listing(folder);
    const { total, series } = await score(folder);
    expect(total).toMatchObject({ ...SCORE, lesions: 1, lesionSlices: 1 });
    expect(series).toMatchObject({ slices: 6, incrementMm: 3, spacingMm: [0.5, 0.5] });
    expect(listing(folder)).toEqual(before);
  });
});

test('rounded positions are regular: the increment is measured from end to end', async () => {
  const folder = newFolder();
  const changesOf = (slice: number): Changes => ({
    '00200032': ['DS', `-120\\-130.5\\${-100 + slice * 3 + (slice % 2 ? 0.0001 : 0)}`],
  });
  seriesOf({ changesOf })(folder);
  expect((await score(folder)).series.incrementMm).toBeCloseTo(3.00002, 9);
});

test('the increment is that of the positions, whatever the slice thickness says', async () => {
  const folder = newFolder();
  seriesOf({ increment: 1.5, changes: { '00180050': ['DS', '3'] } })(folder);
  const { series, total } = await score(folder);
  expect(series).toMatchObject({ incrementMm: 1.5, sliceThicknessMm: 3 });
  expect(total).toMatchObject({ agatston: 6, volumeMm3: 6 });
});

test('what a workstation made of the slices is scored with a warning', async () => {
  const folder = newFolder();
  inOne({ '00080008': ['CS', 'DERIVED\\SECONDARY\\MPR'] })(folder);
  const { total, warnings, series } = await score(folder);
  expect(total).toMatchObject(SCORE);
  expect(warnings).toContainEqual(expect.stringMatching(/^Images made from other images .*DERIVED\\SECONDARY\\MPR/));
  expect(series.imageTypes).toEqual(['ORIGINAL\\PRIMARY\\AXIAL', 'DERIVED\\SECONDARY\\MPR']);
});
