import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { advance, pseudonym } from '../keys/pseudonyms.ts';
import { perfusion } from '../truth/contents.test-support.ts';
import { storeRecords, type TestRecord } from '../truth/records.test-support.ts';
import type { Scope } from './candidates.ts';
import { hoursAfter, recordOf } from './exports.test-support.ts';
import { readPeople } from './people.ts';

const ring = newKeyRing();
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const named = (name: string) => pseudonym(ring, 'patient', name);

async function peopleOf(site: string, records: TestRecord[], change: Partial<Scope> = {}) {
  await storeRecords(
    database.db,
    ring,
    records.map(record => ({ ...record, columns: { ...record.columns, site } })),
  );
  const scope = { site, query: {}, asOf: hoursAfter(100), ...change };
  const groups = await database.db.transaction(transaction =>
    readPeople(transaction, scope, patient => advance(ring, 'patient', patient)),
  );
  return groups.sort((one, other) => other.records - one.records);
}

test('a patient is one person in all studies and kinds', async () => {
  const people = await peopleOf('patients', [
    recordOf(ring, 'A', { studyUid: '1.1' }),
    recordOf(ring, 'A', { studyUid: '1.2' }, { content: perfusion(1, 2) }),
    recordOf(ring, 'B', { studyUid: '1.3' }),
  ]);
  expect(people).toEqual([
    { members: [named('A')], records: 2, stratum: 'calcium perfusion' },
    { members: [named('B')], records: 1, stratum: 'calcium' },
  ]);
});

test('two pseudonyms that share a study are one person, and so on from study to study', async () => {
  const people = await peopleOf('shared', [
    recordOf(ring, 'A', { studyUid: '2.1' }),
    recordOf(ring, 'A of the hospital', { studyUid: '2.1' }),
    recordOf(ring, 'A of the hospital', { studyUid: '2.2' }),
    recordOf(ring, 'A before', { studyUid: '2.2' }),
    recordOf(ring, 'B', { studyUid: '2.3' }),
  ]);
  expect(people).toEqual([
    { members: ['A', 'A of the hospital', 'A before'].map(named).sort(), records: 4, stratum: 'calcium' },
    { members: [named('B')], records: 1, stratum: 'calcium' },
  ]);
});

test('records without a patient are of the patient of their study, or else of the study', async () => {
  const people = await peopleOf('studies', [
    recordOf(ring, null, { studyUid: '3.1' }),
    recordOf(ring, 'A', { studyUid: '3.1' }),
    recordOf(ring, null, { studyUid: '3.2' }),
  ]);
  expect(people).toEqual([
    { members: [named('A'), 'study:3.1'].sort(), records: 2, stratum: 'calcium' },
    { members: ['study:3.2'], records: 1, stratum: 'calcium' },
  ]);
});

test('whoever is linked by records that are not exported is still the same person, and without records of their own no group', async () => {
  const people = await peopleOf('linked', [
    recordOf(ring, 'A', { studyUid: '4.1' }),
    recordOf(ring, 'A elsewhere', { studyUid: '4.1', consent: 'refused' }),
    recordOf(ring, 'C', { studyUid: '4.2', consent: 'refused' }),
    recordOf(ring, 'C elsewhere', { studyUid: '4.2', consent: 'refused' }),
  ]);
  expect(people).toEqual([{ members: ['A', 'A elsewhere'].map(named).sort(), records: 1, stratum: 'calcium' }]);
});

test('during a rotation the old and the new pseudonym are one person', async () => {
  const newer = { ...ring, pseudonymKeys: [...ring.pseudonymKeys, { ...newKeyRing().pseudonymKeys[0]!, version: 2 }] };
  const site = 'rotated';
  await storeRecords(database.db, ring, [recordOf(ring, 'A', { site, studyUid: '5.1' })]);
  await storeRecords(database.db, newer, [
    recordOf(newer, 'A', { site, studyUid: '5.1' }),
    recordOf(newer, 'A', { site, studyUid: '5.2' }),
  ]);
  const people = await database.db.transaction(transaction =>
    readPeople(transaction, { site, query: {}, asOf: hoursAfter(100) }, patient => advance(newer, 'patient', patient)),
  );
  expect(people).toEqual([{ members: [pseudonym(newer, 'patient', 'A')], records: 3, stratum: 'calcium' }]);
});
