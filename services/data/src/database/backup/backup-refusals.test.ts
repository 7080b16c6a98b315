import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../user-error.ts';
import { type TestDatabase, testDatabase } from '../database.test-support.ts';
import { allRows, folderObjects, plantRows } from './backup.test-support.ts';
import { backup } from './backup.ts';
import { objectFile } from './backup-manifest.ts';
import { restore } from './restore.ts';

let source: TestDatabase;
let target: TestDatabase;
let root: string;
let good: string;
let objects: ReturnType<typeof folderObjects>;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'voxelwise-backup-'));
  [source, target] = await Promise.all([testDatabase(), testDatabase()]);
  objects = folderObjects(path.join(root, 'store'));
  await objects.put('a', randomBytes(1000));
  await plantRows(source.db, { storageKeys: ['a'] });
  good = path.join(root, 'good');
  await backup({ ownerUrl: source.ownerUrl, folder: good, objectStore: objects });
});
afterAll(async () => {
  await Promise.all([source.drop(), target.drop()]);
  await rm(root, { recursive: true });
});

let count = 0;
const newFolder = () => path.join(root, `folder${++count}`);

/** The sentence of a refused restore, after which the database must be as empty as before and no object written. */
async function refusal(folder: string): Promise<string> {
  const into = path.join(newFolder(), 'objects');
  const store = folderObjects(into);
  await mkdir(into, { recursive: true });
  const problem = await restore({ ownerUrl: target.ownerUrl, folder, objectStore: store }).catch(error => error);
  if (!(problem instanceof UserError)) throw problem;
  expect(Object.values(await allRows(target.owner)).flat()).toEqual([]);
  expect(await readdir(into)).toEqual([]);
  return problem.message;
}

async function damagedCopy(damage: (folder: string) => Promise<void>): Promise<string> {
  const folder = newFolder();
  await cp(good, folder, { recursive: true });
  await damage(folder);
  return folder;
}

const FILES = [
  'manifest.json',
  'objects.jsonl',
  objectFile('a'),
  'tables/audit_event.copy',
  'tables/data_key.copy',
  'tables/prediction.copy',
];

test.each(FILES)('a flipped bit anywhere in %s is found before anything is written', async name => {
  const { length } = await readFile(path.join(good, name));
  for (const at of [0, Math.floor(length / 2), length - 1]) {
    const folder = await damagedCopy(async copy => {
      const bytes = await readFile(path.join(copy, name));
      bytes[at] = (bytes[at] as number) ^ 1;
      await writeFile(path.join(copy, name), bytes);
    });
    expect(await refusal(folder)).toMatch(
      new RegExp(`^The file ${name} of the backup is damaged: its SHA-256 is not the one`),
    );
  }
});

test.each([...FILES, 'manifest.json.sha256'])('a missing %s is found', async name => {
  const folder = await damagedCopy(copy => rm(path.join(copy, name)));
  const sentence = name.startsWith('manifest') ? `it has no ${name}` : `The file ${name} of the backup is missing`;
  expect(await refusal(folder)).toContain(sentence);
});

test('a file that ends early is found', async () => {
  const folder = await damagedCopy(copy => truncate(path.join(copy, 'tables/audit_event.copy'), 10));
  expect(await refusal(folder)).toMatch(/The file tables\/audit_event\.copy of the backup has 10 bytes instead of \d+/);
});

test('a folder that is no backup is refused', async () => {
  expect(await refusal(path.join(root, 'nowhere'))).toMatch(
    /nowhere is not a backup, or one that was not finished: it has no manifest\.json/,
  );
});

