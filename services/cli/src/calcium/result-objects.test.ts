import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCalciumReport, readCalciumSegmentation } from '@voxelwise/calcium/results';
import { readEncapsulatedPdf, readPart10 } from '@voxelwise/dicom';
import { dciodvfyErrors, hasDciodvfy, hasPythonReferees } from '../../../../e2e/referees/referees.ts';
import { IMPLICIT_LITTLE_ENDIAN } from '../dicom-folder/transfer-syntaxes.ts';
import {
  fillBox,
  storedVolume,
  type TestSeries,
  temporaryFolders,
  writeSeries,
} from '../testing/ct-series.test-support.ts';
import { expectRefereeAgrees } from '../testing/referee.test-support.ts';
import { refusalOf, run, score } from '../testing/run.test-support.ts';
import { box, PATIENT, segmentationFiles, sourceOf } from '../testing/segmentation.test-support.ts';

jest.setTimeout(60_000);
const newFolder = temporaryFolders();
const newSegmentation = segmentationFiles();
const hasPoppler = existsSync('/usr/bin/pdftotext');

/** Two lesions: one over three slices, one that two vessels share. */
const stored = storedVolume(6, 48, 40);
fillBox(stored, [1, 4], [10, 14], [10, 14], 300);
fillBox(stored, [2, 3], [30, 36], [5, 25], 250);
stored[2]![31]![6] = 431;
const SEGMENTS = [
  { label: 'LM', spans: box([2, 3], [30, 36], [5, 12]) },
  { label: 'LAD', spans: box([2, 3], [30, 36], [12, 25]) },
  { label: 'RCA', spans: box([0, 6], [8, 16], [8, 16]) },
];

function scan(changes: Partial<TestSeries> = {}) {
  const folder = writeSeries(newFolder(), { stored, changes: PATIENT, ...changes });
  return { folder, vessels: newSegmentation(sourceOf(folder), SEGMENTS) };
}

function outputs(folder = newFolder()) {
  const [seg, sr, pdf] = ['seg.dcm', 'sr.dcm', 'report.pdf'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ];
  return { seg, sr, pdf, options: ['--seg', seg, '--sr', sr, '--pdf', pdf] };
}

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

