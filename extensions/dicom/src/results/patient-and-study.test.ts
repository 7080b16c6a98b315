import dcmjs from 'dcmjs';
import {
  dciodvfyErrors,
  hasDciodvfy,
  hasDcmconv,
  hasPythonReferees,
  rewritten,
  runReferee,
} from '../../../../e2e/referees/referees.ts';
import { attributeOf } from './attributes.ts';
import { dcm, sct, ucum } from './codes.ts';
import { type DataSet, SourceElement, SourceText } from './data-set.ts';
import { derivedObject } from './derived-object.ts';
import { writeEncapsulatedPdf } from './encapsulated-pdf.ts';
import { writeMeasurementReport } from './measurement-report-writer.ts';
import { writeParametricMap } from './parametric-map.ts';
import { FULL_PATIENT_AND_STUDY } from './patient-and-study.test-support.ts';
import { NEVER_ABSENT, PATIENT_AND_STUDY } from './patient-and-study.ts';
import { parsePart10, readPart10 } from './read-part10.ts';
import { TEST_SOFTWARE, testSlices } from './results.test-support.ts';
import { writeSecondaryCapture } from './secondary-capture.ts';
import { segmentationOptions, testSegment } from './segmentation.test-support.ts';
import { writeSegmentation } from './segmentation-writer.ts';
import { sourceFromFiles, sourceFromInstances } from './source.ts';
import { writePart10 } from './write-part10.ts';

const withDcmconv = hasDcmconv() ? test : test.skip;
const ascii = (text: string) => Array.from(text, character => character.charCodeAt(0));

const options = {
  sopClassUid: '1.2.840.10008.5.1.4.1.1.66.4',
  modality: 'SEG',
  seriesDescription: 'Calcium',
  seriesNumber: 1000,
  software: TEST_SOFTWARE,
};
const files = testSlices({ attributes: FULL_PATIENT_AND_STUDY });
const objectOf = (source: ReturnType<typeof sourceFromFiles>) => writePart10(derivedObject(source, options));

/** Bytes of every attribute of patient and study on the top level of a file. */
function bytesOf(file: Uint8Array) {
  const { elements } = parsePart10(file);
  return PATIENT_AND_STUDY.map(keyword => {
    const element = elements[`x${attributeOf(keyword).tag.toLowerCase()}`];
    const bytes = element && file.subarray(element.dataOffset, element.dataOffset + element.length);
    return [keyword, bytes && Buffer.from(bytes).toString('latin1')];
  });
}

test('the test’s patient has every attribute', () => {
  expect(Object.keys(FULL_PATIENT_AND_STUDY).sort()).toEqual([...PATIENT_AND_STUDY].sort());
  for (const keyword of NEVER_ABSENT) expect(PATIENT_AND_STUDY).toContain(keyword);
});

test('everything that is known of patient and study is repeated, byte by byte', () => {
  expect(bytesOf(objectOf(sourceFromFiles(files)))).toEqual(bytesOf(files[0]!));
});

withDcmconv.each([
  ['implicit VR', '+ti', '-e'],
  ['big endian', '+tb', '-e'],
  ['undefined lengths', '+te', '-e'],
])('from files in %s too', (_, ...conversion) => {
  const source = sourceFromFiles(files.map(file => rewritten(file, ...conversion)));
  expect(bytesOf(objectOf(source))).toEqual(bytesOf(files[0]!));
});

