import { createSecretKey, randomUUID } from 'node:crypto';
import { uidSchema } from '@voxelwise/contract';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { exportsInto } from './exports.test-support.ts';
import { type Identifier, type IdentifierDomain, keyedReplacements, randomReplacements } from './identifiers.ts';

const ring = newKeyRing();
const key = createSecretKey(Buffer.alloc(32, 3));
const DOMAINS: IdentifierDomain[] = ['record', 'patient', 'study', 'series', 'instance', 'finding', 'site'];

let database: TestDatabase;
let requestExport: ReturnType<typeof exportsInto>['requestExport'];
beforeAll(async () => {
  database = await testDatabase();
  ({ requestExport } = exportsInto(database.db, ring));
});
afterAll(() => database.drop());

/** Pseudonyms of this test look like p1:7; the newest of the same person is p2:7. */
const rotated = (patient: string) => patient.replace(/^p1:/, 'p2:');
const unchanged = (patient: string) => patient;

const options = (exportId: string, newestPatient = unchanged) => ({
  database: database.db,
  exportId,
  site: 'north',
  newestPatient,
});
const one = (original: string): Identifier[] => DOMAINS.map(domain => ({ domain, original }));

async function randomOnes(exportId: string, originals: Identifier[], takeOverFrom?: string, newestPatient = unchanged) {
  const replacements = await randomReplacements(options(exportId, newestPatient), takeOverFrom);
  await replacements.prepare(originals);
  return originals.map(({ domain, original }) => replacements.replacementOf(domain, original));
}

async function keyedOnes(exportId: string, originals: Identifier[], line = 'test-line', newestPatient = unchanged) {
  const replacements = await keyedReplacements(options(exportId, newestPatient), line, key);
  await replacements.prepare(originals);
  return originals.map(({ domain, original }) => replacements.replacementOf(domain, original));
}

describe('Safe Harbor', () => {
  test('ids are random, of the form of their domain, and other ones in every export', async () => {
    const [first, second] = [await requestExport(), await requestExport()];
    const [ids, others] = [await randomOnes(first.id, one('1.2.3')), await randomOnes(second.id, one('1.2.3'))];
    const [record, patient, study, series, instance, finding, site] = ids;
    for (const id of [record, patient]) expect(id).toMatch(/^[0-9a-f]{32}$/);
    for (const uid of [study, series, instance]) {
      expect(uidSchema.parse(uid)).toMatch(/^2\.25\./);
      // The number of a random UUID: version 4, variant 10.
      const hex = BigInt(uid!.slice(5)).toString(16).padStart(32, '0');
      expect(hex).toMatch(/^.{12}4.{3}[89ab].{15}$/);
    }
    expect(finding).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(site).toMatch(/^site-[0-9a-f]{16}$/);
    expect(new Set([...ids, ...others]).size).toBe(14);
  });

  test('the same export gives the same ids again, after a crash', async () => {
    const { id } = await requestExport();
    const ids = await randomOnes(id, [...one('a'), ...one('b')]);
    expect(await randomOnes(id, [...one('a'), ...one('b')])).toEqual(ids);
    expect(await randomOnes(id, [...one('b'), ...one('c')])).toEqual([
      ...ids.slice(7),
      ...(await randomOnes(id, one('c'))),
    ]);
  });

  test('a later export can take over the ids, also of one that took them over itself', async () => {
    const [first, second, third] = [await requestExport(), await requestExport(), await requestExport()];
    const ids = await randomOnes(first.id, one('a'));
    expect(await randomOnes(second.id, one('a'), first.id)).toEqual(ids);
    expect(await randomOnes(third.id, one('a'), second.id)).toEqual(ids);
    const fresh = await randomOnes(second.id, one('new'), first.id);
    expect(await randomOnes(third.id, one('new'), second.id)).toEqual(fresh);
  });

  test('a patient keeps the id though pseudonyms were rotated meanwhile, in the same export and in a later one', async () => {
    const [first, second] = [await requestExport(), await requestExport()];
    const before: Identifier[] = [{ domain: 'patient', original: 'p1:7' }];
    const after: Identifier[] = [{ domain: 'patient', original: 'p2:7' }];
    const ids = await randomOnes(first.id, before);
    expect(await randomOnes(first.id, after, undefined, rotated)).toEqual(ids);
    expect(await randomOnes(second.id, after, first.id, rotated)).toEqual(ids);
  });

  test('ids of no export, of another site or of another profile are not taken over', async () => {
    const job = await requestExport();
    const limited = await requestExport({ profile: 'limited-data-set' });
    const elsewhere = await requestExport({}, { site: 'south' });
    for (const source of [randomUUID(), limited.id, elsewhere.id]) {
      await expect(randomReplacements(options(job.id), source)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  test('thousands of instances are replaced at once, each by another', async () => {
    const { id } = await requestExport();
    const originals = Array.from(
      { length: 12_000 },
      (_, index): Identifier => ({ domain: 'instance', original: `1.2.${index}` }),
    );
    expect(new Set(await randomOnes(id, originals)).size).toBe(12_000);
  });

  test('the same export in two processes at once never has two ids for one original', async () => {
    const { id } = await requestExport();
    const runs = await Promise.allSettled(Array.from({ length: 6 }, () => randomOnes(id, one('a'))));
    const done = runs.filter(run => run.status === 'fulfilled').map(({ value }) => value.join());
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done).size).toBe(1);
    for (const run of runs) if (run.status === 'rejected') expect(run.reason).toMatchObject({ canRetry: true });
  });
});

describe('limited data set', () => {
  const limited = (line = 'test-line') => requestExport({ profile: 'limited-data-set', line });

  test('ids stay the same within a line, and are others in another line, site or installation', async () => {
    const [first, second, other] = [await limited(), await limited(), await limited('other-line')];
    const ids = await keyedOnes(first.id, one('1.2.3'));
    expect(await keyedOnes(second.id, one('1.2.3'))).toEqual(ids);
    const elsewhere = await keyedOnes(other.id, one('1.2.3'), 'other-line');
    const installation = await keyedReplacements(options(other.id), 'test-line', createSecretKey(Buffer.alloc(32, 4)));
    const south = await keyedReplacements({ ...options(other.id), site: 'south' }, 'test-line', key);
    const studies = [installation, south].map(({ replacementOf }) => replacementOf('study', '1.2.3'));
    expect(new Set([...ids, ...elsewhere, ...studies]).size).toBe(16);
    for (const uid of ids.slice(2, 5)) expect(uidSchema.parse(uid)).toMatch(/^2\.25\./);
  });

  test('a patient keeps the id though pseudonyms were rotated meanwhile', async () => {
    const [first, second, third] = [await limited('rotated'), await limited('rotated'), await limited('rotated')];
    const ids = await keyedOnes(first.id, [{ domain: 'patient', original: 'p1:7' }], 'rotated');
    const after: Identifier[] = [{ domain: 'patient', original: 'p2:7' }];
    expect(await keyedOnes(second.id, after, 'rotated', rotated)).toEqual(ids);
    expect(await keyedOnes(third.id, after, 'rotated', rotated)).toEqual(ids);
  });
});
