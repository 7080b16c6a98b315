import dcmjs from 'dcmjs';
import { type DataSet, DicomResultError, SourceText } from './data-set.ts';
import { derivedObject, dicomDateTime, freeSeriesNumber } from './derived-object.ts';
import { textOf } from './natural.ts';
import { parsePart10, readPart10 } from './read-part10.ts';
import { countedUids, sourceBytes, TEST_SOFTWARE, testSlices, testSource } from './results.test-support.ts';
import { sourceFromFiles, sourceFromInstances } from './source.ts';
import { newUid } from './uid.ts';
import { writePart10 } from './write-part10.ts';

const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';

const options = () => ({
  sopClassUid: SEGMENTATION,
  modality: 'SEG',
  seriesDescription: 'Calcium',
  seriesNumber: 1000,
  software: TEST_SOFTWARE,
});

/** Bytes of an element in a file, padding included. */
function rawBytes(file: Uint8Array, tag: string): number[] | null {
  const element = parsePart10(file).elements[`x${tag.toLowerCase()}`];
  return element ? Array.from(file.subarray(element.dataOffset, element.dataOffset + element.length)) : null;
}

const bytesOf = (...parts: (string | number[])[]) =>
  parts.flatMap(part => (typeof part === 'string' ? Array.from(new TextEncoder().encode(part)) : part));