test('a backup of another schema version is refused, both versions named', async () => {
  const { rows } = await target.owner.pool.query(
    `UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations) RETURNING migration_name AS name`,
  );
  const name = rows[0].name;
  expect(await refusal(good)).toMatch(
    new RegExp(
      `The backup has the schema ${name} and the database ${name}.* with the program that made the backup \\(0\\.1\\.0\\)`,
    ),
  );
  await target.owner.pool.query(
    'UPDATE _prisma_migrations SET checksum = (SELECT checksum FROM _prisma_migrations LIMIT 1) WHERE false',
  );
  await target.owner.pool.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('n', 'x', '29990101000000_newer', now())`,
  );
  expect(await refusal(good)).toMatch(/and the database 29990101000000_newer/);
  // Back to what it was.
  await target.drop();
  target = await testDatabase();
});

test('a database with a single row, in whichever table, is refused and left as it is', async () => {
  const id = crypto.randomUUID();
  await target.owner.pool.query(
    `INSERT INTO audit_tree_head (size, root, at, tree_id, cluster, horizon, ceiling, key_id, signature)
     VALUES (1, '\\x00', now(), $1::uuid, '7', 1, 2, $1::text, '\\x00')`,
    [id],
  );
  const before = await allRows(target.owner);
  await expect(restore({ ownerUrl: target.ownerUrl, folder: good, objectStore: objects })).rejects.toThrow(
    'The database is not empty: the table audit_tree_head has rows. Restore into a new, migrated database. Nothing was restored.',
  );
  expect(await allRows(target.owner)).toEqual(before);
  await target.owner.pool.query('TRUNCATE audit_tree_head');
});

test('a backup with objects needs an object store', async () => {
  await expect(restore({ ownerUrl: target.ownerUrl, folder: good })).rejects.toThrow(
    /no object store to write them into is given/,
  );
});

test('the application role cannot restore', async () => {
  await expect(restore({ ownerUrl: target.appUrl, folder: good, objectStore: objects })).rejects.toThrow(
    'MIGRATION_DATABASE_URL is not the role that owns the tables. Nothing was restored.',
  );
});

test('a connection that is lost while restoring leaves an empty database', async () => {
  const putStream = async (_key: string, content: NodeJS.ReadableStream) => {
    content.resume();
    await target.owner.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'voxelwise-data restore' AND datname = current_database()`,
    );
  };
  const restoring = restore({ ownerUrl: target.ownerUrl, folder: good, objectStore: { ...objects, putStream } });
  await expect(restoring).rejects.toThrow('The connection to the database was lost. Nothing was restored.');
  expect(Object.values(await allRows(target.owner)).flat()).toEqual([]);
});

test('a folder that is taken is left alone', async () => {
  const folder = newFolder();
  await mkdir(folder);
  await writeFile(path.join(folder, 'holiday.jpg'), '');
  await expect(backup({ ownerUrl: source.ownerUrl, folder })).rejects.toThrow(
    /is not empty\. Choose a new folder for the backup/,
  );
  expect(await readdir(folder)).toEqual(['holiday.jpg']);
  await expect(backup({ ownerUrl: source.ownerUrl, folder: path.join(folder, 'holiday.jpg', 'x') })).rejects.toThrow(
    /is not a folder, or lies below a file/,
  );
});

test('a backup that was killed is not taken for one, and is no hindrance to the next', async () => {
  const folder = newFolder();
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'hanging-backup.test-support.ts'), source.ownerUrl, folder],
    { stdio: 'inherit' },
  );
  const ended = new Promise(resolve => child.on('exit', resolve));
  const begun = path.join(`${folder}.unfinished`, objectFile('endless'));
  while (!existsSync(begun)) await sleep(20);
  await expect(backup({ ownerUrl: source.ownerUrl, folder })).rejects.toThrow(/Another backup into .* is going on/);
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(folder)).toBe(false);
  expect(await refusal(`${folder}.unfinished`)).toMatch(/is not a backup, or one that was not finished/);
  await backup({ ownerUrl: source.ownerUrl, folder, objectStore: objects });
  expect(existsSync(`${folder}.unfinished`)).toBe(false);
  expect((await readdir(folder)).sort()).toEqual((await readdir(good)).sort());
});

// Mounting needs root.
const asRoot = process.getuid?.() === 0 && process.platform === 'linux' ? test : test.skip;

asRoot('a full disk is named, and nothing of the backup is left on it', async () => {
  await source.db.pool.query(
    `INSERT INTO split_assignment (site, line, patient, split, assigned_in) SELECT 'x', 'y', g, 'train', gen_random_uuid() FROM generate_series(1, 40000) g`,
  );
  const disk = newFolder();
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  try {
    const folder = path.join(disk, 'backup');
    await expect(backup({ ownerUrl: source.ownerUrl, folder })).rejects.toThrow(
      /backup cannot be written: the disk is full/,
    );
    expect(await readdir(disk)).toEqual([]);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
});
