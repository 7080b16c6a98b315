import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '../database.test-support.ts';
import { allRows, folderObjects, plantRows } from './backup.test-support.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

const STORED = ['a', '../../outside', `long${'x'.repeat(100)}`, 'Ångström/放射線'];
const EXPORTED = ['export'];

let source: TestDatabase;
let target: TestDatabase;
let root: string;
let objects: ReturnType<typeof folderObjects>;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'voxelwise-backup-'));
  [source, target] = await Promise.all([testDatabase(), testDatabase()]);
  objects = folderObjects(path.join(root, 'store'));
  for (const key of [...STORED, ...EXPORTED]) await objects.put(key, randomBytes(100_000));
  await plantRows(source.db, { storageKeys: STORED, exportKeys: EXPORTED });
});
afterEach(async () => {
  await Promise.all([source.drop(), target.drop()]);
  await rm(root, { recursive: true });
});

const folder = () => path.join(root, 'backups', 'one');

test('every row of every table, every object and the sequences come back', async () => {
  const manifest = await backup({ ownerUrl: source.ownerUrl, folder: folder(), objectStore: objects });
  expect(manifest.tables.length).toBe(13);
  for (const table of manifest.tables) expect([table.name, table.rows > 0]).toEqual([table.name, true]);
  expect(manifest.objects?.count).toBe(5);

  const store = folderObjects(path.join(root, 'restored'));
  await store.put('in the way', Buffer.alloc(1));
  const report = await restore({ ownerUrl: target.ownerUrl, folder: folder(), objectStore: store });
  expect(report.rows).toEqual(Object.fromEntries(manifest.tables.map(table => [table.name, table.rows])));
  expect(report.objects).toBe(5);
  for (const key of [...STORED, ...EXPORTED]) expect(await store.get(key)).toEqual(await objects.get(key));

  // An export that was not finished has lost its job; all else is as it was.
  expect(report.cancelledExports).toBe(2);
  const [before, after] = [await allRows(source.owner), await allRows(target.owner)];
  expect(after.export?.filter(row => row.includes('"cancelled"'))).toHaveLength(2);
  expect({ ...after, export: [] }).toEqual({ ...before, export: [] });

  // The next event goes on where the last one was, and is not taken for older than it is.
  const next = async (database: TestDatabase) =>
    (
      await database.db.prisma.auditEvent.create({
        data: { id: crypto.randomUUID(), at: new Date(), type: 'read', outcome: 0, event: '{}' },
      })
    ).seq;
  expect(await next(target)).toBe(await next(source));
  const { rows } = await target.owner.pool.query(
    'SELECT bool_and(transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS past FROM audit_event',
  );
  expect(rows).toEqual([{ past: true }]);
});

test('the backup of a restored database has the same bytes', async () => {
  const first = await backup({ ownerUrl: source.ownerUrl, folder: folder() });
  await restore({ ownerUrl: target.ownerUrl, folder: folder() });
  const second = await backup({ ownerUrl: target.ownerUrl, folder: path.join(root, 'two') });
  const digests = (tables: typeof first.tables) =>
    tables.filter(table => table.name !== 'export').map(table => [table.name, table.sha256]);
  expect(digests(second.tables)).toEqual(digests(first.tables));
  expect(second.sequences).toEqual(first.sequences);
  expect(second.migrations).toEqual(first.migrations);
});

test('rows without an object and objects without a row are told, when backing up and when restoring', async () => {
  await objects.put('object-without-row', randomBytes(10));
  const manifest = await backup({ ownerUrl: source.ownerUrl, folder: folder(), objectStore: objects });
  const expected = {
    rowsWithoutObject: ['export-without-object', 'row-without-object'],
    objectsWithoutRow: ['object-without-row'],
  };
  expect(manifest.orphans).toEqual(expected);
  const store = folderObjects(path.join(root, 'restored'));
  await store.put('older', Buffer.alloc(1));
  const report = await restore({ ownerUrl: target.ownerUrl, folder: folder(), objectStore: store });
  expect(report.orphans).toEqual({ ...expected, objectsWithoutRow: ['object-without-row', 'older'] });
});

