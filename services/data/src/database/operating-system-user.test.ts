import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { databaseProcess, query, temporaryFolder } from './embedded-processes.test-support.ts';

// These tests become other users.
const asRoot = process.getuid?.() === 0 && process.platform === 'linux' ? test : test.skip;

const SETPRIV = '/usr/bin/setpriv';
const DAC_READ_SEARCH = 1 << 2;

let root: string;
let removeRoot: () => Promise<void>;
let nobody: { uid: number; gid: number };

beforeAll(async () => {
  ({ folder: root, remove: removeRoot } = await temporaryFolder());
  await chmod(root, 0o755);
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody']).toString());
  nobody = { uid: id('-u'), gid: id('-g') };
});
afterAll(() => removeRoot());

async function folderNamed(name: string, { mode = 0o700, owner = { uid: 0, gid: 0 } } = {}): Promise<string> {
  const folder = path.join(root, name);
  await mkdir(folder);
  await chown(folder, owner.uid, owner.gid);
  await chmod(folder, mode);
  return folder;
}

/** Numbers of the running server as Linux has them. */
async function serverProcess(folder: string): Promise<{ uid: number; capabilities: number; groups: string }> {
  const pid = (await readFile(path.join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0];
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const line = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '';
  return {
    uid: Number(line('Uid').split('\t')[0]),
    capabilities: Number.parseInt(line('CapEff'), 16),
    groups: line('Groups').trim(),
  };
}

/** The way to run our own program as a plain user, also where the repository lies in a private folder. */
const asNobody = () => [
  SETPRIV,
  `--reuid=${nobody.uid}`,
  `--regid=${nobody.gid}`,
  '--clear-groups',
  '--inh-caps=+dac_read_search',
  '--ambient-caps=+dac_read_search',
];

asRoot(
  'root below a folder that only root may enter: the server runs as another user, who may enter and nothing else',
  async () => {
    const folder = path.join(await folderNamed('private'), 'a', 'db');
    const server = await startEmbeddedPostgres({ folder });
    const running = await serverProcess(folder);
    expect(running.uid).not.toBe(0);
    expect(running.capabilities).toBe(DAC_READ_SEARCH);
    expect(running.groups).toBe('');
    expect((await stat(path.join(folder, 'data'))).uid).toBe(running.uid);
    expect((await stat(path.join(folder, 'passwords.json'))).uid).toBe(0);
    expect(await query(server.appUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  },
);

asRoot('a data folder that root copied or restored is given to the server again', async () => {
  const folder = path.join(await folderNamed('restored'), 'db');
  await (await startEmbeddedPostgres({ folder })).stop();
  execFileSync('chown', ['-R', '0:0', folder]);
  const server = await startEmbeddedPostgres({ folder });
  expect((await serverProcess(folder)).uid).not.toBe(0);
  await server.stop();
});

asRoot(
  'a plain user runs the server as itself; root then runs it as that user, who can use it again afterwards',
  async () => {
    const parent = await folderNamed('plain', { owner: nobody });
    const folder = path.join(parent, 'db');
    const first = await databaseProcess(folder, { prefix: asNobody() });
    expect(first.sentence).toBeUndefined();
    expect((await serverProcess(folder)).uid).toBe(nobody.uid);
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS value');
    await first.stop();

    const asRootUser = await startEmbeddedPostgres({ folder });
    expect((await serverProcess(folder)).uid).toBe(nobody.uid);
    expect(await query(asRootUser.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
    await asRootUser.stop();

    const again = await databaseProcess(folder, { prefix: asNobody() });
    expect(again.sentence).toBeUndefined();
    expect(await query(again.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
    await again.stop();
  },
);

asRoot('what root makes in the folder of a plain user can be used by that user afterwards', async () => {
  const folder = path.join(await folderNamed('of-nobody', { owner: nobody }), 'db');
  await mkdir(folder);
  await chown(folder, nobody.uid, nobody.gid);
  const made = await startEmbeddedPostgres({ folder });
  await query(made.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS value');
  await made.stop();
  const used = await databaseProcess(folder, { prefix: asNobody() });
  expect(used.sentence).toBeUndefined();
  expect(await query(used.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  await used.stop();
});

asRoot('a plain user in a folder of another is told so', async () => {
  const foreign = await folderNamed('foreign', { mode: 0o755 });
  const { sentence } = await databaseProcess(path.join(foreign, 'db'), { prefix: asNobody() });
  expect(sentence).toMatch(/foreign\/db cannot be read or written by this user/);
  const used = await folderNamed('used', { mode: 0o755 });
  await (await startEmbeddedPostgres({ folder: used })).stop();
  expect((await databaseProcess(used, { prefix: asNobody() })).sentence).toMatch(
    /used cannot be read or written by this user/,
  );
});

asRoot('root without the capability, as in many containers, is told what to do', async () => {
  const prefix = [SETPRIV, '--bounding-set=-dac_read_search'];
  const folder = path.join(await folderNamed('no-capability'), 'db');
  const { sentence } = await databaseProcess(folder, { prefix });
  expect(sentence).toMatch(
    /PostgreSQL does not run as root, and the user it would run as may not enter .*no-capability\. Start as a plain user, choose another folder/,
  );
});
