import type { Database } from '../database/connection.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { unwrapDataKey, type WrappedDataKey, wrapDataKey } from './data-keys.ts';
import { KeyError, SealError } from './errors.ts';
import { currentMasterKey, type KeyRing } from './key-ring.ts';

export interface RewrapOptions {
  /** Data keys per transaction. 500 where not given. */
  batch?: number;
  onProgress?: (progress: { rewrapped: number; total: number }) => void;
  /** Stops between two batches. What was done by then stays done. */
  signal?: AbortSignal;
}

export interface RewrapResult {
  rewrapped: number;
  /**
   * How many data keys each older master key still wraps, counted at the end. A master key that is not in it may be removed
   * from the key file, once every running process has the new key.
   */
  left: ReadonlyMap<string, number>;
  /** Those that no master key of the ring opens. They are left as they are, and are in `left`. */
  unopened: readonly string[];
}

/**
 * Wraps all data keys with the current master key, in small transactions, while others read and write. The data keys stay
 * the same, so nothing that they encrypted is touched. Running it again, or twice at once, does no harm.
 */
export async function rewrapDataKeys(db: Database, ring: KeyRing, options: RewrapOptions = {}): Promise<RewrapResult> {
  const { batch = 500, onProgress, signal } = options;
  const total = sum(await countLeft(db, ring));
  const unopened: string[] = [];
  let rewrapped = 0;
  let last = '00000000-0000-0000-0000-000000000000';
  while (!signal?.aborted) {
    const rows = await db.prisma.dataKey.findMany({
      where: { id: { gt: last }, masterKeyId: { not: currentMasterKey(ring).id }, wrapped: { not: null } },
      orderBy: { id: 'asc' },
      take: batch,
    });
    const lastRow = rows.at(-1);
    if (!lastRow) break;
    last = lastRow.id;
    const changed: WrappedDataKey[] = [];
    for (const row of rows) {
      try {
        const { key } = unwrapDataKey(ring, { ...row, wrapped: row.wrapped! });
        changed.push(wrapDataKey(ring, row.id, key));
      } catch (error) {
        if (!(error instanceof KeyError || error instanceof SealError)) throw error;
        unopened.push(row.id);
      }
    }
    rewrapped += await replace(db, currentMasterKey(ring).id, changed);
    onProgress?.({ rewrapped, total });
  }
  return { rewrapped, left: await countLeft(db, ring), unopened };
}

/** How many data keys each older master key wraps. Empty where the current one wraps all. */
export async function countLeft(db: Database, ring: KeyRing): Promise<Map<string, number>> {
  const groups = await db.prisma.dataKey.groupBy({
    by: ['masterKeyId'],
    where: { masterKeyId: { not: currentMasterKey(ring).id }, wrapped: { not: null } },
    _count: true,
  });
  return new Map(groups.map(group => [group.masterKeyId, group._count]));
}

/** Writes a batch in one statement. A key that was destroyed since it was read stays destroyed. */
async function replace(db: Database, masterKeyId: string, rows: readonly WrappedDataKey[]): Promise<number> {
  if (rows.length === 0) return 0;
  const values = rows.map(row => Prisma.sql`(${row.id}::uuid, ${row.wrapped}::bytea)`);
  return await db.prisma.$executeRaw`
    UPDATE "data_key" AS k SET "master_key_id" = ${masterKeyId}, "wrapped" = v.wrapped
    FROM (VALUES ${Prisma.join(values)}) AS v(id, wrapped)
    WHERE k."id" = v.id AND k."wrapped" IS NOT NULL`;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
