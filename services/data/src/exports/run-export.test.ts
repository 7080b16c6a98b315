import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { type PassThrough, Readable } from 'node:stream';
import { exportManifestSchema, type Split } from '@voxelwise/contract';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { calciumTotal } from '../truth/contents.test-support.ts';
import { diceOfTestMasks, randomRecords } from '../truth/random-records.test-support.ts';
import { storeRecords, type TestRecord } from '../truth/records.test-support.ts';
import { exportsInto, hoursAfter, recordOf } from './exports.test-support.ts';
import { EXPORT_ROWS } from './row-schema.ts';
import { runExport } from './run-export.ts';

const ring = newKeyRing();
let database: TestDatabase;
let exports: ReturnType<typeof exportsInto>;
beforeAll(async () => {
  database = await testDatabase({ poolSize: 8 });
  exports = exportsInto(database.db, ring);
});
afterAll(async () => {
  await exports.removeFolders();
  await database.drop();
});

let sites = 0;
/** Stores records at a site of their own. */
async function stored(records: readonly TestRecord[]): Promise<{ site: string; ids: string[] }> {
  const site = `hospital-${++sites}`;
  const atSite = records.map(record => ({ ...record, columns: { ...record.columns, site } }));
  return { site, ids: await storeRecords(database.db, ring, atSite, diceOfTestMasks) };
}

const patients = (count: number, columns: TestRecord['columns'] = {}, change: Partial<TestRecord> = {}) =>
  Array.from({ length: count }, (_, index) => recordOf(ring, `patient-${index}`, columns, change));

const masks: Record<string, Uint8Array> = { a: Uint8Array.of(0b0111), b: Uint8Array.of(0b0001) };
const openMask = async (_site: string, sha256: string) => Readable.from([masks[sha256[0]!]!]);

async function withMasks() {
  const { sources } = await exports.tools();
  return { sources: { ...sources, openMask } };
}

describe('files', () => {
  const records = randomRecords(300, 42).map((record, index) => {
    const { columns } = recordOf(ring, `patient-${index % 60}`);
    return { ...record, columns: { ...record.columns, ...columns } };
  });

  for (const profile of ['safe-harbor', 'limited-data-set'] as const) {
    test(`${profile}: every kind of record is a valid row; manifest, digests and counts are right`, async () => {
      const { site } = await stored(records);
      const job = await exports.requestExport({ profile, query: { minimumTruth: null } }, { site });
      const { manifest, rows, texts } = await exports.run(job, await withMasks());
      expect(rows).toHaveLength(300);
      for (const row of rows) EXPORT_ROWS[profile].parse(row);
      expect(new Set(rows.map(({ kind }) => kind)).size).toBe(4);
      expect(exportManifestSchema.parse(JSON.parse(texts['manifest.json']!))).toEqual(manifest);
      expect(manifest).toMatchObject({ rows: 300, patients: 60, leftOut: { consent: 0, shredded: 0 }, profile });
      for (const { name, sha256, sizeBytes } of manifest.files) {
        expect(createHash('sha256').update(texts[name]!).digest('hex')).toBe(sha256);
        expect(Buffer.byteLength(texts[name]!)).toBe(sizeBytes);
      }
      const decisions = rows.map(({ label }) => label.decision);
      expect(new Set(decisions).size).toBe(4);
      expect(manifest.labels.corrected).toBe(decisions.filter(decision => decision === 'corrected').length);
    });
  }

  test('a second run of the same job gives the same bytes, and so does another one that takes over the ids', async () => {
    const { site } = await stored(records);
    const job = await exports.requestExport({ query: { minimumTruth: null } }, { site });
    const again = await exports.requestExport({ query: { minimumTruth: null }, identifiersOf: job.id }, { site });
    const fresh = await exports.requestExport({ query: { minimumTruth: null } }, { site });
    const [one, two, three, four] = [
      await exports.run(job, await withMasks()),
      await exports.run(job, await withMasks()),
      await exports.run(again, await withMasks()),
      await exports.run(fresh, await withMasks()),
    ];
    expect(two.texts).toEqual(one.texts);
    expect(three.texts).toEqual(one.texts);
    const idsOf = ({ rows }: typeof one) => rows.flatMap(({ id, patient, image }) => [id, patient, image.study]);
    expect(idsOf(four).filter(id => idsOf(one).includes(id))).toEqual([]);
  });

  test('limited data sets of one line are the same bytes without taking over anything', async () => {
    const { site } = await stored(records);
    const request = { profile: 'limited-data-set', query: { minimumTruth: null } } as const;
    const [one, two] = [await exports.requestExport(request, { site }), await exports.requestExport(request, { site })];
    expect((await exports.run(two, await withMasks())).texts).toEqual(
      (await exports.run(one, await withMasks())).texts,
    );
  });

  test('an export without any record has its files', async () => {
    const job = await exports.requestExport({}, { site: 'empty' });
    const { manifest, rows, texts } = await exports.run(job);
    expect(rows).toEqual([]);
    expect(texts['records.csv']).toMatch(/^id,split,kind,.*\r\n$/);
    expect(manifest).toMatchObject({ rows: 0, patients: 0, splits: { train: { rows: 0, patients: 0, ratio: null } } });
  });
});

