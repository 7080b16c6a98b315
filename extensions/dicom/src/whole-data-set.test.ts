import dicomParser from 'dicom-parser';
import { hasDcmconv, rewritten } from '../../../e2e/referees/referees.ts';
import type { DataSet } from './results/data-set.ts';
import { writePart10 } from './results/write-part10.ts';
import { whyIncomplete } from './whole-data-set.ts';

const code = (value: string): DataSet => ({ CodeValue: value, CodingSchemeDesignator: '99TEST', CodeMeaning: value });

/** Sequences in sequences, an empty one, and a value at the end. */
const NESTED = writePart10({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
  SOPInstanceUID: '2.25.1',
  PatientID: 'P-1',
  ProcedureCodeSequence: [code('A'), code('B')],
  ReferencedStudySequence: [],
  ContentSequence: [
    { ValueType: 'CONTAINER', ContentSequence: [{ ValueType: 'TEXT', TextValue: 'x'.repeat(40) }, {}] },
    { ValueType: 'CODE', ConceptCodeSequence: [code('C')] },
  ],
  EncapsulatedDocument: Uint8Array.from({ length: 30 }, (_, index) => index),
});

/** What is found of a file of which only the first bytes are there; null where nothing is missing. */
function problemOf(bytes: Uint8Array, length = bytes.length): string | null {
  try {
    return whyIncomplete(dicomParser.parseDicom(Buffer.from(bytes.subarray(0, length))));
  } catch (thrown) {
    return String((thrown as { exception?: unknown } | null)?.exception ?? thrown);
  }
}

/** Lengths of the beginnings of a file that are a data set of their own: they end where an element on the top level does. */
function beginnings(bytes: Uint8Array): number[] {
  return Object.values(dicomParser.parseDicom(Buffer.from(bytes)).elements)
    .filter(({ tag }) => tag > 'x00080000')
    .map(
      ({ dataOffset, length, items, hadUndefinedLength }) =>
        dataOffset + length + (items && hadUndefinedLength ? 8 : 0),
    )
    .sort((a, b) => a - b);
}

const ENCODINGS = [
  ['explicit VR, defined lengths', '+te', '+e'],
  ['explicit VR, undefined lengths', '+te', '-e'],
  ['implicit VR, defined lengths', '+ti', '+e'],
  ['implicit VR, undefined lengths', '+ti', '-e'],
  ['big endian, undefined lengths', '+tb', '-e'],
] as const;

const withDcmconv = hasDcmconv() ? test : test.skip;

withDcmconv.each(ENCODINGS)('%s: a file that ends too soon is told from a whole one', (_, ...options) => {
  const bytes = rewritten(NESTED, ...options);
  expect(problemOf(bytes)).toBeNull();
  const accepted = Array.from(bytes, (_byte, length) => length).filter(length => problemOf(bytes, length) === null);
  expect([...accepted, bytes.length]).toEqual(beginnings(bytes));
});

withDcmconv('the element is named by its tag; the one at which parsing stopped is not looked at', () => {
  const bytes = rewritten(NESTED, '+ti');
  expect(problemOf(bytes, -4)).toBe('it ends inside the element (0042,0011)');
  const untilTag = 'x00420011';
  expect(whyIncomplete(dicomParser.parseDicom(Buffer.from(bytes.subarray(0, -4)), { untilTag }), untilTag)).toBeNull();
});

test('compressed pixels end with their delimiter, and every fragment lies within them', () => {
  const { buffer } = new Uint16Array([0xfffe, 0xe000, 0, 0, 0xfffe, 0xe000, 4, 0, 1, 2, 0xfffe, 0xe000, 2, 0, 3]);
  const delimiter = new Uint16Array([0xfffe, 0xe0dd, 0, 0]);
  const element = Buffer.from('e07f10004f420000ffffffff', 'hex');
  const dataSet = writePart10({ SOPClassUID: '1.2.3', SOPInstanceUID: '2.25.1' });
  const bytes = Buffer.concat([dataSet, element, Buffer.from(buffer), Buffer.from(delimiter.buffer)]);
  expect(problemOf(bytes)).toBeNull();
  const accepted = Array.from(bytes, (_, length) => length).filter(length => problemOf(bytes, length) === null);
  expect(accepted).toEqual(beginnings(dataSet));
});
