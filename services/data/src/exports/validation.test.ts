import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { storeRecords } from '../truth/records.test-support.ts';
import { exportsInto, recordOf } from './exports.test-support.ts';
import type { ExportRow } from './row-schema.ts';
import { runExport } from './run-export.ts';
import { type ValidationInput, validateExport } from './validation.ts';

const ring = newKeyRing();
let database: TestDatabase;
let exports: ReturnType<typeof exportsInto>;
/** A valid export of ten records. */
let lines: string[];
let csv: string;
let counts: ValidationInput['counts'];

beforeAll(async () => {
  database = await testDatabase();
  exports = exportsInto(database.db, ring);
  await storeRecords(
    database.db,
    ring,
    Array.from({ length: 10 }, (_, index) => recordOf(ring, `patient-${index}`, { seriesUid: `1.2.${index}` })),
  );
  const tools = await exports.tools();
  const { manifest } = await runExport(await exports.requestExport(), tools);
  lines = (await readFile(path.join(tools.folder, 'records.jsonl'), 'utf8')).split('\n').slice(0, -1);
  csv = await readFile(path.join(tools.folder, 'records.csv'), 'utf8');
  counts = {
    rows: manifest.rows,
    labels: manifest.labels,
    splits: manifest.splits as ValidationInput['counts']['splits'],
  };
});
afterAll(async () => {
  await exports.removeFolders();
  await database.drop();
});

/** Validates files of these contents; their digests are right unless others are given. */
function validate(change: { lines?: string[]; csv?: string; counts?: ValidationInput['counts']; sha256?: string }) {
  const texts: Record<string, string> = {
    'records.jsonl': (change.lines ?? lines).map(line => `${line}\n`).join(''),
    'records.csv': change.csv ?? csv,
  };
  const files = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      { sha256: change.sha256 ?? createHash('sha256').update(text).digest('hex'), sizeBytes: Buffer.byteLength(text) },
    ]),
  );
  return validateExport({
    profile: 'safe-harbor',
    files,
    counts: change.counts ?? counts,
    readFile: async name => Readable.from([Buffer.from(texts[name]!)]),
  });
}

const changed = (index: number, change: (row: ExportRow) => void): string[] =>
  lines.map((line, at) => {
    if (at !== index) return line;
    const row = JSON.parse(line) as ExportRow;
    change(row);
    return JSON.stringify(row);
  });
const rowAt = (index: number) => JSON.parse(lines[index]!) as ExportRow;
const inSplit = (split: string) => lines.findIndex(line => JSON.parse(line).split === split);

test('a sound export passes', async () => {
  await validate({});
});

const refused: Record<string, [() => Parameters<typeof validate>[0], string | RegExp]> = {
  'other bytes than were written': [() => ({ sha256: '0'.repeat(64) }), 'has other content than was written'],
  'a missing record': [() => ({ lines: lines.slice(1) }), 'other counts than the manifest'],
  'a record twice': [() => ({ lines: [...lines, lines[0]!] }), 'uses an id twice, in line 11'],
  'a line that is no JSON': [() => ({ lines: [lines[0]!, '{', ...lines.slice(2)] }), 'is no JSON in line 2'],
  'an unknown field': [
    () => ({ lines: changed(2, row => Object.assign(row, { name: 'x' })) }),
    'does not match its schema in line 3',
  ],
  'a date in a Safe Harbor export': [
    () => ({ lines: changed(0, row => Object.assign(row, { producedAt: '2025-01-01T00:00:00.000Z' })) }),
    'does not match its schema in line 1',
  ],
  'content of another kind': [
    () => ({ lines: changed(0, row => Object.assign(row, { kind: 'perfusion' })) }),
    'does not match its schema in line 1 (prediction)',
  ],
  'a UID that was not replaced': [
    () => ({ lines: changed(3, row => Object.assign(row.image, { series: '1.2.840.113619.2.55.3' })) }),
    'does not match its schema in line 4 (image.series)',
  ],
  'a UID in a convention': [
    () => ({ lines: changed(4, row => Object.assign(row.conventions, { source: '1.2.840.113619.2.55.3.1' })) }),
    'holds what looks like an identifier, in line 5',
  ],
  'a pseudonym': [
    () => ({ lines: changed(5, row => Object.assign(row.conventions, { who: `p1:${'a'.repeat(43)}` })) }),
    'holds what looks like an identifier, in line 6',
  ],
  'a patient in two splits': [
    () => ({
      lines: changed(inSplit('test'), row => Object.assign(row, { patient: rowAt(inSplit('train')).patient })),
    }),
    'has a patient or study in two splits',
  ],
  'a study in two splits': [
    () => ({
      lines: changed(inSplit('test'), row => Object.assign(row.image, { study: rowAt(inSplit('train')).image.study })),
    }),
    'has a patient or study in two splits',
  ],
  'another split than was counted': [
    () => ({ lines: changed(inSplit('test'), row => Object.assign(row, { split: 'validation' })) }),
    'other counts than the manifest',
  ],
  'other counts': [
    () => ({ counts: { ...counts, labels: { ...counts.labels, none: 1 } } }),
    'other counts than the manifest',
  ],
  'a CSV with a record less': [
    () => ({ csv: csv.split('\r\n').slice(0, -2).join('\r\n') }),
    'has 9 records instead of 10',
  ],
  'a CSV with another header': [() => ({ csv: csv.replace('id,split', 'split,id') }), 'has another header'],
  'a CSV with a cell more': [() => ({ csv: csv.replace('\r\n', '\r\nx,') }), /has \d+ cells in record 1/],
  'a CSV with the records in another order': [
    () => {
      const [header, first, second, ...rest] = csv.split('\r\n');
      return { csv: [header, second, first, ...rest].join('\r\n') };
    },
    'hold different records',
  ],
  'a CSV that is cut off': [() => ({ csv: csv.slice(0, -40) }), 'ends within a quoted field'],
};

for (const [what, [change, sentence]] of Object.entries(refused)) {
  test(`${what} is refused`, async () => {
    await expect(validate(change())).rejects.toThrow(sentence);
  });
}

test('the message tells neither ids nor content', async () => {
  const error = await validate({ lines: changed(2, row => Object.assign(row, { name: 'Jane Doe' })) }).catch(
    one => one,
  );
  expect(error).toMatchObject({ code: 'internal', canRetry: false });
  expect(error.message).not.toContain('Jane');
  for (const line of lines) expect(error.message).not.toContain(JSON.parse(line).id);
});

test('a store that gives back other bytes than it took is noticed before the export is released', async () => {
  const tools = await exports.tools();
  const readDamaged: typeof tools.readFile = async name => {
    const bytes = await readFile(path.join(tools.folder, name));
    // A digit within a number: still valid in every other respect.
    const at = bytes.indexOf('"agatston":100') + '"agatston":10'.length;
    if (name === 'records.jsonl') bytes[at] = '1'.charCodeAt(0);
    return Readable.from([bytes]);
  };
  const run = runExport(await exports.requestExport(), { ...tools, readFile: readDamaged });
  await expect(run).rejects.toThrow('records.jsonl has other content than was written');
});