describe('what items have beyond the table of attributes', () => {
  const source = (bytes: number[], text: string | null) => new SourceText(Uint8Array.from(bytes), text);
  const privateItem = {
    x00090010: new SourceElement('LO', source(ascii('ACME 1.0'), 'ACME 1.0')),
    x00091001: new SourceElement('LO', source([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x20], 'Größe')),
    x00091002: new SourceElement('US', [1, 515]),
    x00091003: new SourceElement('FD', [Math.PI]),
    x00091004: new SourceElement('OB', Uint8Array.of(1, 2, 3, 4)),
    x00091005: new SourceElement('UN', Uint8Array.of(5, 6)),
  };
  const item = {
    PatientID: 'OTHER',
    x00101040: new SourceElement('LO', source(ascii('Street'), 'Street')),
    ...privateItem,
    x00091006: new SourceElement('SQ', [privateItem as DataSet, privateItem as DataSet]),
  } as DataSet;
  const attributes = { SpecificCharacterSet: 'ISO_IR 100', OtherPatientIDsSequence: [item] };
  const slices = testSlices({ attributes });
  const SEQUENCE = 'x00101002';
  const sequenceOf = (file: Uint8Array) => {
    const { dataOffset, length } = parsePart10(file).elements[SEQUENCE]!;
    return Buffer.from(file.subarray(dataOffset, dataOffset + length)).toString('latin1');
  };
  const firstItem = (file: Uint8Array) => parsePart10(file).elements[SEQUENCE]!.items![0]!.dataSet!.elements;

  test('is repeated, private attributes and items with their representation', () => {
    expect(Object.keys(firstItem(slices[0]!))).toHaveLength(9);
    expect(sequenceOf(objectOf(sourceFromFiles(slices)))).toBe(sequenceOf(slices[0]!));
  });

  test('becomes Unicode with the object', () => {
    const object = { ...derivedObject(sourceFromFiles(slices), options), SeriesDescription: 'シリーズ' };
    const file = writePart10(object);
    const { dataOffset, length, vr } = firstItem(file).x00091001!;
    expect([vr, new TextDecoder().decode(file.subarray(dataOffset, dataOffset + length)).trim()]).toEqual([
      'LO',
      'Größe',
    ]);
    expect(firstItem(file).x00091006!.items).toHaveLength(2);
  });

  withDcmconv.each([
    ['undefined lengths', '+te', '-e'],
    ['big endian', '+tb', '-e'],
  ])('from files in %s', (_, ...conversion) => {
    const converted = slices.map(file => rewritten(file, ...conversion));
    expect(sequenceOf(objectOf(sourceFromFiles(converted)))).toBe(sequenceOf(slices[0]!));
  });

  withDcmconv.each([
    ['defined', '+e'],
    ['undefined', '-e'],
  ])('from files in implicit VR with %s lengths, where only the bytes are known', (_, lengths) => {
    const converted = slices.map(file => rewritten(file, '+ti', lengths));
    const object = objectOf(sourceFromFiles(converted));
    const [before, after] = [firstItem(converted[0]!), firstItem(object)];
    const bytes = (file: Uint8Array, { dataOffset, length }: { dataOffset: number; length: number }) =>
      Array.from(file.subarray(dataOffset, dataOffset + length));
    expect(Object.keys(after)).toEqual(Object.keys(before).filter(tag => tag !== 'xfffee00d'));
    for (const [tag, element] of Object.entries(after)) {
      expect([tag, bytes(object, element)]).toEqual([tag, bytes(converted[0]!, before[tag]!)]);
      expect([tag, element.vr]).toEqual([tag, { x00090010: 'LO', x00100020: 'LO' }[tag] ?? 'UN']);
    }
  });
});

test('a viewer’s metadata says the same', () => {
  const source = sourceFromInstances(files.map(naturalize));
  const [fromViewer, fromFile] = [source, sourceFromFiles(files)].map(one => readPart10(objectOf(one)).dataSet);
  for (const keyword of PATIENT_AND_STUDY)
    expect([keyword, fromViewer![keyword]]).toEqual([keyword, fromFile![keyword]]);
});

(hasPythonReferees() ? test : test.skip)('no attribute of the modules is left out', () => {
  const modules = ['patient', 'clinical-trial-subject', 'general-study', 'patient-study', 'clinical-trial-study'];
  const attributes = runReferee('module_attributes.py', ...modules) as string[];
  expect(attributes.length).toBeGreaterThan(90);
  expect(attributes.filter(keyword => !(PATIENT_AND_STUDY as readonly string[]).includes(keyword))).toEqual([]);
  const source = sourceFromFiles(files);
  const frameOfReference = runReferee('module_attributes.py', 'frame-of-reference') as string[];
  expect(Object.keys(source.frameOfReference).sort()).toEqual(frameOfReference.sort());
});

(hasDciodvfy() ? test : test.skip)('dciodvfy finds no error in any kind of object', () => {
  const source = sourceFromFiles(files);
  const objects = [
    writeSegmentation(source, [testSegment('LM', [[0, 0, 2]])], segmentationOptions),
    writeMeasurementReport(
      source,
      [
        {
          tracking: { id: 'A', uid: '2.25.1' },
          measurements: [{ name: dcm('122660', 'Volume'), value: 1, unit: ucum('mm3') }],
        },
      ],
      { ...options, procedure: sct('426005005', 'Cardiac CT for calcium scoring'), isComplete: true },
    ),
    writeParametricMap(
      source,
      {
        voxels: new Float32Array(105).fill(1),
        dimensions: [7, 5, 3],
        quantity: dcm('126390', 'Absolute Regional Blood Flow'),
        units: ucum('ml/(100.g)/min'),
        label: 'CBF',
        explanation: 'Cerebral blood flow',
        displayRange: [0, 80],
      },
      { ...options, anatomicRegion: sct('12738006', 'Brain') },
    ),
    writeEncapsulatedPdf(source, new TextEncoder().encode('%PDF-1.7'), {
      ...options,
      title: 'Report',
      identifiesPatient: true,
    }),
    writeSecondaryCapture(source, [{ width: 1, height: 1, data: new Uint8Array(4) }], {
      ...options,
      identifiesPatient: false,
    }),
  ];
  // Debian's dciodvfy is older than some of the attributes.
  const isUnknown = (error: string) => /not a recognized standard attribute - \(0x001[02],/.test(error);
  for (const { bytes } of objects) expect(dciodvfyErrors(bytes).filter(error => !isUnknown(error))).toEqual([]);
});

/** A file as OHIF holds it. */
function naturalize(file: Uint8Array): Record<string, unknown> {
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data as unknown as {
    DicomMessage: { readFile(buffer: ArrayBuffer): { dict: object } };
    DicomMetaDictionary: { naturalizeDataset(dict: object): Record<string, unknown> };
  };
  const { dict } = DicomMessage.readFile(new Uint8Array(file).buffer);
  return { ...DicomMetaDictionary.naturalizeDataset(dict), SpecificCharacterSet: 'ISO_IR 100' };
}
