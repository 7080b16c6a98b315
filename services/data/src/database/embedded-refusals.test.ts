import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { UserError } from '../user-error.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { query, temporaryFolder } from './embedded-processes.test-support.ts';
import { databaseProblem } from './errors.ts';

let root: string;
let removeRoot: () => Promise<void>;
let made: string;

beforeAll(async () => {
  ({ folder: root, remove: removeRoot } = await temporaryFolder());
  made = path.join(root, 'made');
  await (await startEmbeddedPostgres({ folder: made })).stop();
});
afterAll(() => removeRoot());

const refusal = async (folder: string, port?: number) => {
  const error = await startEmbeddedPostgres({ folder, port }).then(
    server => server.stop(),
    problem => problem,
  );
  if (!(error instanceof UserError)) throw error ?? new Error('It started.');
  return (error as UserError).message;
};

/** Writes another text into a file while `work` runs. */
async function withFile(file: string, text: string | undefined, work: () => Promise<void>): Promise<void> {
  const before = await readFile(file);
  if (text === undefined) await rm(file);
  else await writeFile(file, text);
  try {
    await work();
  } finally {
    await writeFile(file, before);
  }
}

test('a database of another major version of PostgreSQL is named with both versions', async () => {
  await withFile(path.join(made, 'data', 'PG_VERSION'), '15\n', async () => {
    expect(await refusal(made)).toMatch(
      /was made by PostgreSQL 15, and this program brings PostgreSQL 18, which cannot open it/,
    );
  });
});

test('a folder that holds something else is left alone', async () => {
  const folder = path.join(root, 'other');
  await mkdir(path.join(folder, 'data'), { recursive: true });
  await writeFile(path.join(folder, 'data', 'holiday.jpg'), 'x');
  await writeFile(path.join(folder, 'passwords.json'), await readFile(path.join(made, 'passwords.json')));
  expect(await refusal(folder)).toMatch(/other\/data is not a database of PostgreSQL/);
  expect(await readFile(path.join(folder, 'data', 'holiday.jpg'), 'utf8')).toBe('x');
});

test('lost, damaged and foreign passwords are told apart', async () => {
  const passwords = path.join(made, 'passwords.json');
  await withFile(passwords, undefined, async () =>
    expect(await refusal(made)).toMatch(/passwords\.json is missing, and without it/),
  );
  await withFile(passwords, '{"superuser":"', async () =>
    expect(await refusal(made)).toMatch(/passwords\.json is damaged/),
  );
  await withFile(passwords, '{"superuser":"it\'s"}', async () =>
    expect(await refusal(made)).toMatch(/passwords\.json is damaged/),
  );
  const foreign = JSON.stringify({ superuser: 'x'.repeat(32), owner: 'y'.repeat(32), application: 'z'.repeat(32) });
  await withFile(passwords, foreign, async () =>
    expect(await refusal(made)).toMatch(/passwords\.json does not fit the database beside it/),
  );
  await (await startEmbeddedPostgres({ folder: made })).stop();
});

test('a port that another program has is named', async () => {
  const other = net.createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as net.AddressInfo;
  expect(await refusal(made, port)).toContain(`Port ${port} is taken by another program`);
  other.close();
});

test('a folder below a file is refused', async () => {
  await writeFile(path.join(root, 'file'), '');
  expect(await refusal(path.join(root, 'file', 'db'))).toMatch(/is not a folder, or lies below a file/);
  expect(await refusal(path.join(root, 'file'))).toMatch(/is not a folder, or lies below a file/);
});

test('a damaged database says what PostgreSQL says', async () => {
  await withFile(path.join(made, 'data', 'global', 'pg_control'), 'x', async () => {
    expect(await refusal(made)).toMatch(/made does not start: PostgreSQL says: .*pg_control/);
  });
});

// Mounting needs root.
const asRoot = process.getuid?.() === 0 && process.platform === 'linux' ? test : test.skip;

async function mounted(options: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = path.join(root, 'mounted');
  await mkdir(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  try {
    await work(folder);
  } finally {
    // Lazily: a server that was refused may need a moment to end.
    execFileSync('umount', ['-l', folder]);
  }
}

asRoot('a full disk is named, while the database is made and when it starts', async () => {
  await mounted('size=8m', async folder => {
    expect(await refusal(path.join(folder, 'db'))).toMatch(/the disk is full\. Make room/);
  });
  await mounted('size=100m', async folder => {
    await (await startEmbeddedPostgres({ folder: path.join(folder, 'db') })).stop();
    execFileSync('sh', ['-c', `cat /dev/zero > ${folder}/filler 2>/dev/null || true`]);
    expect(await refusal(path.join(folder, 'db'))).toMatch(/the disk is full\. Make room/);
    await rm(path.join(folder, 'filler'));
    await (await startEmbeddedPostgres({ folder: path.join(folder, 'db') })).stop();
  });
});

asRoot('a disk that fills up while the server runs refuses rows and keeps those it has', async () => {
  await mounted('size=100m', async folder => {
    const server = await startEmbeddedPostgres({ folder: path.join(folder, 'db') });
    await query(server.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS value, 1::text AS text');
    execFileSync('sh', ['-c', `cat /dev/zero > ${folder}/filler 2>/dev/null || true`]);
    const filling = query(
      server.ownerUrl,
      `INSERT INTO kept SELECT g, repeat(g::text, 50) FROM generate_series(1, 10000) g`,
    );
    expect(await filling.then(() => 'none', databaseProblem)).toBe('disk-full');
    await rm(path.join(folder, 'filler'));
    expect(await query(server.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
    await server.stop();
  });
});

asRoot('a disk that is mounted read-only is named', async () => {
  await mounted('size=100m', async folder => {
    await (await startEmbeddedPostgres({ folder: path.join(folder, 'db') })).stop();
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    expect(await refusal(path.join(folder, 'db'))).toMatch(/mounted read-only/);
    expect(await refusal(path.join(folder, 'new'))).toMatch(/mounted read-only/);
  });
});
