import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { KeyError } from './errors.ts';

/** Length of master, pseudonym and data keys. */
export const KEY_BYTES = 32;

/** Wraps data keys. */
export interface MasterKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Makes pseudonyms of people and patients. */
export interface PseudonymKey {
  readonly version: number;
  readonly key: KeyObject;
}

/** Ed25519: signs the heads of the audit tree. */
export interface SigningKey {
  readonly id: string;
  readonly publicKey: KeyObject;
  /** Null where only old signatures are still to be verified. */
  readonly privateKey: KeyObject | null;
}

/**
 * The secret keys of one installation. They are `KeyObject`s, which print as nothing: a key ring that ends up in a log
 * shows no key.
 */
export interface KeyRing {
  /** At least one; the last is current. */
  readonly masterKeys: readonly MasterKey[];
  /** At least one; versions 1, 2, 3 and so on, without a gap. */
  readonly pseudonymKeys: readonly PseudonymKey[];
  /** At least one; the last is current and has its private key. */
  readonly signingKeys: readonly SigningKey[];
}

/**
 * Where the keys come from: a file, an environment variable. A secret store such as Vault, or a key file that a KMS
 * decrypts, joins here. It hands over the keys themselves: each record has a data key, wrapped in the record's own
 * transaction, and that is no place for a call over the network.
 */
export interface KeyProvider {
  /** The keys as they are now. Asked anew for every use, so that rotated keys are used without a restart. */
  keys(): KeyRing;
  /** Reads the keys again at once. Rejects with a {@link KeyError} where they cannot be used; the old ones then stay. */
  reload(): Promise<KeyRing>;
  /** Why changed keys are not in use, for the readiness check. Null where all is well. */
  problem(): string | null;
}

/** The master key that wraps new data keys. */
export function currentMasterKey(ring: KeyRing): MasterKey {
  return ring.masterKeys.at(-1)!;
}

/** The key that signs new tree heads. */
export function currentSigningKey(ring: KeyRing): SigningKey & { readonly privateKey: KeyObject } {
  const key = ring.signingKeys.at(-1)!;
  return { ...key, privateKey: key.privateKey! };
}

/** The master key of this id. Throws a {@link KeyError} where the ring lacks it. */
export function masterKey(ring: KeyRing, id: string): MasterKey {
  const key = ring.masterKeys.find(one => one.id === id);
  if (key) return key;
  const known = ring.masterKeys.map(one => one.id).join(', ');
  throw new KeyError(
    `The keys lack the master key ${id} (they have ${known}): this is not the key file of this database.`,
  );
}

/** The public key that verifies what the signing key of this id has signed. Throws a {@link KeyError} where it is unknown. */
export function verificationKey(ring: KeyRing, id: string): KeyObject {
  const key = ring.signingKeys.find(one => one.id === id);
  if (!key) throw new KeyError(`The keys lack the signing key ${id}: what it signed cannot be verified.`);
  return key.publicKey;
}

const keyId = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be an id such as m1 (a-z, 0-9 and -)');
const keyText = z.string();

const keyFileSchema = z.strictObject({
  masterKeys: z.array(z.strictObject({ id: keyId, key: keyText })).min(1, 'must hold at least one key'),
  pseudonymKeys: z
    .array(z.strictObject({ version: z.number().int().positive(), key: keyText }))
    .min(1, 'must hold at least one key'),
  signingKeys: z
    .array(z.strictObject({ id: keyId, publicKey: keyText, privateKey: keyText.optional() }))
    .min(1, 'must hold at least one key'),
});

/** The keys as JSON: each key is 32 bytes, written as 43 characters of base64url. */
export type KeyFileContent = z.infer<typeof keyFileSchema>;

/**
 * Reads the keys from their JSON text.
 * @param where what the text is called in messages: a path, or the name of a variable.
 * @throws KeyError that names the key that is missing, malformed, too short, weak or there twice. It shows no key.
 */
export function parseKeys(text: string, where: string): { content: KeyFileContent; ring: KeyRing } {
  const content = keyFileContent(text, where);
  const seen = new Map<string, string>();

  const bytesOf = (place: string, value: string): Buffer => {
    const bytes = keyBytes(where, place, value);
    const other = seen.get(value);
    if (other) throw new KeyError(`${where}: ${place} is the same key as ${other}; each must be random.`);
    seen.set(value, place);
    return bytes;
  };
  const secretOf = (place: string, value: string) => createSecretKey(bytesOf(place, value));

  requireDistinctIds(where, 'masterKeys', content.masterKeys);
  requireDistinctIds(where, 'signingKeys', content.signingKeys);
  const masterKeys = content.masterKeys.map(({ id, key }, index) => ({
    id,
    key: secretOf(`masterKeys[${index}].key`, key),
  }));
  const pseudonymKeys = content.pseudonymKeys.map(({ version, key }, index) => {
    if (version !== index + 1) {
      throw new KeyError(
        `${where}: pseudonymKeys[${index}].version is ${version}, it must be ${index + 1}: versions count from 1 without a gap.`,
      );
    }
    return { version, key: secretOf(`pseudonymKeys[${index}].key`, key) };
  });
  const signingKeys = content.signingKeys.map(({ id, publicKey, privateKey }, index) => {
    const place = `signingKeys[${index}]`;
    bytesOf(`${place}.publicKey`, publicKey);
    if (privateKey !== undefined) bytesOf(`${place}.privateKey`, privateKey);
    return signingKey(where, place, id, publicKey, privateKey);
  });
  if (!signingKeys.at(-1)?.privateKey) {
    throw new KeyError(`${where}: the last of signingKeys has no privateKey; it is the one that signs.`);
  }
  return { content, ring: { masterKeys, pseudonymKeys, signingKeys } };
}

function keyFileContent(text: string, where: string): KeyFileContent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is secret.
    throw new KeyError(
      `${where} is not valid JSON. Restore it from its backup; without its keys, what they encrypted is lost.`,
    );
  }
  const parsed = keyFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  throw new KeyError(`${where}: ${place.replace(/^\./, '') || 'the content'}: ${issue.message}.`);
}

function keyBytes(where: string, place: string, value: string): Buffer {
  if (!/^[A-Za-z0-9_-]*$/.test(value)) throw new KeyError(`${where}: ${place} is not base64url.`);
  const bytes = Buffer.from(value, 'base64url');
  if (bytes.length !== KEY_BYTES) {
    throw new KeyError(`${where}: ${place} is ${bytes.length} bytes long, it must be ${KEY_BYTES}.`);
  }
  if (bytes.toString('base64url') !== value) throw new KeyError(`${where}: ${place} is not base64url of whole bytes.`);
  if (bytes.every(byte => byte === bytes[0])) {
    throw new KeyError(`${where}: ${place} is one byte repeated; a key must be random.`);
  }
  return bytes;
}

function requireDistinctIds(where: string, list: string, keys: readonly { id: string }[]): void {
  const ids = keys.map(key => key.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) throw new KeyError(`${where}: ${list} holds the id ${twice} twice.`);
}

function signingKey(where: string, place: string, id: string, publicKey: string, privateKey?: string): SigningKey {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey };
  const verifies = createPublicKey({ key: jwk, format: 'jwk' });
  if (privateKey === undefined) return { id, publicKey: verifies, privateKey: null };
  const signs = createPrivateKey({ key: { ...jwk, d: privateKey }, format: 'jwk' });
  if (createPublicKey(signs).export({ format: 'jwk' }).x !== publicKey) {
    throw new KeyError(`${where}: ${place}.publicKey is not the public key of its privateKey.`);
  }
  return { id, publicKey: verifies, privateKey: signs };
}