describe('what is written', () => {
  test('has the numbers of the result, exactly, and the voxels that gave them', async () => {
    const { folder, vessels } = scan();
    const { seg, sr, pdf, options } = outputs();
    const result = await score(folder, '--vessels', vessels, '--mass-calibration', '0.7812345', ...options);
    expect(result.total.agatston).toBeGreaterThan(0);
    const report = readCalciumReport(bytesOf(sr));
    expect(report.vessels.map(({ vessel, score: numbers, massMg }) => ({ vessel, ...numbers, massMg }))).toEqual(
      result.vessels!.map(({ meanHu: _, ...numbers }) => numbers),
    );
    expect(report.total.score).toEqual({
      agatston: result.total.agatston,
      volumeMm3: result.total.volumeMm3,
      lesions: result.total.lesions,
      lesionSlices: result.total.lesionSlices,
    });
    expect(report.total.massMg).toBe(result.total.massMg);
    expect(report).toMatchObject({ sourceSeriesUid: '2.25.100', convention: { thresholdHu: 130 }, producer: 'wasm' });
    const segmentation = readPart10(bytesOf(seg)).dataSet;
    expect(report.segmentationUid).toBe(segmentation.SOPInstanceUID);
    expect(segmentation).toMatchObject({ Manufacturer: 'Voxelwise', ManufacturerModelName: 'Voxelwise command line' });
    expect(result.files).toEqual([
      { kind: 'segmentation', path: seg, uid: segmentation.SOPInstanceUID },
      { kind: 'report', path: sr, uid: readPart10(bytesOf(sr)).dataSet.SOPInstanceUID },
      { kind: 'pdf', path: pdf },
    ]);
    const voxels = readCalciumSegmentation(bytesOf(seg), sourceOf(folder));
    const count = (runs: { start: Int32Array; end: Int32Array }) =>
      runs.end.reduce((n, end, i) => n + end - runs.start[i]!, 0);
    expect(Object.entries(voxels).map(([vessel, runs]) => [vessel, count(runs)])).toEqual([
      ['LM', 6 * 7],
      ['LAD', 6 * 13],
      ['LCX', 0],
      ['RCA', 3 * 16],
    ]);
  });

  test('scores the same again, and without a note', async () => {
    const { folder, vessels } = scan();
    const { seg } = outputs();
    const first = await score(folder, '--vessels', vessels, '--seg', seg);
    const second = await score(folder, '--vessels', seg);
    expect([second.vessels, second.total]).toEqual([first.vessels, first.total]);
    expect(first.segmentation!.notes).toHaveLength(1);
    expect(second.segmentation!.notes).toEqual([]);
    const ofSegments = (warning: string) => /has no segment/.test(warning);
    expect(first.warnings.filter(ofSegments)).toEqual([
      'The segmentation has no segment for LCX: calcium there, if any, is not in the score.',
    ]);
    expect(second.warnings.filter(ofSegments)).toEqual([]);
  });

  test('is known by its content beside the series, and does not disturb it', async () => {
    const { folder, vessels } = scan();
    const { seg, sr } = outputs(folder);
    const first = await score(folder, '--vessels', vessels, '--seg', seg, '--sr', sr);
    const again = outputs();
    const second = await score(folder, '--vessels', seg, '--seg', again.seg, '--sr', again.sr);
    expect(second.total).toEqual(first.total);
    const numberOf = (path: string) => readPart10(bytesOf(path)).dataSet.SeriesNumber;
    const numbers = [seg, sr, again.seg, again.sr].map(numberOf);
    expect(new Set(numbers).size).toBe(4);
    expect(numbers).not.toContain('3'); // the number of the scan
  });

  test.each([undefined, IMPLICIT_LITTLE_ENDIAN])('keeps the bytes of the name (%s)', async transferSyntaxUid => {
    const { folder } = scan(transferSyntaxUid ? { transferSyntaxUid } : {});
    const { seg, sr } = outputs();
    await score(folder, '--vessels', scan().vessels, '--seg', seg, '--sr', sr);
    for (const path of [seg, sr]) {
      const { dataSet } = readPart10(bytesOf(path));
      expect(dataSet).toMatchObject({
        PatientName: 'Müller^Jörg',
        PatientID: 'P-1',
        SpecificCharacterSet: 'ISO_IR 100',
      });
      expect(readFileSync(path).includes(Buffer.from('M\xfcller^J\xf6rg', 'latin1'))).toBe(true);
    }
  });

  test('the report is a PDF, or DICOM around the same report', async () => {
    const { folder, vessels } = scan();
    const { pdf } = outputs();
    const encapsulated = join(newFolder(), 'report.DCM');
    await score(folder, '--vessels', vessels, '--pdf', pdf, '--paper', 'letter');
    await score(folder, '--vessels', vessels, '--pdf', encapsulated);
    expect(readFileSync(pdf, 'latin1')).toMatch(/^%PDF-/);
    const stored = readEncapsulatedPdf(bytesOf(encapsulated));
    expect(stored.title).toBe('Coronary calcium score');
    expect(stored.sourceSopInstanceUids).toHaveLength(6);
    if (!hasPoppler) return;
    const read = (input: Uint8Array, tool: string, ...args: string[]) =>
      execFileSync(tool, [...args, '-'], { input, encoding: 'utf8' });
    expect(read(bytesOf(pdf), 'pdfinfo')).toMatch(/Page size: +612 x 792 pts \(letter\)/);
    expect(read(stored.pdf, 'pdfinfo')).toMatch(/\(A4\)/);
    const text = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' });
    expect(text).toMatch(/Müller, Jörg/);
    expect(text).toMatch(/A2\/N3/);
    expect(text).toMatch(/Image 3/);
    expect(text).toMatch(/Not for diagnostic use/);
    expect(text).toMatch(/has no segment for LCX/);
    // What of the segments is not scored is for the record, and none of the warnings.
    expect(text).toMatch(/Convention[\s\S]*Segmentation: Of 384 voxels that the segment "RCA" gives to RCA/);
    expect(text).not.toMatch(/Of 384 voxels[\s\S]*Convention|in the viewer/);
  });

  (hasPoppler ? test : test.skip).each([
    ['that cannot be decoded', 'ISO_IR 192', 'M\xfcller^J\xf6rg', 'Name not readable, see patient ID'],
    ['in a set that not every program knows', 'ISO_IR 203', '\xb4i\xb8ka^Jan', 'Žižka, Jan'],
    ['that is missing', 'ISO_IR 100', '', 'Name not given'],
  ])('the report names a patient %s', async (_, characterSet, bytes, expected) => {
    const changes = {
      ...PATIENT,
      '00080005': ['CS', characterSet],
      '00100010': ['PN', Buffer.from(bytes.padEnd(16), 'latin1')],
    } as const;
    const { folder, vessels } = scan({ changes });
    const { pdf } = outputs();
    await score(folder, '--vessels', vessels, '--pdf', pdf);
    const text = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' });
    expect(text).toContain(expected);
    expect(text).toContain('P-1');
  });

  (hasDciodvfy() ? test : test.skip)('has no error that dciodvfy finds', async () => {
    const { folder, vessels } = scan();
    const { seg, sr, options } = outputs();
    const encapsulated = join(newFolder(), 'report.dcm');
    await score(
      folder,
      '--vessels',
      vessels,
      '--mass-calibration',
      '0.8',
      ...options.slice(0, 4),
      '--pdf',
      encapsulated,
    );
    for (const path of [seg, sr, encapsulated]) expect(dciodvfyErrors(bytesOf(path))).toEqual([]);
  });

  (hasPythonReferees() ? test : test.skip)('has the scores that pydicom finds in its voxels', async () => {
    const { folder, vessels } = scan();
    const { seg, sr, options } = outputs();
    const vesselsAndMass = ['--vessels', vessels, '--mass-calibration', '0.7812345'];
    const result = await score(folder, ...vesselsAndMass, ...options.slice(0, 4));
    expectRefereeAgrees(result, seg, sr, folder);
  });
});

