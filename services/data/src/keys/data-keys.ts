import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import type { Transaction } from '../database/connection.ts';
import { openBytes, sealBytes } from './aes-gcm.ts';
import { KeyError, SealError, ShreddedError } from './errors.ts';
import { currentMasterKey, KEY_BYTES, type KeyRing, masterKey } from './key-ring.ts';

/** A key of 32 random bytes that encrypts the free text of one record, or one object. */
export interface DataKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** A data key as the database holds it. */
export interface WrappedDataKey {
  readonly id: string;
  readonly masterKeyId: string;
  /** iv | ciphertext | tag: 60 bytes. */
  readonly wrapped: Uint8Array<ArrayBuffer>;
}

/** Encrypts a data key with the current master key. The result is bound to the id of the data key and of the master key. */
export function wrapDataKey(ring: KeyRing, id: string, key: KeyObject): WrappedDataKey {
  const master = currentMasterKey(ring);
  return { id, masterKeyId: master.id, wrapped: sealBytes(master.key, key.export(), boundTo(id, master.id)) };
}

/**
 * Decrypts a data key.
 * @throws KeyError where the ring lacks its master key.
 * @throws SealError where it does not open: the row was changed, or the master key is another one of the same id.
 */
export function unwrapDataKey(ring: KeyRing, { id, masterKeyId, wrapped }: WrappedDataKey): DataKey {
  const bytes = openBytes(masterKey(ring, masterKeyId).key, wrapped, boundTo(id, masterKeyId));
  if (bytes?.length !== KEY_BYTES) {
    throw new SealError(
      `The data key ${id} does not open with the master key ${masterKeyId}: the row was changed, or this is not the key file of this database.`,
    );
  }
  return { id, key: createSecretKey(bytes) };
}

/** A new data key and the row that keeps it, for callers that insert several rows at once. */
export function newDataKey(ring: KeyRing): { dataKey: DataKey; row: WrappedDataKey } {
  const dataKey = { id: randomUUID(), key: createSecretKey(randomBytes(KEY_BYTES)) };
  return { dataKey, row: wrapDataKey(ring, dataKey.id, dataKey.key) };
}

/** Makes a data key and stores it, wrapped. */
export async function createDataKey(transaction: Transaction, ring: KeyRing): Promise<DataKey> {
  const { dataKey, row } = newDataKey(ring);
  await transaction.dataKey.createMany({ data: [row] });
  return dataKey;
}

/**
 * Reads a data key.
 * @throws ShreddedError where it was destroyed.
 * @throws KeyError, SealError as {@link unwrapDataKey}.
 */
export async function openDataKey(transaction: Transaction, ring: KeyRing, id: string): Promise<DataKey> {
  const [dataKey] = await openDataKeys(transaction, ring, [id]);
  return dataKey!;
}

/** Reads several data keys, in the order of their ids, with one query. Throws as {@link openDataKey} for the first that fails. */
export async function openDataKeys(
  transaction: Transaction,
  ring: KeyRing,
  ids: readonly string[],
): Promise<DataKey[]> {
  const rows = await transaction.dataKey.findMany({ where: { id: { in: [...new Set(ids)] } } });
  const byId = new Map(rows.map(row => [row.id, row]));
  return ids.map(id => {
    const row = byId.get(id);
    if (!row) throw new KeyError(`The data key ${id} is not in the database.`);
    if (!row.wrapped) throw new ShreddedError(id);
    return unwrapDataKey(ring, { ...row, wrapped: row.wrapped });
  });
}

/**
 * Destroys a data key: what it encrypted is unreadable from then on, wherever copies of it are (crypto-shredding). Copies of
 * the database itself, such as backups, keep the wrapped key until they are removed. Once destroyed, it stays as it is.
 */
export async function destroyDataKey(transaction: Transaction, id: string): Promise<void> {
  await transaction.dataKey.updateMany({
    where: { id, destroyedAt: null },
    data: { wrapped: null, destroyedAt: new Date() },
  });
}

function boundTo(id: string, masterKeyId: string): string {
  return `data_key:${id}:${masterKeyId}`;
}