describe('which records', () => {
  test('consent that was granted by default; others on request, with a warning', async () => {
    const { site } = await stored([
      ...patients(8),
      recordOf(ring, 'refused', { consent: 'refused' }),
      recordOf(ring, 'unasked', { consent: 'not-recorded' }),
    ]);
    const usual = await exports.run(await exports.requestExport({}, { site }));
    expect(usual.manifest).toMatchObject({ rows: 8, leftOut: { consent: 2 } });
    const consents = ['granted', 'not-recorded'] as const;
    const wide = await exports.run(await exports.requestExport({ query: { consents: [...consents] } }, { site }));
    expect(wide.manifest).toMatchObject({ rows: 9, leftOut: { consent: 1 } });
    expect(wide.manifest.warnings.join()).toContain('not-recorded');
  });

  test('erased records never', async () => {
    const { site, ids } = await stored(patients(9));
    await database.owner.prisma
      .$executeRaw`UPDATE prediction SET shredded_at = now(), payload = NULL WHERE id = ${ids[0]}::uuid`;
    const { manifest, rows } = await exports.run(
      await exports.requestExport({ query: { minimumTruth: null } }, { site }),
    );
    expect(manifest).toMatchObject({ rows: 8, leftOut: { shredded: 1 } });
    expect(rows).toHaveLength(8);
  });

  test('kinds, algorithms, times and the backing of the ground truth', async () => {
    const twice: TestRecord['reviews'] = [
      { reader: 'A', part: 'first', action: 'accept', correction: null, at: hoursAfter(1) },
      { reader: 'B', part: 'second', action: 'accept', correction: null, at: hoursAfter(2) },
    ];
    const disputed = twice.map(review => ({
      ...review,
      action: review.part === 'first' ? ('accept' as const) : ('reject' as const),
    }));
    const { site } = await stored([
      recordOf(ring, 'once'),
      recordOf(ring, 'twice', { algorithmVersion: '2.0.0' }, { reviews: twice }),
      recordOf(ring, 'disputed', {}, { reviews: disputed }),
      recordOf(ring, 'unread', { createdAt: hoursAfter(5) }, { reviews: [] }),
    ]);
    const run = async (query: Parameters<typeof exports.requestExport>[0] = {}) => {
      const { manifest } = await exports.run(await exports.requestExport(query, { site }));
      return [manifest.rows, manifest.leftOut['no-ground-truth']];
    };
    expect(await run()).toEqual([2, 2]);
    expect(await run({ query: { minimumTruth: 'double' } })).toEqual([1, 3]);
    expect(await run({ query: { minimumTruth: 'adjudicated' } })).toEqual([0, 4]);
    expect(await run({ query: { minimumTruth: null } })).toEqual([4, 0]);
    expect(await run({ query: { minimumTruth: null, algorithmVersion: '2.0.0' } })).toEqual([1, 0]);
    expect(await run({ query: { minimumTruth: null, kinds: ['perfusion'] } })).toEqual([0, 0]);
    expect(await run({ query: { minimumTruth: null, from: hoursAfter(4).toISOString() } })).toEqual([1, 0]);
    expect(await run({ query: { minimumTruth: null, until: hoursAfter(4).toISOString() } })).toEqual([3, 0]);
  });

  test('as of a moment, later records and reviews are left out, whatever became of them', async () => {
    const correction = calciumTotal(10);
    const { site, ids } = await stored([
      recordOf(
        ring,
        'revised',
        {},
        {
          reviews: [
            { reader: 'A', part: 'first', action: 'accept', correction: null, at: hoursAfter(1) },
            { reader: 'A', part: 'first', action: 'edit', correction, at: hoursAfter(3) },
            { reader: 'B', part: 'second', action: 'reject', correction: null, at: hoursAfter(4) },
          ],
        },
      ),
      recordOf(ring, 'later', { createdAt: hoursAfter(9) }),
    ]);
    const labels = async (hours: number) => {
      const job = await exports.requestExport({}, { site, asOf: hoursAfter(hours) });
      return (await exports.run(job)).rows.map(({ label }) => [label.decision, label.agreement]);
    };
    expect(ids).toHaveLength(2);
    expect(await labels(0)).toEqual([]);
    // Who had no reads then was given no split.
    expect(await database.db.prisma.splitAssignment.count({ where: { site } })).toBe(0);
    expect(await labels(2)).toEqual([['as-predicted', 1]]);
    expect(await labels(3)).toEqual([['corrected', 0.1]]);
    expect(await labels(4)).toEqual([]);
  });

  test('quality filters train and validation, and never test', async () => {
    const { site } = await stored([...patients(30), ...patients(30, { confidence: 0.9 })]);
    const job = await exports.requestExport({ query: { minimumQuality: 0.45 } }, { site });
    const { manifest, rows } = await exports.run(job);
    const poor = rows.filter(({ quality }) => quality.score < 0.45);
    expect(new Set(poor.map(({ split }) => split))).toEqual(new Set(['test']));
    expect(manifest.leftOut.quality).toBe(30 - poor.length);
    expect(rows.filter(({ split }) => split === 'test')).toHaveLength(2 * poor.length);
  });

  test('a correction is the label, and the prediction stays beside it', async () => {
    const correction = calciumTotal(10);
    const review = { reader: 'A', part: 'first', action: 'edit', correction, at: hoursAfter(1) } as const;
    const { site } = await stored([recordOf(ring, 'A', {}, { reviews: [review] })]);
    const { rows, texts } = await exports.run(await exports.requestExport({}, { site }));
    expect(rows[0]).toMatchObject({
      prediction: { agatston: 100 },
      label: { decision: 'corrected', source: 'review', level: 'single', agreement: 0.1, payload: { agatston: 10 } },
    });
    const [header, record] = texts['records.csv']!.split('\r\n');
    const at = header!.split(',').indexOf('label.agatston');
    expect(record!.split(',')[at]).toBe('10');
  });
});

