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

const PIXELS: [string, Input, RegExp][] = [
  ['no pixel data', inOne({ '7fe00010': null }), /image-004, instance 5 has no pixel data/],
  [
    'pixels in float',
    inOne({ '7fe00010': null, '7fe00008': ['OF', Buffer.alloc(256)] }),
    /image-004, instance 5 has no pixel data/,
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
    /seg\.dcm, instance 1 is not a CT slice \(modality SEG, Segmentation Storage/,
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
  ['pixels', PIXELS],
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
  expect(await refusalOf(named)).toMatch(/^RescaleSlope is not usable \(0\) in Größe 0 , instance 1, so/);
});
