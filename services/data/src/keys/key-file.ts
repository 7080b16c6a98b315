import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type BigIntStats, closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { link, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Configuration } from '../configuration.ts';
import { syncFolder } from '../sync-folder.ts';
import { KeyError } from './errors.ts';
import { KEY_BYTES, type KeyFileContent, type KeyProvider, type KeyRing, parseKeys } from './key-ring.ts';

/**
 * The keys that the environment names: `KEYS_FILE`, the path of a key file, or `KEYS_JSON`, its text.
 * @throws KeyError where both or none is set, or the keys cannot be used.
 */
export function openKeys(environment: { KEYS_FILE?: string; KEYS_JSON?: string }): KeyProvider {
  const { KEYS_FILE: file, KEYS_JSON: text } = environment;
  if (file && text) throw new KeyError('KEYS_FILE and KEYS_JSON are both set; set one of them.');
  if (file) return openKeyFile(file);
  if (!text) throw new KeyError('No keys: set KEYS_FILE to the path of a key file, or KEYS_JSON to its text.');
  const { ring } = parseKeys(text, 'KEYS_JSON');
  return { keys: () => ring, reload: async () => ring, problem: () => null };
}

/** The keys that the configuration names. @throws KeyError as {@link openKeys} */
export function configuredKeys({ keysFile, keysJson }: Pick<Configuration, 'keysFile' | 'keysJson'>): KeyProvider {
  return openKeys({ ...(keysFile && { KEYS_FILE: keysFile }), ...(keysJson && { KEYS_JSON: keysJson }) });
}

/**
 * The keys in a file. It is looked at on every use and read again once it changed, so that rotated keys are used without a
 * restart. A changed file that cannot be used leaves the keys as they were, and `problem()` tells why.
 * @throws KeyError where the file is missing, open to others, or malformed.
 */
export function openKeyFile(file: string): KeyProvider {
  let { ring, version } = readKeyFile(file);
  let problem: string | null = null;
  /** The version that was looked at last: what could not be used is not read over and over. */
  let seen: string | null = version;

  return {
    keys() {
      const found = versionNow(file);
      if (found === seen) return ring;
      seen = found;
      try {
        if (found !== version) ({ ring, version } = readKeyFile(file));
        problem = null;
      } catch (error) {
        problem = `${(error as Error).message} The keys read before are still in use.`;
      }
      return ring;
    },
    async reload() {
      ({ ring, version } = readKeyFile(file));
      seen = version;
      problem = null;
      return ring;
    },
    problem: () => problem,
  };
}

/**
 * Makes a key file with new random keys, readable by its owner only. It is there as a whole or not at all, also after a power
 * cut, and a file that is there already is never touched.
 * @returns false where the file is already there.
 */
export async function createKeyFile(file: string): Promise<boolean> {
  const content: KeyFileContent = {
    masterKeys: [{ id: 'm1', key: newSecret() }],
    pseudonymKeys: [{ version: 1, key: newSecret() }],
    signingKeys: [{ id: 's1', ...newSigningKey() }],
  };
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeSecretFile(part, content);
    // Unlike a rename, a link never replaces anything.
    await link(part, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(part, { force: true });
  }
  await syncFolder(path.dirname(file));
  return true;
}

/** Adds a master key, which is the current one from then on. Returns its id. Data keys are then to be wrapped anew. */
export async function addMasterKey(file: string): Promise<string> {
  return await changeKeyFile(file, content => {
    const id = nextId('m', content.masterKeys);
    content.masterKeys.push({ id, key: newSecret() });
    return id;
  });
}

/** Adds a pseudonym key, the newest from then on. Returns its version. Stored pseudonyms are then to be advanced. */
export async function addPseudonymKey(file: string): Promise<number> {
  return await changeKeyFile(file, content => {
    const version = content.pseudonymKeys.length + 1;
    content.pseudonymKeys.push({ version, key: newSecret() });
    return version;
  });
}

/** Adds an audit signing key, which signs from then on. Returns its id. The older ones stay, to verify what they signed. */
export async function addSigningKey(file: string): Promise<string> {
  return await changeKeyFile(file, content => {
    const id = nextId('s', content.signingKeys);
    content.signingKeys.push({ id, ...newSigningKey() });
    return id;
  });
}

/** Replaces the key file as a whole; everything that was in it stays in it. One at a time. */
async function changeKeyFile<Result>(file: string, add: (content: KeyFileContent) => Result): Promise<Result> {
  const target = await realpath(file).catch(() => file);
  const next = `${target}.new`;
  // The unfinished file is also the lock: whoever creates it may change the keys.
  const handle = await open(next, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new KeyError(
      `${next} is there: another change of the keys is under way. If none is, remove it and try again.`,
    );
  });
  let renamed = false;
  try {
    const { content, owner } = readKeyFile(target);
    const result = add(content);
    const text = keyFileText(content);
    parseKeys(text, target);
    await handle.writeFile(text);
    // A rotation run as root leaves the file to the user that the service runs as.
    if (process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
    await rename(next, target);
    renamed = true;
    await syncFolder(path.dirname(target));
    return result;
  } catch (error) {
    // After the rename there is none, or that of somebody else.
    if (!renamed) await rm(next, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

interface ReadKeyFile {
  content: KeyFileContent;
  ring: KeyRing;
  version: string;
  owner: { uid: number; gid: number };
}

function readKeyFile(file: string): ReadKeyFile {
  let text: string;
  let stats: BigIntStats;
  try {
    const handle = openSync(file, 'r');
    try {
      stats = fstatSync(handle, { bigint: true });
      text = readFileSync(handle, 'utf8');
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new KeyError(`The key file ${file} is missing.`);
    throw new KeyError(`The key file ${file} cannot be read (${code}).`);
  }
  // Windows has no such bits.
  if (process.platform !== 'win32' && (stats.mode & 0o077n) !== 0n) {
    const mode = (stats.mode & 0o777n).toString(8);
    throw new KeyError(`The key file ${file} is open to other users (mode ${mode}). Run: chmod 600 ${file}`);
  }
  const { content, ring } = parseKeys(text, `The key file ${file}`);
  return { content, ring, version: versionOf(stats), owner: { uid: Number(stats.uid), gid: Number(stats.gid) } };
}

/** Differs between any two states of a file. */
function versionOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

/** Null where the file cannot be looked at. */
function versionNow(file: string): string | null {
  try {
    return versionOf(statSync(file, { bigint: true }));
  } catch {
    return null;
  }
}

async function writeSecretFile(file: string, content: KeyFileContent): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(keyFileText(content));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function keyFileText(content: KeyFileContent): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

function newSecret(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

function newSigningKey(): { publicKey: string; privateKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x, d } = privateKey.export({ format: 'jwk' });
  return { publicKey: x!, privateKey: d! };
}

function nextId(letter: string, keys: readonly { id: string }[]): string {
  const numbers = keys.map(({ id }) => Number(new RegExp(`^${letter}([0-9]+)$`).exec(id)?.[1] ?? 0));
  return `${letter}${Math.max(keys.length, ...numbers) + 1}`;
}