describe('splits', () => {
  test('records of one patient stay together, over growing versions of one line', async () => {
    const first = patients(40);
    const { site } = await stored([...first, ...first]);
    const splitsOf = async () => {
      const { rows, manifest } = await exports.run(
        await exports.requestExport({ profile: 'limited-data-set' }, { site }),
      );
      const splits = new Map<string, Split>();
      for (const { patient, split } of rows) {
        expect(splits.get(patient!) ?? split).toBe(split);
        splits.set(patient!, split);
      }
      return { splits, manifest };
    };
    const one = await splitsOf();
    expect(one.manifest.splits).toEqual({
      train: { rows: 56, patients: 28, ratio: 0.7 },
      validation: { rows: 12, patients: 6, ratio: 0.15 },
      test: { rows: 12, patients: 6, ratio: 0.15 },
    });
    await storeRecords(
      database.db,
      ring,
      Array.from({ length: 40 }, (_, index) => recordOf(ring, `patient-${index + 20}`, { site })),
    );
    const two = await splitsOf();
    expect(two.splits.size).toBe(60);
    for (const [patient, split] of one.splits) expect(two.splits.get(patient)).toBe(split);
  });

  test('a person who got two splits before it was known is left out where the splits differ', async () => {
    const { site } = await stored(patients(20));
    const before = await exports.run(await exports.requestExport({ profile: 'limited-data-set' }, { site }));
    const patientOf = (split: Split) => before.rows.find(row => row.split === split)!.patient;
    expect(patientOf('train')).not.toBe(patientOf('test'));
    const assigned = await database.db.prisma.splitAssignment.findMany({ where: { site } });
    const [inTrain, inTest] = ['train', 'test'].map(split => assigned.find(row => row.split === split)!.patient);
    // A study that both are found in.
    await storeRecords(database.db, ring, [
      recordOf(ring, null, { site, patient: inTrain!, studyUid: '1.9.9' }),
      recordOf(ring, null, { site, patient: inTest!, studyUid: '1.9.9' }),
    ]);
    const { manifest } = await exports.run(await exports.requestExport({ profile: 'limited-data-set' }, { site }));
    expect(manifest.leftOut['split-conflict']).toBe(2);
    expect(manifest).toMatchObject({ rows: 20 });
    expect(manifest.warnings.join()).toContain('2 records were left out: their patient had two splits');
  });

  test('few patients and ratios that were missed are warned of', async () => {
    const { site } = await stored(patients(3));
    const { manifest } = await exports.run(await exports.requestExport({}, { site }));
    expect(manifest.warnings).toContain(
      'There are 3 patients; with fewer than 7 the splits cannot be near their ratios.',
    );
    expect(manifest.warnings.join()).toMatch(/The split \w+ has [\d.]+ % of the records instead of/);
  });
});

