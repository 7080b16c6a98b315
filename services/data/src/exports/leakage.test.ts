import { createHash, randomUUID } from 'node:crypto';
import type { Conventions, Profile } from '@voxelwise/contract';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { pseudonym } from '../keys/pseudonyms.ts';
import type { Content } from '../truth/content.ts';
import { finding, mammography, segmentation } from '../truth/contents.test-support.ts';
import { storeRecords, type TestRecord } from '../truth/records.test-support.ts';
import { exportsInto, hoursAfter, recordOf } from './exports.test-support.ts';

const ring = newKeyRing();
let database: TestDatabase;
let exports: ReturnType<typeof exportsInto>;
beforeAll(async () => {
  database = await testDatabase();
  exports = exportsInto(database.db, ring);
});
afterAll(async () => {
  await exports.removeFolders();
  await database.drop();
});

const STUDY = '1.2.826.0.1.3680043.8.498.11111111111111111111';
const SERIES = '1.2.826.0.1.3680043.8.498.22222222222222222222';
const INSTANCE = '1.2.826.0.1.3680043.8.498.33333333333333333333';
const IN_CORRECTION = '1.2.826.0.1.3680043.8.498.44444444444444444444';
const DIGEST = createHash('sha256').update('voxels').digest('hex');
const MASK = createHash('sha256').update('mask').digest('hex');
const FINDINGS = [randomUUID(), randomUUID()] as const;

const columns = (name: string): TestRecord['columns'] => ({
  studyUid: STUDY,
  seriesUid: SERIES,
  instances: [{ sopInstanceUid: INSTANCE, frames: [1] }],
  accession: pseudonym(ring, 'accession', `accession of ${name}`),
  producedAt: new Date('2025-03-17T11:22:33.444Z'),
  createdAt: new Date('2025-03-18T01:02:03.456Z'),
  provenance: { inputSha256: DIGEST, producer: 'wasm', viewer: { name: 'OHIF', version: '3.12.0' } },
});

function marksOf(sopInstanceUid: string, id: string): Content {
  return mammography([finding(0, 0, 10, 10, { id, sopInstanceUid })]);
}

/** Records whose identifiers are wherever the contract has a place for them. */
function records(): TestRecord[] {
  const correction = marksOf(IN_CORRECTION, FINDINGS[1]);
  return [
    recordOf(ring, 'A', columns('A'), {
      content: marksOf(INSTANCE, FINDINGS[0]),
      reviews: [{ reader: 'reader-name', part: 'first', action: 'edit', correction, at: hoursAfter(1) }],
    }),
    recordOf(ring, 'A', columns('A'), { content: segmentation({ 1: MASK }) }),
    ...Array.from({ length: 8 }, (_, index) => recordOf(ring, `other-${index}`)),
  ];
}

async function exported(profile: Profile, own: TestRecord[], site = `hospital-${randomUUID().slice(0, 8)}`) {
  const ids = await storeRecords(
    database.db,
    ring,
    own.map(record => ({ ...record, columns: { ...record.columns, site } })),
  );
  const job = await exports.requestExport({ profile }, { site });
  return { ...(await exports.run(job)), ids, site, job };
}

/** Every identifier that the database holds of a site, from all its tables. */
async function identifiersOf(site: string): Promise<string[]> {
  const { prisma } = database.db;
  const rows = await prisma.prediction.findMany({ where: { site }, include: { reviews: true, objects: true } });
  return rows.flatMap(row => [
    row.id,
    row.dataKeyId!,
    row.patient!,
    row.accession ?? row.patient!,
    row.createdBy,
    row.studyUid!,
    row.seriesUid ?? row.studyUid!,
    Buffer.from(row.recordSha256).toString('hex'),
    ...(row.instances as { sopInstanceUid: string }[]).map(({ sopInstanceUid }) => sopInstanceUid),
    ...row.reviews.flatMap(review => [review.id, review.reader, review.contentDigest]),
  ]);
}

