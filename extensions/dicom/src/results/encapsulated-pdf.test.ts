import {
  dciodvfyErrors,
  hasDciodvfy,
  hasPythonReferees,
  runReferee,
  temporaryFiles,
} from '../../../../e2e/referees/referees.ts';
import type { DataSet } from './data-set.ts';
import { type EncapsulatedPdfOptions, readEncapsulatedPdf, writeEncapsulatedPdf } from './encapsulated-pdf.ts';
import { textOf } from './natural.ts';
import { parsePart10, readPart10 } from './read-part10.ts';
import { sourceBytes, TEST_SOFTWARE, testSource } from './results.test-support.ts';
import { writePart10 } from './write-part10.ts';

const options: EncapsulatedPdfOptions = {
  seriesDescription: 'Calcium report',
  seriesNumber: 1002,
  software: TEST_SOFTWARE,
  title: 'Coronary calcium',
  identifiesPatient: true,
};

/** Bytes that begin like a PDF; every value occurs, and the last one is not the padding. */
function pdf(length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
  bytes.set(new TextEncoder().encode('%PDF-1.7\n'));
  bytes[length - 1] = 0x0a;
  return bytes;
}

test.each([1000, 1001])('a document of %i bytes comes back exactly; its value has an even length', length => {
  const { bytes } = writeEncapsulatedPdf(testSource(), pdf(length), options);
  expect(readEncapsulatedPdf(bytes).pdf).toEqual(pdf(length));
  const element = parsePart10(bytes).elements.x00420011!;
  expect([element.vr, element.length]).toEqual(['OB', 1000 + 2 * (length - 1000)]);
  if (length % 2 === 1) expect(bytes[element.dataOffset + length]).toBe(0);
});

test('the document is part of the study and names its images', () => {
  const concept = { value: '18748-4', scheme: 'LN', meaning: 'Diagnostic Imaging Report' };
  const written = writeEncapsulatedPdf(testSource(), pdf(99), { ...options, concept, title: 'Kalk – Müller' });
  const stored = readEncapsulatedPdf(written.bytes);
  expect(stored).toMatchObject({
    title: 'Kalk – Müller',
    concept,
    seriesDescription: 'Calcium report',
    sourceSopInstanceUids: ['2.25.100.1', '2.25.100.2', '2.25.100.3'],
    sopInstanceUid: written.sopInstanceUid,
  });
  const { dataSet } = readPart10(written.bytes);
  for (const [keyword, value] of [
    ['SOPClassUID', '1.2.840.10008.5.1.4.1.1.104.1'],
    ['Modality', 'DOC'],
    ['MIMETypeOfEncapsulatedDocument', 'application/pdf'],
    ['BurnedInAnnotation', 'YES'],
    ['StudyInstanceUID', '2.25.99'],
    ['PatientName', 'Doe^Jane'],
  ] as const) {
    expect([keyword, textOf(dataSet, keyword)]).toEqual([keyword, value]);
  }
});

test.each([0, 4])('bytes that are no PDF are refused (%i)', length => {
  expect(() => writeEncapsulatedPdf(testSource(), new Uint8Array(length), options)).toThrow(/no PDF/);
});

describe('documents that others wrote', () => {
  const { dataSet } = readPart10(writeEncapsulatedPdf(testSource(), pdf(1001), options).bytes);
  const { EncapsulatedDocumentLength: _length, ...withoutLength } = dataSet;
  const read = (changed: DataSet) => readEncapsulatedPdf(writePart10(changed));

  test('without a length, a zero at the end is padding', () => {
    expect(read(withoutLength).pdf).toEqual(pdf(1001));
    expect(read({ ...withoutLength, EncapsulatedDocument: pdf(1000) }).pdf).toEqual(pdf(1000));
  });

  test.each<[string, DataSet, RegExp]>([
    ['a CDA document', { ...dataSet, MIMETypeOfEncapsulatedDocument: 'text/XML' }, /is no encapsulated PDF/],
    ['an image', { ...dataSet, SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' }, /is no encapsulated PDF/],
    ['a document that is cut off', { ...dataSet, EncapsulatedDocument: pdf(500) }, /cut off: 500 of 1001 bytes/],
  ])('%s is refused', (_name, changed, sentence) => {
    expect(() => read(changed)).toThrow(sentence);
  });
});

const withDciodvfy = hasDciodvfy() ? test : test.skip;
const withPython = hasPythonReferees() ? test : test.skip;
const fileOf = temporaryFiles();

withDciodvfy('dciodvfy finds no error', () => {
  const concept = { value: '18748-4', scheme: 'LN', meaning: 'Diagnostic Imaging Report' };
  for (const more of [{}, { concept, bodyPartExamined: 'HEART' }]) {
    expect(dciodvfyErrors(writeEncapsulatedPdf(testSource(), pdf(101), { ...options, ...more }).bytes)).toEqual([]);
  }
  const { dataSet } = readPart10(writeEncapsulatedPdf(testSource(), pdf(101), options).bytes);
  expect(dciodvfyErrors(writePart10({ ...dataSet, MIMETypeOfEncapsulatedDocument: undefined }))).not.toEqual([]);
});

withPython('pydicom reads the same document', () => {
  const name = sourceBytes([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
  const source = testSource({ attributes: { SpecificCharacterSet: 'ISO_IR 100', PatientName: name } });
  const { bytes } = writeEncapsulatedPdf(source, pdf(1001), options);
  expect(runReferee('read_object.py', fileOf('report.dcm', bytes))).toEqual({
    sopClass: 'Encapsulated PDF Storage',
    patientName: 'Müller',
    shape: null,
    content: Buffer.from(pdf(1001)).toString('base64'),
  });
});
