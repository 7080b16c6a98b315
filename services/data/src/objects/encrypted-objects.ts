import { randomUUID } from 'node:crypto';
import { addAbortSignal, pipeline, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Database, Transaction } from '../database/connection.ts';
import { databaseProblem } from '../database/errors.ts';
import { destroyDataKey, newDataKey, openDataKey, type WrappedDataKey } from '../keys/data-keys.ts';
import type { KeyProvider } from '../keys/key-ring.ts';
import { checkDigest } from './digest-check.ts';
import { DamagedObjectError, ObjectInUseError, ObjectStoreError } from './errors.ts';
import { decrypted, type EncryptionContext, encrypted } from './object-cipher.ts';
import type { ObjectStore } from './object-store.ts';

/** Objects without a record that refers to them are kept for so long: their records are on the way. */
export const ORPHAN_AGE_MS = 24 * 3_600_000;

/** An object that is found again is fresh again, so that it outlives the delivery of its record. */
const FRESH_MS = 3_600_000;

/** Where storage keys of stored objects begin. Other kinds of objects begin otherwise. */
export const OBJECT_PREFIX = 'objects/';

const ATTEMPTS = 3;

/** What objects need. */
export interface ObjectContext {
  readonly db: Database;
  readonly store: ObjectStore;
  readonly keys: KeyProvider;
}

export interface ObjectId {
  readonly site: string;
  /** Of the plain content, hexadecimal. */
  readonly sha256: string;
}

export interface StoreRequest extends ObjectId {
  readonly mediaType: string;
  /** Pseudonym of who sends it. */
  readonly createdBy: string;
  /** Of the plain content. */
  readonly maxBytes: number;
}

export interface StoredObject extends ObjectId {
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export interface StoreOptions {
  signal?: AbortSignal;
  /** Runs in the transaction that makes the object known, also where it was known: the audit event belongs here. */
  inTransaction?: (transaction: Transaction, object: StoredObject & { created: boolean }) => Promise<void>;
}

/**
 * Stores content once per site: encrypted with a data key of its own, under a random name. The content is always read to its end
 * and compared with the announced digest, so that nobody gets hold of an object by its digest alone. Of several at once, one
 * stays. Where it fails, nothing is visible; what may be left in the store is swept later ({@link ORPHAN_AGE_MS}).
 *
 * @returns whether this call created it.
 * @throws DigestMismatchError, ObjectTooLargeError, ObjectStoreError, or the stream's own error.
 */
export async function storeObject(
  context: ObjectContext,
  request: StoreRequest,
  stream: Readable,
  { signal, inTransaction }: StoreOptions = {},
): Promise<StoredObject & { created: boolean }> {
  const { db, store, keys } = context;
  const adopt = () =>
    db.transaction(async tx => {
      const known = await touch(tx, request);
      if (known) await inTransaction?.(tx, { ...known, created: false });
      return known && { ...known, created: false };
    });

  const check = checkDigest(request.sha256, request.maxBytes);
  if (signal) addAbortSignal(signal, check);
  pipeline(stream, check, () => {});
  if (await isKnown(db, request)) {
    await finished(check.resume());
    const known = await adopt();
    if (known) return known;
    throw new ObjectStoreError('missing', 'The object was destroyed while it was sent again. Send it once more.');
  }

  const storageKey = newStorageKey();
  const { dataKey, row } = newDataKey(keys.keys());
  await store.putStream(storageKey, encrypted(check, dataKey, encryptionContext(request.site, storageKey)), { signal });
  const object = {
    site: request.site,
    sha256: request.sha256,
    mediaType: request.mediaType,
    sizeBytes: check.sizeBytes,
  };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const created = await insert(db, row, { ...object, storageKey, createdBy: request.createdBy }, inTransaction);
    if (created) return { ...object, created };
    const known = await adopt();
    if (!known) continue; // Destroyed since.
    await store.remove(storageKey);
    return known;
  }
  throw new ObjectStoreError('missing', 'The object was destroyed while it was sent again. Send it once more.');
}

