import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { KeyError } from './errors.ts';
import { addMasterKey, addPseudonymKey, addSigningKey, createKeyFile, openKeyFile, openKeys } from './key-file.ts';
import {
  currentMasterKey,
  currentSigningKey,
  type KeyFileContent,
  masterKey,
  parseKeys,
  verificationKey,
} from './key-ring.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-keys-'));
  file = path.join(folder, 'keys.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function content(): Promise<KeyFileContent> {
  return JSON.parse(await readFile(file, 'utf8')) as KeyFileContent;
}

async function rewrite(change: (content: KeyFileContent) => void): Promise<void> {
  const changed = await content();
  change(changed);
  await writeFile(file, JSON.stringify(changed));
}

/** The sentence with which a changed key file is refused. */
async function refusal(change: (content: KeyFileContent) => void): Promise<string> {
  await createKeyFile(file);
  await rewrite(change);
  try {
    openKeyFile(file);
  } catch (error) {
    expect(error).toBeInstanceOf(KeyError);
    return (error as Error).message.replace(file, 'FILE');
  }
  return 'accepted';
}

test('a new key file has one random key of each kind and is readable by its owner only', async () => {
  expect(await createKeyFile(file)).toBe(true);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const ring = openKeyFile(file).keys();
  expect(ring.masterKeys.map(key => key.id)).toEqual(['m1']);
  expect(ring.pseudonymKeys.map(key => key.version)).toEqual([1]);
  expect(ring.signingKeys.map(key => key.id)).toEqual(['s1']);
  expect(currentMasterKey(ring).key.symmetricKeySize).toBe(32);
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('a key file that is there is never overwritten, also when ten make one at once', async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => createKeyFile(file)));
  expect(made.filter(Boolean)).toHaveLength(1);
  const before = await readFile(file, 'utf8');
  expect(await createKeyFile(file)).toBe(false);
  expect(await readFile(file, 'utf8')).toBe(before);
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('keys print as nothing', async () => {
  await createKeyFile(file);
  const ring = openKeyFile(file).keys();
  const printed = inspect(ring, { depth: 10, showHidden: true }) + JSON.stringify(ring);
  const { masterKeys, pseudonymKeys, signingKeys } = await content();
  for (const secret of [masterKeys[0]!.key, pseudonymKeys[0]!.key, signingKeys[0]!.privateKey!]) {
    expect(printed).not.toContain(secret);
    expect(printed).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
  }
});

test.each([0o640, 0o604, 0o660, 0o644, 0o601])('a file that others may use is refused (mode %o)', async mode => {
  await createKeyFile(file);
  await chmod(file, mode);
  expect(() => openKeyFile(file)).toThrow(
    `The key file ${file} is open to other users (mode ${mode.toString(8)}). Run: chmod 600 ${file}`,
  );
});

test('a missing file and a folder are named', () => {
  expect(() => openKeyFile(file)).toThrow(`The key file ${file} is missing.`);
  expect(() => openKeyFile(folder)).toThrow(`The key file ${folder} cannot be read (EISDIR).`);
});

const zeros = Buffer.alloc(32).toString('base64url');

test.each<[string, (content: KeyFileContent) => void, string]>([
  ['all zeros', c => c.masterKeys.push({ id: 'm2', key: zeros }), 'masterKeys[1].key is one byte repeated'],
  ['too short', c => (c.masterKeys[0]!.key = 'c2hvcnQ'), 'masterKeys[0].key is 5 bytes long, it must be 32'],
  ['too long', c => (c.pseudonymKeys[0]!.key += 'AAAA'), 'pseudonymKeys[0].key is 35 bytes long, it must be 32'],
  ['not base64url', c => (c.masterKeys[0]!.key = 'a+b/c='), 'masterKeys[0].key is not base64url'],
  [
    'the same key twice',
    c => (c.pseudonymKeys[0]!.key = c.masterKeys[0]!.key),
    'pseudonymKeys[0].key is the same key as masterKeys[0].key; each must be random',
  ],
  [
    'the same id twice',
    c => c.masterKeys.push({ id: 'm1', key: c.masterKeys[0]!.key }),
    'masterKeys holds the id m1 twice',
  ],
  ['no master key', c => (c.masterKeys = []), 'masterKeys: must hold at least one key'],
  ['a gap in the versions', c => (c.pseudonymKeys[0]!.version = 2), 'pseudonymKeys[0].version is 2, it must be 1'],
  ['an id with a colon', c => (c.masterKeys[0]!.id = 'm:1'), 'masterKeys[0].id: must be an id such as m1'],
  [
    'a public key of another private key',
    c => (c.signingKeys[0]!.publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!),
    'signingKeys[0].publicKey is not the public key of its privateKey',
  ],
  [
    'no private key to sign with',
    c => delete c.signingKeys[0]!.privateKey,
    'the last of signingKeys has no privateKey',
  ],
  ['something unknown', c => Object.assign(c, { masterkeys: [] }), 'Unrecognized key: "masterkeys"'],
])('%s is refused in a sentence', async (_name, change, sentence) => {
  const message = await refusal(change);
  expect(message).toContain('The key file FILE: ');
  expect(message).toContain(sentence);
  for (const list of Object.values(await content())) {
    for (const key of list) {
      for (const value of Object.values(key)) {
        if (typeof value === 'string' && value.length > 20) expect(message).not.toContain(value);
      }
    }
  }
});

test('a text that is not JSON is refused without quoting it', () => {
  expect(() => parseKeys('{"masterKeys": [secret', 'KEYS_JSON')).toThrow(/^KEYS_JSON is not valid JSON\./);
  expect(() => parseKeys('{"masterKeys": [secret', 'KEYS_JSON')).not.toThrow(/secret/);
});

test('keys come from a file or from a variable, never from both', async () => {
  await createKeyFile(file);
  const text = await readFile(file, 'utf8');
  expect(
    currentMasterKey(openKeys({ KEYS_JSON: text }).keys()).key.equals(
      currentMasterKey(openKeys({ KEYS_FILE: file }).keys()).key,
    ),
  ).toBe(true);
  expect(() => openKeys({ KEYS_FILE: file, KEYS_JSON: text })).toThrow('KEYS_FILE and KEYS_JSON are both set');
  expect(() => openKeys({})).toThrow('No keys: set KEYS_FILE');
});

test('added keys are current, and all older ones stay as they are', async () => {
  await createKeyFile(file);
  const before = await content();
  const signature = sign(null, Buffer.from('head'), currentSigningKey(openKeyFile(file).keys()).privateKey);
  expect(await addMasterKey(file)).toBe('m2');
  expect(await addPseudonymKey(file)).toBe(2);
  expect(await addSigningKey(file)).toBe('s2');
  expect(await addMasterKey(file)).toBe('m3');

  const after = await content();
  expect(after.masterKeys.slice(0, 1)).toEqual(before.masterKeys);
  expect(after.pseudonymKeys.slice(0, 1)).toEqual(before.pseudonymKeys);
  expect(after.signingKeys.slice(0, 1)).toEqual(before.signingKeys);
  const ring = openKeyFile(file).keys();
  expect(currentMasterKey(ring).id).toBe('m3');
  expect(currentSigningKey(ring).id).toBe('s2');
  expect(verify(null, Buffer.from('head'), verificationKey(ring, 's1'), signature)).toBe(true);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('an id that was removed by hand is not given again', async () => {
  await createKeyFile(file);
  await addMasterKey(file);
  await rewrite(c => c.masterKeys.shift());
  expect(await addMasterKey(file)).toBe('m3');
});

test('changes at the same time do not lose each other', async () => {
  await createKeyFile(file);
  const ids: string[] = [];
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => addMasterKey(file)));
  for (const attempt of attempts) {
    if (attempt.status === 'fulfilled') ids.push(attempt.value);
    else expect(attempt.reason).toBeInstanceOf(KeyError);
  }
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  expect((await content()).masterKeys.map(key => key.id)).toEqual(['m1', ...ids.sort()]);
});

test('a change that was interrupted is named with what to do, and the file stays', async () => {
  await createKeyFile(file);
  const before = await readFile(file, 'utf8');
  await writeFile(`${file}.new`, 'half of a ke');
  await expect(addMasterKey(file)).rejects.toThrow(
    `${file}.new is there: another change of the keys is under way. If none is, remove it`,
  );
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('a malformed file is not added to', async () => {
  await createKeyFile(file);
  await writeFile(file, '{}');
  await expect(addMasterKey(file)).rejects.toThrow('masterKeys');
  expect(await readdir(folder)).toEqual(['keys.json']);
});

test('a running process uses rotated keys at once', async () => {
  await createKeyFile(file);
  const provider = openKeyFile(file);
  const first = provider.keys();
  expect(provider.keys()).toBe(first);
  await addMasterKey(file);
  expect(currentMasterKey(provider.keys()).id).toBe('m2');
  expect(masterKey(provider.keys(), 'm1').key.equals(masterKey(first, 'm1').key)).toBe(true);
});

test('a changed file that cannot be used leaves the keys as they were and says so until it is repaired', async () => {
  await createKeyFile(file);
  const good = await readFile(file, 'utf8');
  const provider = openKeyFile(file);
  const first = provider.keys();

  await writeFile(file, good.slice(0, 100));
  expect(provider.keys()).toBe(first);
  expect(provider.problem()).toContain('is not valid JSON');
  expect(provider.problem()).toContain('The keys read before are still in use.');
  await expect(provider.reload()).rejects.toThrow(KeyError);
  expect(provider.keys()).toBe(first);

  await rm(file);
  expect(provider.keys()).toBe(first);
  expect(provider.problem()).toContain('is missing');

  await writeFile(file, good, { mode: 0o600 });
  expect(currentMasterKey(provider.keys()).key.equals(currentMasterKey(first).key)).toBe(true);
  expect(provider.problem()).toBeNull();
});

test('a file put back as it was is seen as repaired', async () => {
  await createKeyFile(file);
  const provider = openKeyFile(file);
  await chmod(file, 0o644);
  provider.keys();
  expect(provider.problem()).toContain('chmod 600');
  await chmod(file, 0o600);
  await utimes(file, new Date(), new Date());
  provider.keys();
  expect(provider.problem()).toBeNull();
});

test('a process killed while it changes the keys leaves a whole file', async () => {
  await createKeyFile(file);
  const script = `
    const { addMasterKey } = await import(${JSON.stringify(path.join(import.meta.dirname, 'key-file.ts'))});
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(process.argv[1]));
    for (;;) await addMasterKey(process.argv[2]);`;
  for (const delayMs of [3, 10, 17]) {
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, String(delayMs), file]);
    expect(child.signal).toBe('SIGKILL');
    const ids = openKeyFile(file)
      .keys()
      .masterKeys.map(key => key.id);
    expect(ids).toEqual(ids.map((_id, index) => `m${index + 1}`));
    await rm(`${file}.new`, { force: true });
  }
});
