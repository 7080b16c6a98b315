import type { Transaction } from '../database/connection.ts';
import type { Principal } from '../identity/principal.ts';
import { openDataKeys } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { open, sealedField } from '../keys/sealed-fields.ts';
import type { ViewedRow } from './view.ts';

/** Free text may be about a patient by name: it is for those who care for patients. */
export function maySeeFreeText({ roles }: Pick<Principal, 'roles'>): boolean {
  return roles.includes('reader') || roles.includes('reviewer');
}

/** The notes of predictions by id, for whoever may see free text. */
export async function notesOf(
  transaction: Transaction,
  keys: KeyRing,
  rows: readonly ViewedRow[],
  principal: Principal,
): Promise<ReadonlyMap<string, string>> {
  const withNote = maySeeFreeText(principal)
    ? rows.filter(row => row.noteSealed !== null && row.dataKeyId !== null)
    : [];
  if (withNote.length === 0) return new Map();
  const dataKeys = await openDataKeys(
    transaction,
    keys,
    withNote.map(({ dataKeyId }) => dataKeyId!),
  );
  return new Map(
    withNote.map(({ id, noteSealed }, index) => [
      id,
      open(sealedField('prediction', 'note_sealed', id, dataKeys[index]!), noteSealed!),
    ]),
  );
}