/** The plain content of an object, or null where there is none. The stream ends with a {@link DamagedObjectError} if need be. */
export async function readObject(
  { db, store, keys }: ObjectContext,
  id: ObjectId,
): Promise<(StoredObject & { stream: Readable }) | null> {
  const row = await db.prisma.storedObject.findUnique({ where: { site_sha256: idOf(id) } });
  if (!row) return null;
  const name = `The object ${row.sha256} of the site ${row.site}`;
  const dataKey = await openDataKey(db.prisma, keys.keys(), row.dataKeyId);
  const bytes = await store.getStream(row.storageKey).catch(error => {
    if (error instanceof ObjectStoreError && error.problem === 'missing') {
      throw new DamagedObjectError(`${name} is missing from the object store (${row.storageKey}).`, { cause: error });
    }
    throw error;
  });
  const sizeBytes = Number(row.sizeBytes);
  const stream = decrypted(bytes, dataKey, encryptionContext(row.site, row.storageKey), {
    name,
    check: checkDigest(row.sha256, sizeBytes),
  });
  return { ...idOf(row), mediaType: row.mediaType, sizeBytes, stream };
}

export interface DestroyCondition {
  /** Only where it was made, or sent again without a record, before this moment. */
  createdBefore?: Date;
}

/**
 * Destroys an object: first its data key and its row, in one transaction, then its bytes. From the first moment it is unreadable.
 * @returns false where there is no such object.
 * @throws ObjectInUseError where a record refers to it.
 */
export async function destroyObject(
  { db, store }: ObjectContext,
  id: ObjectId,
  condition: DestroyCondition = {},
): Promise<boolean> {
  const storageKey = await db.transaction(tx => destroyObjectRow(tx, id, condition));
  if (storageKey === null) return false;
  await store.remove(storageKey);
  return true;
}

/**
 * The part of {@link destroyObject} for a transaction of the caller. Returns the name of its bytes in the object store, to be
 * removed once the transaction is committed; where that is forgotten by a crash, they are swept.
 */
export async function destroyObjectRow(
  transaction: Transaction,
  id: ObjectId,
  { createdBefore }: DestroyCondition = {},
): Promise<string | null> {
  const row = await transaction.storedObject.findUnique({ where: { site_sha256: idOf(id) } });
  if (!row) return null;
  const inUse = () => new ObjectInUseError(`The object ${id.sha256} of the site ${id.site} is in use by records.`);
  if ((await transaction.objectReference.count({ where: idOf(id), take: 1 })) > 0) throw inUse();
  try {
    const { count } = await transaction.storedObject.deleteMany({
      where: { ...idOf(id), createdAt: { lt: createdBefore } },
    });
    if (count === 0) return null;
  } catch (error) {
    if (databaseProblem(error) === 'foreign-key-violation') throw inUse();
    throw error;
  }
  await destroyDataKey(transaction, row.dataKeyId);
  return row.storageKey;
}

class LostRace extends Error {}

interface NewRow extends StoredObject {
  storageKey: string;
  createdBy: string;
}

/** Makes an object known. False where it is known already. */
async function insert(
  db: Database,
  dataKey: WrappedDataKey,
  { storageKey, createdBy, ...object }: NewRow,
  inTransaction: StoreOptions['inTransaction'],
): Promise<boolean> {
  try {
    await db.transaction(async tx => {
      await tx.dataKey.createMany({ data: [dataKey] });
      const { count } = await tx.storedObject.createMany({
        data: [{ ...object, sizeBytes: BigInt(object.sizeBytes), storageKey, createdBy, dataKeyId: dataKey.id }],
        skipDuplicates: true,
      });
      if (count === 0) throw new LostRace();
      await inTransaction?.(tx, { ...object, created: true });
    });
    return true;
  } catch (error) {
    if (error instanceof LostRace) return false;
    throw error;
  }
}

/** A known object, which is then fresh again where nothing refers to it yet. Null where it is not known. */
async function touch(tx: Transaction, id: ObjectId): Promise<StoredObject | null> {
  await tx.storedObject.updateMany({
    where: { ...idOf(id), createdAt: { lt: new Date(Date.now() - FRESH_MS) }, references: { none: {} } },
    data: { createdAt: new Date() },
  });
  const row = await tx.storedObject.findUnique({ where: { site_sha256: idOf(id) } });
  return row && { ...idOf(row), mediaType: row.mediaType, sizeBytes: Number(row.sizeBytes) };
}

async function isKnown(db: Database, id: ObjectId): Promise<boolean> {
  return (await db.prisma.storedObject.count({ where: idOf(id) })) > 0;
}

function idOf({ site, sha256 }: ObjectId): ObjectId {
  return { site, sha256 };
}

function encryptionContext(site: string, storageKey: string): EncryptionContext {
  return { site, purpose: 'object', storageKey };
}

function newStorageKey(): string {
  const id = randomUUID();
  return `${OBJECT_PREFIX}${id.slice(0, 2)}/${id}`;
}
