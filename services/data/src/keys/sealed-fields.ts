import { openBytes, sealBytes } from './aes-gcm.ts';
import type { DataKey } from './data-keys.ts';
import { SealError } from './errors.ts';

/** Which field of which row, and the data key of its record. Table and column are named as in SQL. */
export interface SealedField {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  readonly dataKeyId: string;
  readonly key: DataKey['key'];
}

/**
 * Encrypts free text for one field of one row: `f1:<id of the data key>:<base64url of iv | ciphertext | tag>`. The same text
 * is another one each time. It opens in no other row or column.
 */
export function seal(field: SealedField, text: string): string {
  const bytes = sealBytes(field.key, Buffer.from(text, 'utf8'), boundTo(field));
  return `f1:${field.dataKeyId}:${bytes.toString('base64url')}`;
}

/**
 * Decrypts the text of a field.
 * @throws SealError that names table, column and row where the text is not sealed, was changed, or comes from another field.
 */
export function open(field: SealedField, sealed: string): string {
  const [version, dataKeyId, encoded = '', ...rest] = sealed.split(':');
  if (version !== 'f1' || rest.length > 0) throw new SealError(`${nameOf(field)} is not sealed text.`);
  if (dataKeyId !== field.dataKeyId) {
    throw new SealError(`${nameOf(field)} is sealed with the data key of another record: it was changed or moved.`);
  }
  const bytes = Buffer.from(encoded, 'base64url');
  // Decoding passes over what is not base64url; a changed character must not pass.
  const message = bytes.toString('base64url') === encoded ? openBytes(field.key, bytes, boundTo(field)) : null;
  if (!message)
    throw new SealError(`${nameOf(field)} does not open: it was changed, or moved from another row or column.`);
  return message.toString('utf8');
}

/** A field and its data key, from where callers have them. */
export function sealedField(table: string, column: string, rowId: string, dataKey: DataKey): SealedField {
  return { table, column, rowId, dataKeyId: dataKey.id, key: dataKey.key };
}

function boundTo({ table, column, rowId, dataKeyId }: SealedField): string {
  return `${table}:${column}:${rowId}:${dataKeyId}`;
}

function nameOf({ table, column, rowId }: SealedField): string {
  return `The field ${table}.${column} of row ${rowId}`;
}