describe('files', () => {
  test('that are there stay, unless they are forced', async () => {
    const { folder, vessels } = scan();
    const { seg, sr, options } = outputs();
    writeFileSync(sr, 'mine');
    expect(await refusalOf(folder, '--vessels', vessels, ...options)).toMatch(
      /sr\.dcm exists already; give --sr another/,
    );
    expect([existsSync(seg), readFileSync(sr, 'utf8')]).toEqual([false, 'mine']);
    await score(folder, '--vessels', vessels, ...options.slice(0, 4), '--force');
    expect(readCalciumReport(bytesOf(sr)).total.score.agatston).toBeGreaterThan(0);
  });

  test('of the scan, and the segmentation itself, are never replaced', async () => {
    const { folder, vessels } = scan();
    const slice = join(folder, 'image-002');
    const before = readFileSync(slice);
    expect(await refusalOf(folder, '--vessels', vessels, '--seg', slice, '--force')).toMatch(
      /--seg would replace .*image-002, which the result was made from/,
    );
    const link = join(newFolder(), 'link');
    symlinkSync(vessels, link);
    expect(await refusalOf(folder, '--vessels', vessels, '--pdf', link, '--force')).toMatch(
      /--pdf would replace .*link/,
    );
    expect(readFileSync(slice).equals(before)).toBe(true);
  });

  test('cannot be written: nothing is, and nothing is left', async () => {
    const { folder, vessels } = scan();
    const target = newFolder();
    mkdirSync(join(target, 'folder'));
    writeFileSync(join(target, 'file'), '');
    const seg = join(target, 'seg.dcm');
    const withSeg = ['--vessels', vessels, '--seg', seg];
    expect(await refusalOf(folder, ...withSeg, '--sr', join(target, 'nowhere/sr.dcm'))).toMatch(
      /nowhere\/sr\.dcm cannot be written \(ENOENT\)/,
    );
    expect(await refusalOf(folder, ...withSeg, '--sr', join(target, 'folder'))).toMatch(/folder is a folder/);
    expect(await refusalOf(folder, ...withSeg, '--sr', join(target, 'file/sr.dcm'))).toMatch(/file is no folder/);
    expect(await refusalOf(folder, ...withSeg, '--sr', seg)).toMatch(/--seg and --sr name the same file/);
    expect(readdirSync(target).sort()).toEqual(['file', 'folder']);
  });

  test('need a frame of reference', async () => {
    const changes = { ...PATIENT, '00200052': null };
    const folder = writeSeries(newFolder(), { stored, changes });
    const { vessels } = scan();
    expect(await refusalOf(folder, '--vessels', vessels, '--seg', outputs().seg)).toMatch(/frames of reference/);
  });

  test('of many folders lie in them', async () => {
    const scans = [scan(), scan()];
    const csv = join(newFolder(), 'out.csv');
    for (const { folder, vessels } of scans) writeFileSync(join(folder, 'vessels.dcm'), readFileSync(vessels));
    const paths = ['--vessels', '{folder}/vessels.dcm', '--seg', '{folder}/seg.dcm', '--sr', '{folder}/sr.dcm'];
    const folders = scans.map(({ folder }) => folder);
    expect(await run('calcium', ...folders, '--csv', csv, ...paths)).toMatchObject({ code: 0, out: '' });
    for (const folder of folders)
      expect(readCalciumReport(bytesOf(join(folder, 'sr.dcm'))).total.score.lesions).toBe(2);
    // A second time they are there: that is said in the table.
    const again = join(newFolder(), 'out.csv');
    expect(await run('calcium', ...folders, '--csv', again, ...paths)).toMatchObject({ code: 2 });
    expect(readFileSync(again, 'utf8').match(/seg\.dcm exists already/g)).toHaveLength(2);
  });
});