test('Safe Harbor: no identifier of the database, no date and no digest is in any byte of any file', async () => {
  const { texts, rows, site, job } = await exported('safe-harbor', records());
  expect(rows).toHaveLength(10);
  const identifiers = [
    ...(await identifiersOf(site)),
    site,
    job.id,
    INSTANCE,
    IN_CORRECTION,
    ...FINDINGS,
    DIGEST,
    MASK,
  ];
  expect(identifiers.length).toBeGreaterThan(100);
  for (const [name, text] of Object.entries(texts)) {
    for (const identifier of identifiers) {
      expect({ name, identifier, found: text.includes(identifier) }).toEqual({ name, identifier, found: false });
    }
    expect(text).not.toMatch(/p\d+:[A-Za-z0-9_-]{43}/);
  }
  for (const name of ['records.jsonl', 'records.csv'])
    expect(texts[name]).not.toMatch(/2025-?03|2025-?0318|11:22|01:02/);
  expect(rows[0]).toHaveProperty('producedYear');
});

test('limited data set: dates and digests are there, identifiers are not', async () => {
  const { texts, rows, site } = await exported('limited-data-set', records());
  expect(rows).toHaveLength(10);
  const digests = (await identifiersOf(site)).filter(identifier => /^[0-9a-f]{64}$/.test(identifier));
  const identifiers = [...(await identifiersOf(site)), INSTANCE, IN_CORRECTION, ...FINDINGS];
  for (const identifier of identifiers.filter(one => !digests.includes(one))) {
    for (const text of Object.values(texts))
      expect([identifier, text.includes(identifier)]).toEqual([identifier, false]);
  }
  expect(texts['records.jsonl']).toContain('"producedAt":"2025-03-17T11:22:33.444Z"');
  expect(texts['records.jsonl']).toContain(DIGEST);
  expect(texts['records.jsonl']).toContain(MASK);
});

test('the same image has the same replacement in instances, prediction and label, and a finding the same id', async () => {
  const content = marksOf(INSTANCE, FINDINGS[0]);
  const correction = structuredClone(content);
  if (correction.kind === 'mammography') correction.payload.findings[0]!.type = 'calcification';
  const record = recordOf(ring, 'A', columns('A'), {
    content,
    reviews: [{ reader: 'R', part: 'first', action: 'edit', correction, at: hoursAfter(1) }],
  });
  for (const profile of ['safe-harbor', 'limited-data-set'] as const) {
    const { rows } = await exported(profile, [record]);
    const [predicted, labelled] = [rows[0]!.prediction, rows[0]!.label.payload!].map(
      payload => (payload as { findings: { id: string; sopInstanceUid: string }[] }).findings[0]!,
    );
    expect(predicted!.sopInstanceUid).toBe(rows[0]!.image.instances[0]!.sopInstanceUid);
    expect(labelled).toMatchObject({ id: predicted!.id, sopInstanceUid: predicted!.sopInstanceUid });
  }
});