const ESC = 0x1b;
/** Yamada^Tarou, 山田^太郎, やまだ^たろう with escape sequences to JIS X 0208 (PS3.5 H.3.1). */
const JAPANESE = bytesOf(
  'Yamada^Tarou=',
  [ESC, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, ESC, 0x28, 0x42],
  '^',
  [ESC, 0x24, 0x42, 0x42, 0x40, 0x4f, 0x3a, ESC, 0x28, 0x42],
  '=',
  [ESC, 0x24, 0x42, 0x24, 0x64, 0x24, 0x5e, 0x24, 0x40, ESC, 0x28, 0x42],
  '^',
  [ESC, 0x24, 0x42, 0x24, 0x3f, 0x24, 0x6d, 0x24, 0x26, ESC, 0x28, 0x42],
);
const NAMES: [string, string | string[], number[], string][] = [
  ['Latin 1', 'ISO_IR 100', bytesOf('M', [0xfc], 'ller^J', [0xf6], 'rg'), 'Müller^Jörg'],
  ['Greek', 'ISO_IR 126', [0xc4, 0xe9, 0xef, 0xed, 0xf5, 0xf3, 0xe9, 0xef, 0xf2], 'Διονυσιος'],
  ['UTF-8', 'ISO_IR 192', bytesOf('Wang^XiaoDong=王^小东='), 'Wang^XiaoDong=王^小东'],
  ['Japanese in three groups', ['', 'ISO 2022 IR 87'], JAPANESE, 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
  ['GB18030', 'GB18030', bytesOf('Wang=', [0xcd, 0xf5], '^', [0xd0, 0xa1, 0xb6, 0xab]), 'Wang=王^小东'],
];

describe('patient and study', () => {
  test.each(NAMES)('%s name keeps its bytes and its character set', (_, characterSet, bytes, text) => {
    const files = testSlices({
      attributes: { SpecificCharacterSet: characterSet, PatientName: sourceBytes(bytes), PatientID: 'P-17 ' },
    });
    const source = sourceFromFiles(files);
    expect(textOf(source.patientAndStudy, 'PatientName').replace(/=+$/, '')).toBe(text);
    const object = writePart10(derivedObject(source, options()));
    for (const tag of [
      '00080005',
      '00100010',
      '00100020',
      '00100030',
      '0020000D',
      '00080090',
      '00081030',
      '00080020',
    ]) {
      expect([tag, rawBytes(object, tag)]).toEqual([tag, rawBytes(files[0]!, tag)]);
    }
  });

  test.each(NAMES)(
    '%s name keeps its characters when new text does not fit into its character set',
    (_, set, bytes, text) => {
      const attributes = { SpecificCharacterSet: set, PatientName: sourceBytes(bytes) };
      const seriesDescription = '官能 Ω';
      const object = writePart10(derivedObject(testSource({ attributes }), { ...options(), seriesDescription }));
      const { dataSet } = readPart10(object);
      expect(textOf(dataSet, 'SpecificCharacterSet')).toBe('ISO_IR 192');
      expect(textOf(dataSet, 'PatientName').replace(/=+$/, '')).toBe(text);
      expect(textOf(dataSet, 'SeriesDescription')).toBe(seriesDescription);
    },
  );

  test('new text is written in the character set of the source where that holds it', () => {
    const attributes = { SpecificCharacterSet: 'ISO_IR 100', PatientName: sourceBytes(bytesOf('M', [0xfc], 'ller')) };
    const seriesDescription = 'Größe in mm²';
    const object = writePart10(derivedObject(testSource({ attributes }), { ...options(), seriesDescription }));
    expect(rawBytes(object, '00080005')).toEqual(bytesOf('ISO_IR 100'));
    expect(textOf(readPart10(object).dataSet, 'SeriesDescription')).toBe(seriesDescription);
  });

  test('undeclared bytes are kept, and new text that would need another character set is refused', () => {
    const attributes = { SpecificCharacterSet: undefined, PatientName: sourceBytes(bytesOf('M', [0xfc], 'ller')) };
    const object = writePart10(derivedObject(testSource({ attributes }), options()));
    expect(rawBytes(object, '00100010')).toEqual(bytesOf('M', [0xfc], 'ller'));
    expect(rawBytes(object, '00080005')).toBeNull();
    const another = derivedObject(testSource({ attributes }), { ...options(), seriesDescription: 'Größe' });
    expect(() => writePart10(another)).toThrow(/^PatientName of the source has characters outside .* plain ASCII\.$/);
  });

  test('metadata as a viewer holds it gives the same bytes as the files', () => {
    for (const [, characterSet, bytes] of NAMES.slice(0, 3)) {
      const files = testSlices({ attributes: { SpecificCharacterSet: characterSet, PatientName: sourceBytes(bytes) } });
      const naturalized = files.map(file => naturalize(file, String(characterSet)));
      const [fromFile, fromViewer] = [sourceFromFiles(files), sourceFromInstances(naturalized)].map(source =>
        writePart10(derivedObject(source, { ...options(), newUid: countedUids(), now: new Date(0) })),
      );
      for (const tag of [
        '00080005',
        '00100010',
        '00100020',
        '00100030',
        '00100040',
        '0020000D',
        '00080090',
        '00081030',
      ]) {
        const trim = (value: number[] | null) => value && String.fromCharCode(...value).replace(/[= ]+$/, '');
        expect([tag, trim(rawBytes(fromViewer!, tag))]).toEqual([tag, trim(rawBytes(fromFile!, tag))]);
      }
    }
  });

  test('sequences and values that break a limit are repeated as they are', () => {
    const attributes: DataSet = {
      StudyDescription: sourceBytes(bytesOf('x'.repeat(80))),
      OtherPatientIDsSequence: [{ PatientID: 'OTHER', IssuerOfPatientID: 'Elsewhere', TypeOfPatientID: 'TEXT' }],
      ProcedureCodeSequence: [{ CodeValue: '1', CodingSchemeDesignator: '99TEST', CodeMeaning: 'Test' }],
    };
    const { dataSet } = readPart10(writePart10(derivedObject(testSource({ attributes }), options())));
    expect(dataSet).toMatchObject({ ...attributes, StudyDescription: 'x'.repeat(80) });
  });

  test('items with a character set of their own keep their characters, also where the object becomes Unicode', () => {
    const item = { SpecificCharacterSet: 'ISO_IR 144', PatientID: sourceBytes([0xb6, 0xb7]) };
    const source = testSource({ attributes: { SpecificCharacterSet: 'ISO_IR 100', OtherPatientIDsSequence: [item] } });
    for (const seriesDescription of ['Series', 'シリーズ']) {
      const object = derivedObject(source, { ...options(), seriesDescription });
      const { dataSet } = readPart10(writePart10(object));
      expect(dataSet).toMatchObject({ OtherPatientIDsSequence: [{ PatientID: 'ЖЗ' }] });
    }
    const viewed = sourceFromInstances([
      { StudyInstanceUID: '1', SOPInstanceUID: '2', OtherPatientIDsSequence: [{ ...item, PatientID: 'ЖЗ' }] },
    ]);
    const { dataSet } = readPart10(writePart10(derivedObject(viewed, options())));
    expect(dataSet).toMatchObject({ OtherPatientIDsSequence: [{ PatientID: 'ЖЗ' }] });
  });

  test('what must not be absent is there without a value', () => {
    const attributes = { PatientName: undefined, AccessionNumber: undefined, StudyID: undefined };
    const { dataSet } = readPart10(writePart10(derivedObject(testSource({ attributes }), options())));
    expect(dataSet).toMatchObject({ PatientName: '', AccessionNumber: '', StudyID: '' });
  });

  test.each<[string, DataSet, string]>([
    ['StudyInstanceUID', { StudyInstanceUID: '2.25.1' }, 'studies'],
    ['FrameOfReferenceUID', { FrameOfReferenceUID: '2.25.1' }, 'frames of reference'],
    ['PatientID', { PatientID: 'P-2' }, 'patients'],
    ['PatientName', { PatientName: 'Doe^John' }, 'patients'],
    ['PatientBirthDate', { PatientBirthDate: '19600301' }, 'patients'],
  ])('slices that differ in %s are refused', (keyword, change, what) => {
    const [first, second] = testSlices({ count: 2 });
    const [, other] = testSlices({ count: 2, attributes: change });
    expect(() => sourceFromFiles([first!, second!])).not.toThrow();
    const mixed = () => sourceFromFiles([first!, other!]);
    expect(mixed).toThrow(DicomResultError);
    expect(mixed).toThrow(`The source images are of two ${what} (${keyword}), and a result belongs to one.`);
  });

  test('a name is the same with and without the delimiters at its end', () => {
    const [first] = testSlices();
    const [, other] = testSlices({ attributes: { PatientName: 'Doe^Jane^^==' } });
    expect(() => sourceFromFiles([first!, other!])).not.toThrow();
  });

  test('slices with the same SOP Instance UID are refused', () => {
    const [first, second] = testSlices();
    const [, , copy] = testSlices({ attributes: { SOPInstanceUID: '2.25.100.2' } });
    expect(() => sourceFromFiles([first!, second!, copy!])).toThrow(
      /^Several source images have the SOP Instance UID 2\.25\.100\.2, so .* again from its source\.$/,
    );
  });

  test('no slices, and files that are not DICOM, are refused in one sentence', () => {
    expect(() => sourceFromFiles([])).toThrow(/there are none\.$/);
    expect(() => sourceFromFiles([new Uint8Array(200)])).toThrow(/^This is no DICOM file that can be read: [^\n]*\.$/);
  });
});

describe('series, instance and equipment', () => {
  test('every run has new UIDs, and one generator gives the same object twice', () => {
    const source = testSource();
    const uidsOf = ({ SeriesInstanceUID, SOPInstanceUID }: DataSet) => [SeriesInstanceUID, SOPInstanceUID];
    const runs = [0, 1, 2].flatMap(() => uidsOf(derivedObject(source, options())));
    expect(new Set(runs).size).toBe(6);
    const fixed = () => writePart10(derivedObject(source, { ...options(), newUid: countedUids(), now: new Date(0) }));
    expect(fixed()).toEqual(fixed());
  });

  test('UIDs are UUIDs under 2.25', () => {
    for (let i = 0; i < 1000; i++) {
      const uid = newUid();
      expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
      const uuid = BigInt(uid.slice(5));
      expect(uuid < 1n << 128n && (uuid >> 76n) % 16n === 4n && (uuid >> 62n) % 4n === 2n).toBe(true);
    }
  });

  test('software and acquiring device are named', () => {
    expect(derivedObject(testSource(), options())).toMatchObject({
      Manufacturer: 'Voxelwise',
      ManufacturerModelName: 'Voxelwise test',
      SoftwareVersions: ['9.9.9', expect.stringMatching(/^dicom \d/)],
      ContributingEquipmentSequence: [
        { PurposeOfReferenceCodeSequence: [{ CodeValue: '109101' }], Manufacturer: expect.any(SourceText) },
      ],
    });
  });

  test('the time is that of the zone that the study declares', () => {
    const now = new Date('2025-03-01T20:30:05.250Z');
    expect(dicomDateTime(now, '+0900')).toEqual({ date: '20250302', time: '053005.250' });
    expect(dicomDateTime(now, '-0330')).toEqual({ date: '20250301', time: '170005.250' });
    const local = dicomDateTime(now);
    expect(local.time.slice(0, 2)).toBe(String(now.getHours()).padStart(2, '0'));
    const attributes = { TimezoneOffsetFromUTC: '+0900' };
    expect(derivedObject(testSource({ attributes }), { ...options(), now })).toMatchObject({
      ContentTime: '053005.250',
    });
  });

  test('a series number that the study does not have', () => {
    expect(freeSeriesNumber([])).toBe(1000);
    expect(freeSeriesNumber([1, 2, 1000, 1001, 1003])).toBe(1002);
  });
});

describe('the writer refuses in one sentence', () => {
  test.each<[DataSet, RegExp]>([
    [{ SeriesDescription: 'x'.repeat(65) }, /^SeriesDescription takes at most 64 characters, but "x{60}…" has 65\.$/],
    [{ SeriesDescription: 'a\\b' }, /^SeriesDescription takes no backslash/],
    [{ Modality: 'Ω' }, /^Modality takes ASCII only/],
    [{ SeriesNumber: 1.5 }, /^SeriesNumber takes a whole number/],
    [{ Rows: 70_000 }, /^70000 is not a whole number of 16 bits/],
    [{ SliceThickness: Number.NaN }, /is not a number that DICOM can hold/],
  ])('%j', (change, message) => {
    expect(() => writePart10({ ...derivedObject(testSource(), options()), ...change })).toThrow(message);
  });
});

test('dcmjs, the library of the viewers, reads what is written', () => {
  const name = 'Müller^Jörg=王^小东';
  const file = writePart10({
    ...derivedObject(testSource({ attributes: { SpecificCharacterSet: 'ISO_IR 192', PatientName: name } }), options()),
    Rows: 513,
    RecommendedDisplayCIELabValue: [1, 2, 65535],
    FloatingPointValue: [Math.PI, -1e300],
  });
  expect(naturalize(file, 'ISO_IR 192')).toMatchObject({
    PatientID: 'P-1',
    SeriesNumber: 1000,
    Rows: 513,
    RecommendedDisplayCIELabValue: [1, 2, 65535],
    FloatingPointValue: [Math.PI, -1e300],
  });
  expect(textOf(naturalize(file, 'ISO_IR 192'), 'PatientName')).toBe(name);
  expect(textOf(readPart10(file).dataSet, 'PatientName')).toBe(name);
});

/** A file as OHIF holds it: dcmjs' naturalized data set, with the character set that the archive names. */
function naturalize(file: Uint8Array, SpecificCharacterSet: string): Record<string, unknown> {
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data as unknown as {
    DicomMessage: { readFile(buffer: ArrayBuffer): { dict: object } };
    DicomMetaDictionary: { naturalizeDataset(dict: object): Record<string, unknown> };
  };
  const { dict } = DicomMessage.readFile(new Uint8Array(file).buffer);
  return { ...DicomMetaDictionary.naturalizeDataset(dict), SpecificCharacterSet };
}
