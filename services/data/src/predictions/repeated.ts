import type { Transaction } from '../database/connection.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { openDataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { advance } from '../keys/pseudonyms.ts';
import { open, sealedField } from '../keys/sealed-fields.ts';
import { accessionPseudonym, type Incoming, patientPseudonym } from './store-predictions.ts';

/**
 * Makes sure that records which are there already are the same as what was sent now.
 * @throws ServiceProblem id-taken where one is not, whoever it belongs to
 */
export async function assertRepeated(
  transaction: Transaction,
  keys: KeyRing,
  repeated: readonly Incoming[],
): Promise<void> {
  const rows = await transaction.prediction.findMany({
    where: { id: { in: repeated.map(({ input }) => input.id) } },
    select: {
      id: true,
      site: true,
      recordSha256: true,
      patient: true,
      accession: true,
      noteSealed: true,
      dataKeyId: true,
      shreddedAt: true,
    },
  });
  const byId = new Map(rows.map(row => [row.id, row]));
  for (const { input, site, sha256 } of repeated) {
    const row = byId.get(input.id);
    // An erased record is not told apart by what was erased.
    const isSame =
      row !== undefined &&
      row.site === site &&
      sha256.equals(row.recordSha256) &&
      (row.shreddedAt !== null ||
        (isSamePseudonym(keys, 'patient', row.patient, patientPseudonym(keys, site, input.subject)) &&
          isSamePseudonym(keys, 'accession', row.accession, accessionPseudonym(keys, site, input.subject)) &&
          (await noteOf(transaction, keys, row)) === (input.note ?? null)));
    if (!isSame)
      throw new ServiceProblem(
        'id-taken',
        'A record with this id is there already, and it is not the same. Nothing of the batch was stored.',
      );
  }
}

/** Stored ones may be of an older key. */
function isSamePseudonym(
  keys: KeyRing,
  domain: 'patient' | 'accession',
  stored: string | null,
  newest: string | null,
): boolean {
  return stored === null || newest === null ? stored === newest : advance(keys, domain, stored) === newest;
}

/** The note of a prediction; null where there is none. */
export async function noteOf(
  transaction: Transaction,
  keys: KeyRing,
  {
    id,
    noteSealed,
    dataKeyId,
  }: { readonly id: string; readonly noteSealed: string | null; readonly dataKeyId: string | null },
): Promise<string | null> {
  if (noteSealed === null || dataKeyId === null) return null;
  const dataKey = await openDataKey(transaction, keys, dataKeyId);
  return open(sealedField('prediction', 'note_sealed', id, dataKey), noteSealed);
}