test('the manifest says what is needed besides and what is not in it; files are for their owner only', async () => {
  const manifest = await backup({ ownerUrl: source.ownerUrl, folder: folder(), objectStore: objects });
  expect(manifest.masterKeyIds).toEqual(['m1']);
  expect(manifest.notes.join(' ')).toMatch(/No master key, .* is in this backup/);
  expect(JSON.parse(await readFile(path.join(folder(), 'manifest.json'), 'utf8'))).toEqual(manifest);
  for (const entry of await readdir(folder(), { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(path.join(entry.parentPath, entry.name));
    expect([entry.name, mode & 0o077]).toEqual([entry.name, 0]);
  }
  expect(await readdir(path.dirname(folder()))).toEqual(['one']);
});

test('it is of one moment, whatever is written meanwhile', async () => {
  // Holds the backup up at the table of reviews, and writes before letting it go on.
  const writer = await source.owner.pool.connect();
  await writer.query('BEGIN; LOCK TABLE review IN ACCESS EXCLUSIVE MODE');
  const running = backup({ ownerUrl: source.ownerUrl, folder: folder() });
  await waitingForLock(source);
  await writer.query(`INSERT INTO prediction (id, site, kind, produced_at, created_by, record_sha256, algorithm_name, algorithm_version, quality_reasons)
    SELECT gen_random_uuid(), site, kind, produced_at, created_by, record_sha256, 'late', algorithm_version, quality_reasons FROM prediction LIMIT 1`);
  await writer.query(`INSERT INTO review (id, prediction_id, site, reader, part, action, content_digest)
    SELECT gen_random_uuid(), p.id, r.site, r.reader, r.part, r.action, 'late' FROM prediction p, review r WHERE p.algorithm_name = 'late' LIMIT 1`);
  await writer.query('COMMIT');
  writer.release();
  await running;
  const report = await restore({ ownerUrl: target.ownerUrl, folder: folder() });
  expect(report.rows).toMatchObject({ prediction: 3, review: 3 });
  expect(await source.db.prisma.review.count()).toBe(4);
});

test('an object that is deleted while it is backed up is told, and no failure', async () => {
  const getStream = async (key: string) => (key === 'a' ? undefined : objects.getStream(key));
  const manifest = await backup({
    ownerUrl: source.ownerUrl,
    folder: folder(),
    objectStore: { ...objects, getStream },
  });
  expect(manifest.orphans?.rowsWithoutObject).toContain('a');
  expect(manifest.objects?.count).toBe(4);
});

test('an object store that fails fails the backup, and nothing is left of it', async () => {
  const getStream = async () =>
    Readable.from(
      (async function* () {
        yield Buffer.alloc(10);
        throw new Error('socket hang up');
      })(),
    );
  const failing = backup({ ownerUrl: source.ownerUrl, folder: folder(), objectStore: { ...objects, getStream } });
  await expect(failing).rejects.toThrow('The backup failed, and nothing of it was kept: socket hang up');
  expect(await readdir(path.dirname(folder()))).toEqual([]);
});

test('a connection that is lost meanwhile is told, and nothing is left', async () => {
  const writer = await source.owner.pool.connect();
  await writer.query('BEGIN; LOCK TABLE review IN ACCESS EXCLUSIVE MODE');
  const running = backup({ ownerUrl: source.ownerUrl, folder: folder() });
  running.catch(() => {});
  await waitingForLock(source);
  await source.owner.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'voxelwise-data backup' AND datname = current_database()`,
  );
  await expect(running).rejects.toThrow('The connection to the database was lost. Nothing of the backup was kept.');
  await writer.query('ROLLBACK');
  writer.release();
  expect(await readdir(path.dirname(folder()))).toEqual([]);
});

async function waitingForLock(database: TestDatabase): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'voxelwise-data backup' AND wait_event_type = 'Lock' AND datname = current_database()`;
  while ((await database.owner.pool.query(waiting)).rows.length === 0) await sleep(10);
}
