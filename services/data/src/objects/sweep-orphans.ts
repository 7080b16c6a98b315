import { destroyDataKey } from '../keys/data-keys.ts';
import type { Services } from '../services.ts';

export interface SweepOptions {
  /** What is younger may belong to an upload or a record that is under way. */
  readonly before: Date;
  readonly signal?: AbortSignal;
}

/**
 * Removes uploaded objects that no record came to refer to, and bytes in the store that no row names: what crashes and erased records
 * left. Their keys are destroyed first.
 * @returns how many were removed
 */
export async function sweepOrphans(
  { database, objects }: Pick<Services, 'database' | 'objects'>,
  { before, signal }: SweepOptions,
): Promise<number> {
  const unused = await database.prisma.storedObject.findMany({
    where: { createdAt: { lt: before }, references: { none: {} } },
    select: { site: true, sha256: true, dataKeyId: true },
  });
  for (const { site, sha256, dataKeyId } of unused) {
    if (signal?.aborted) return 0;
    await database.transaction(async transaction => {
      const { count } = await transaction.storedObject.deleteMany({
        where: { site, sha256, references: { none: {} } },
      });
      if (count > 0) await destroyDataKey(transaction, dataKeyId);
    });
  }
  let removed = 0;
  for (const folder of ['objects/', 'exports/']) {
    for await (const { key, modifiedAt } of objects.list(folder)) {
      if (signal?.aborted) return removed;
      if (modifiedAt >= before || (await isNamed(database, key))) continue;
      await objects.remove(key);
      removed++;
    }
  }
  return removed;
}

async function isNamed({ prisma }: Services['database'], storageKey: string): Promise<boolean> {
  const found =
    (await prisma.storedObject.findUnique({ where: { storageKey }, select: { site: true } })) ??
    (await prisma.exportFile.findUnique({ where: { storageKey }, select: { name: true } }));
  return found !== null;
}