describe('what goes wrong', () => {
  test('an export that is stopped ends with the reason, stores no manifest and leaves no transaction open', async () => {
    const { site } = await stored(patients(500));
    const stop = new AbortController();
    const tools = await exports.tools({
      signal: stop.signal,
      onProgress: ({ doneRows }) => (doneRows >= 200 ? stop.abort(new Error('Cancelled by the test.')) : undefined),
    });
    await expect(runExport(await exports.requestExport({}, { site }), tools)).rejects.toThrow('Cancelled by the test.');
    expect(await readdir(tools.folder)).not.toContain('manifest.json');
    await expectNoTransaction();
  });

  test('a store that fails ends the export with its error, whichever file it is', async () => {
    const { site } = await stored(patients(500));
    for (const failing of ['records.jsonl', 'records.csv']) {
      const tools = await exports.tools();
      const writeFile: typeof tools.writeFile = async (name, content) => {
        if (name !== failing) return tools.writeFile(name, content);
        for await (const _ of content) throw new Error('The disk is full.');
        throw new Error('Nothing came.');
      };
      await expect(runExport(await exports.requestExport({}, { site }), { ...tools, writeFile })).rejects.toThrow(
        'The disk is full.',
      );
      await expectNoTransaction();
    }
  });

  test('a store that refuses a file at once ends the export, too', async () => {
    const { site } = await stored(patients(3));
    const writeFile = () => Promise.reject(new Error('The store is away.'));
    await expect(exports.run(await exports.requestExport({}, { site }), { writeFile })).rejects.toThrow(
      'The store is away.',
    );
    await expectNoTransaction();
  });

  test('a slow store is waited for', async () => {
    const { site } = await stored(patients(300));
    const tools = await exports.tools();
    let mostWaiting = 0;
    const writeFile: typeof tools.writeFile = (name, content) => {
      async function* slowly() {
        for await (const chunk of content) {
          if (name === 'records.jsonl') mostWaiting = Math.max(mostWaiting, (content as PassThrough).writableLength);
          await new Promise(resolve => setTimeout(resolve, 1));
          yield chunk;
        }
      }
      return tools.writeFile(name, Readable.from(slowly()));
    };
    const { manifest } = await runExport(await exports.requestExport({}, { site }), { ...tools, writeFile });
    expect(manifest.files[0]!.sizeBytes).toBeGreaterThan(300_000);
    // The buffer of a stream, and never the file.
    expect(mostWaiting).toBeLessThan(100_000);
  });

  test('a record that is erased, or whose consent is withdrawn, while it is exported is not released', async () => {
    for (const change of ['shredded_at = now()', "consent = 'refused'"]) {
      const { site, ids } = await stored(patients(3));
      const onProgress = async ({ doneRows }: { doneRows: number }) => {
        if (doneRows === 0) return;
        await database.owner.prisma.$executeRawUnsafe(`UPDATE prediction SET ${change} WHERE id = '${ids[0]}'`);
      };
      const tools = await exports.tools({ onProgress });
      const job = await exports.requestExport({}, { site });
      await expect(runExport(job, tools)).rejects.toMatchObject({ code: 'unavailable', canRetry: true });
      expect(await readdir(tools.folder)).not.toContain('manifest.json');
      expect((await exports.run(job)).manifest.rows).toBe(2);
    }
  });

  test('a moment in the future, and ids to be taken over by a limited data set, are refused', async () => {
    const future = await exports.requestExport({}, { asOf: new Date(Date.now() + 3_600_000) });
    await expect(exports.run(future)).rejects.toMatchObject({ code: 'invalid-request' });
    const earlier = await exports.requestExport();
    const limited = await exports.requestExport({ profile: 'limited-data-set', identifiersOf: earlier.id });
    await expect(exports.run(limited)).rejects.toMatchObject({ code: 'invalid-request' });
  });
});

async function expectNoTransaction(): Promise<void> {
  const rows = await database.db.prisma.$queryRaw<{ state: string }[]>`
    SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
  expect(rows).toEqual([]);
}
