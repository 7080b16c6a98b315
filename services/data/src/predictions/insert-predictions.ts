import type { Transaction } from '../database/connection.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { recordColumns } from './record-content.ts';

/** Everything that is known of a prediction when it is stored. */
export interface NewPrediction extends ReturnType<typeof recordColumns> {
  readonly createdBy: string;
  readonly recordSha256: Buffer;
  readonly patient: string | null;
  readonly accession: string | null;
  readonly quality: number;
  readonly qualityReasons: readonly string[];
  readonly consent: string;
  readonly retentionUntil: Date | null;
}

/**
 * Inserts predictions, except for those whose ids are there already.
 *
 * One statement of our own: Prisma's createMany takes half of all the time that storing a batch takes, most of it to compile its query
 * anew for each batch (docs/benchmark-data-service.md).
 *
 * @returns ids of those that were inserted
 */
export async function insertPredictions(
  transaction: Transaction,
  predictions: readonly NewPrediction[],
): Promise<ReadonlySet<string>> {
  const rows = predictions.map(({ recordSha256, ...columns }) => ({
    ...columns,
    recordSha256: `\\x${recordSha256.toString('hex')}`,
  }));
  // Names of our own, no input. The schema maps recordSha256 to record_sha256, and so on.
  const names = Object.keys(rows[0] ?? {}).map(name => name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`));
  const columns = Prisma.raw(names.map(name => `"${name}"`).join(', '));
  const values = rows.map(row => Object.fromEntries(Object.values(row).map((value, index) => [names[index]!, value])));
  const inserted = await transaction.$queryRaw<{ id: string }[]>`
    INSERT INTO "prediction" (${columns})
    SELECT ${columns} FROM jsonb_populate_recordset(NULL::"prediction", ${JSON.stringify(values)}::jsonb)
    ON CONFLICT ("id") DO NOTHING RETURNING "id"`;
  return new Set(inserted.map(({ id }) => id));
}