describe('what programs wrote where an identifier has no place', () => {
  const clean: Conventions = { threshold: 130, method: 'Agatston', shape: [1, 2, 3] };
  const planted: Record<string, Conventions> = {
    study: { source: STUDY },
    'series in a sentence': { source: `computed on ${SERIES}, all slices` },
    'UID of another record': { aif: '1.2.840.113619.2.5.1762583153.215519.978957063.78' },
    pseudonym: { who: pseudonym(ring, 'person', 'somebody') },
  };
  const plantedForSafeHarbor: Record<string, Conventions> = {
    'digest of the voxels': { input: DIGEST },
    date: { acquired: '2025-03-17' },
    'date without hyphens': { acquired: '20250317' },
    'date as a number': { acquired: 20250317 },
  };

  for (const [what, entry] of Object.entries({ ...planted, ...plantedForSafeHarbor })) {
    test(`${what}: the entry of the conventions is removed, the record stays`, async () => {
      const record = recordOf(ring, 'A', { ...columns('A'), conventions: { ...clean, ...entry } });
      const { rows, manifest, texts } = await exported('safe-harbor', [record]);
      expect(rows[0]?.conventions).toEqual(clean);
      expect(texts['records.csv']).not.toContain(String(Object.values(entry)[0]));
      expect(manifest.warnings.join()).toContain('1 entries of conventions were removed');
      const limited = await exported('limited-data-set', [record]);
      expect(limited.rows[0]?.conventions).toEqual(what in planted ? clean : { ...clean, ...entry });
    });
  }

  test('the name of the site in conventions, also in parameters, is removed', async () => {
    const conventions = { ...clean, place: 'Scanner 2 at St-Elsewhere.01' };
    const provenance = { parameters: { ...clean, place: 'st-elsewhere.01' } };
    const record = recordOf(ring, 'A', { ...columns('A'), conventions, provenance });
    const { rows } = await exported('safe-harbor', [record], 'St-Elsewhere.01');
    expect(rows[0]).toMatchObject({ conventions: clean, parameters: clean });
    expect(rows[0]?.parameters).toEqual(clean);
  });

  test('a UID of the record that is as short as a version is removed all the same', async () => {
    const conventions = { ...clean, source: '1.2.3.4', version: '1.2.3.5' };
    const record = recordOf(ring, 'A', { ...columns('A'), seriesUid: '1.2.3.4', conventions });
    const { rows } = await exported('safe-harbor', [record]);
    expect(rows[0]?.conventions).toEqual({ ...clean, version: '1.2.3.5' });
  });

  test('in a text that cannot be taken out, the record is left out and counted', async () => {
    const own = [
      recordOf(ring, 'A', { ...columns('A'), scannerModel: 'CT of hospital-x' }),
      recordOf(ring, 'B', { ...columns('B'), algorithmName: `model ${STUDY}` }),
      recordOf(ring, 'C', columns('C')),
    ];
    const { rows, manifest, texts } = await exported('safe-harbor', own, 'hospital-x');
    expect(rows).toHaveLength(1);
    expect(manifest.leftOut['identifying-text']).toBe(2);
    expect(manifest.warnings.join()).toContain('2 records were left out: a text of a program');
    for (const text of Object.values(texts)) expect(text).not.toContain('hospital-x');
  });

  test('versions, counts and ordinary words are no identifiers', async () => {
    const conventions = {
      version: '3.12.0-beta.1',
      build: '1.2.3.4',
      voxels: 1_203_111,
      note: 'site of the heart',
      year: 2025,
    };
    const { rows, manifest } = await exported('safe-harbor', [recordOf(ring, 'A', { ...columns('A'), conventions })]);
    expect(rows[0]?.conventions).toEqual(conventions);
    expect(manifest.leftOut['identifying-text']).toBe(0);
  });
});

test('Safe Harbor: the times of the query are not shown, since they would narrow down those of the records', async () => {
  const { site } = await exported('safe-harbor', [recordOf(ring, 'A', columns('A'))]);
  const query = { from: '2025-03-18T00:00:00.000Z', until: '2025-03-19T00:00:00.000Z' };
  const { manifest, rows } = await exports.run(await exports.requestExport({ query }, { site }));
  expect(rows).toHaveLength(1);
  expect(manifest.query).toEqual({});
  expect(manifest.warnings.join()).toContain('The times of the query are not shown');
  const limited = await exports.run(await exports.requestExport({ query, profile: 'limited-data-set' }, { site }));
  expect(limited.manifest).toMatchObject({ query, site });
});

test('the manifest names the method and who stays responsible', async () => {
  const safeHarbor = await exported('safe-harbor', []);
  expect(safeHarbor.manifest.deIdentification).toMatch(/Safe Harbor.*164\.514\(b\)\(2\).*remains responsible/);
  expect(safeHarbor.manifest.site).toMatch(/^site-[0-9a-f]{16}$/);
  const limited = await exported('limited-data-set', []);
  expect(limited.manifest.deIdentification).toMatch(
    /limited data set.*164\.514\(e\).*data use agreement.*remains responsible/,
  );
});
