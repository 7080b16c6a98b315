import { randomUUID } from 'node:crypto';
import { Prisma } from '../generated/prisma/client.ts';
import { type TestDatabase, testDatabase } from './database.test-support.ts';
import { databaseProblem } from './errors.ts';

let database: TestDatabase;
let id: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const pseudonym = (letter: string) => `p1:${letter.repeat(43)}`;

const CONTENT = {
  sex: 'F',
  ageBand: '60-69',
  studyUid: '1.2.3',
  seriesUid: '1.2.3.4',
  instances: [{ sopInstanceUid: '1.2.3.4.5' }],
  modality: 'CT',
  scannerManufacturer: 'Maker',
  scannerModel: 'Model',
  algorithmDigest: 'sha256:00',
  confidence: 0.75,
  payload: { agatston: 100 },
  conventions: { thresholdHu: 130 },
  provenance: { producer: 'wasm' },
};

const OTHER: Record<keyof typeof CONTENT, unknown> = {
  sex: 'M',
  ageBand: '20-29',
  studyUid: '9',
  seriesUid: '9',
  instances: [],
  modality: 'MR',
  scannerManufacturer: 'Other',
  scannerModel: 'Other',
  algorithmDigest: 'sha256:ff',
  confidence: 0.5,
  payload: { agatston: 0 },
  conventions: { thresholdHu: 90 },
  provenance: { producer: 'twin' },
};

beforeEach(async () => {
  id = randomUUID();
  await database.db.prisma.prediction.create({
    data: {
      id,
      site: 'north',
      kind: 'calcium',
      producedAt: new Date(),
      createdBy: pseudonym('a'),
      recordSha256: Buffer.alloc(32),
      algorithmName: 'agatston',
      algorithmVersion: '1.0.0',
      patient: pseudonym('b'),
      ...CONTENT,
    },
  });
});

const outcome = (data: object, as = database.db) =>
  as.prisma.prediction.update({ where: { id }, data }).then(() => 'done', databaseProblem);
const columns = Object.keys(CONTENT) as (keyof typeof CONTENT)[];
const isJson = (column: string) => ['instances', 'payload', 'conventions', 'provenance'].includes(column);
const emptied = Object.fromEntries(columns.map(column => [column, isJson(column) ? Prisma.DbNull : null]));

test.each(columns)('%s cannot be changed or emptied, not even by the owner of the table', async column => {
  expect(await outcome({ [column]: OTHER[column] })).toBe('immutable');
  expect(await outcome({ [column]: OTHER[column] }, database.owner)).toBe('immutable');
  expect(await outcome({ [column]: emptied[column] })).toBe('immutable');
});

test.each(['id', 'site', 'kind', 'algorithmName', 'algorithmVersion'])('%s is kept for ever', async column => {
  const value = column === 'id' ? randomUUID() : 'other';
  expect(await outcome({ [column]: value })).toBe('permission-denied');
  expect(await outcome({ [column]: value }, database.owner)).toBe('immutable');
  expect(await outcome({ [column]: value, shreddedAt: new Date(), ...emptied }, database.owner)).toBe('immutable');
});

test('what follows from reviews can change, and pseudonyms with a new key', async () => {
  expect(await outcome({ status: 'agreed', reviewCount: 2, groundTruth: { agatston: 100 }, quality: 0.9 })).toBe(
    'done',
  );
  expect(await outcome({ patient: pseudonym('c') })).toBe('done');
});

test('a tombstone is emptied once, and stays as it is', async () => {
  expect(await outcome({ shreddedAt: new Date(), shredReason: 'request', patient: null, ...emptied })).toBe('done');
  expect(await outcome({ shreddedAt: null })).toBe('immutable');
  expect(await outcome({ shreddedAt: new Date(0) })).toBe('immutable');
  expect(await outcome({ payload: OTHER.payload })).toBe('immutable');
  expect(await outcome({ patient: pseudonym('b') })).toBe('immutable');
});

test.each(columns)('shredding does not put another %s in the place of what was said', async column => {
  expect(await outcome({ shreddedAt: new Date(), ...emptied, [column]: OTHER[column] })).toBe('immutable');
});
