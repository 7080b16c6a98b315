import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { pipeline, type Readable, Transform } from 'node:stream';
import { pipeline as pipelineDone } from 'node:stream/promises';
import type { Database } from '../database/connection.ts';
import type { StoredObject } from '../generated/prisma/client.ts';
import { type DataKey, newDataKey, openDataKey, type WrappedDataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { DamagedObjectError, ObjectTooLargeError } from './errors.ts';
import { decryptObject, encryptObject, type ObjectContext } from './object-encryption.ts';
import type { ObjectStore } from './object-store.ts';

/** An object that lies encrypted in the store, while no row names it yet. */
export interface UploadedObject {
  readonly storageKey: string;
  /** To be stored with the row that names the object. */
  readonly dataKey: WrappedDataKey;
  /** Of the content, hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface UploadOptions {
  readonly keys: KeyRing;
  readonly objects: ObjectStore;
  /** What kind of object it is: the first part of its key. */
  readonly folder: 'objects' | 'exports';
  readonly context: ObjectContext;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Encrypts a stream with a data key of its own and stores it under a random key. It is encrypted before it leaves the process.
 * @throws ObjectTooLargeError, ObjectStoreError, or the stream's own error; nothing is left in the store then
 */
export async function uploadEncrypted(content: Readable, options: UploadOptions): Promise<UploadedObject> {
  const { keys, objects, folder, context, maxBytes = Number.POSITIVE_INFINITY, signal } = options;
  const { dataKey, row } = newDataKey(keys);
  const random = randomBytes(16).toString('hex');
  const storageKey = `${folder}/${random.slice(0, 2)}/${random.slice(2)}`;
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) return done(new ObjectTooLargeError(maxBytes));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const encrypted = encryptObject(dataKey, { ...context, storageKey });
  const encrypting = pipelineDone(content, measured, encrypted);
  encrypting.catch(() => {}); // Also told by the store, whose stream breaks off.
  try {
    await objects.putStream(storageKey, encrypted, signal && { signal });
    await encrypting;
  } catch (error) {
    const cause = await encrypting.then(
      () => error,
      (reason: unknown) => reason,
    );
    await objects.remove(storageKey).catch(() => {});
    throw cause instanceof ObjectTooLargeError ? cause : error;
  }
  return { storageKey, dataKey: row, sha256: hash.digest('hex'), sizeBytes };
}

export interface NamedObject {
  readonly storageKey: string;
  /** Of the content, hexadecimal. */
  readonly sha256: string;
  readonly dataKey: DataKey;
}

/**
 * The content of an object. The stream fails with DamagedObjectError where it is not what was stored, at the latest at its end.
 */
export async function openEncrypted(
  objects: ObjectStore,
  { storageKey, sha256, dataKey }: NamedObject,
  context: ObjectContext,
): Promise<Readable> {
  const encrypted = await objects.getStream(storageKey);
  const decrypted = decryptObject(dataKey, { ...context, storageKey }, sha256, encrypted);
  const hash = createHash('sha256');
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const isSame = hash.digest('hex') === sha256;
      done(isSame ? null : new DamagedObjectError(`The object ${sha256} has another content than its digest says.`));
    },
  });
  return pipeline(decrypted, checked, () => {});
}

/** What the objects of records are bound to. */
export function contextOfObject({ site, sha256 }: Pick<StoredObject, 'site' | 'sha256'>): ObjectContext {
  return { purpose: 'object', site, sha256 };
}

interface ReadOptions {
  readonly database: Pick<Database, 'prisma'>;
  readonly keys: KeyRing | { keys(): KeyRing };
  readonly objects: ObjectStore;
}

/**
 * The content of a record's object.
 * @throws ShreddedError where its key was destroyed; ObjectStoreError; the stream as {@link openEncrypted}
 */
export async function readObject({ database, keys, objects }: ReadOptions, object: StoredObject): Promise<Readable> {
  const ring = 'keys' in keys ? keys.keys() : keys;
  const dataKey = await openDataKey(database.prisma, ring, object.dataKeyId);
  return openEncrypted(objects, { ...object, dataKey }, contextOfObject(object));
}

/** A stream whose first byte has been read, or that has ended: what goes wrong at its beginning is thrown here. */
export async function beginReading(stream: Readable): Promise<Readable> {
  if (stream.readableLength > 0 || stream.readableEnded) return stream;
  await once(stream, 'readable');
  return stream;
}
