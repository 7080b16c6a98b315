import { destroyObject, OBJECT_PREFIX, type ObjectContext, ORPHAN_AGE_MS } from './encrypted-objects.ts';
import { ObjectInUseError, ObjectStoreError } from './errors.ts';

export interface SweepOptions {
  /** What is younger stays. 24 h where not given. */
  olderThanMs?: number;
  /** Removes bytes without a row even where they are most of the object store. */
  evenMost?: boolean;
  signal?: AbortSignal;
}

export interface SweepResult {
  /** Objects that no record referred to. */
  destroyed: number;
  /** Bytes in the object store without a row. */
  removed: number;
  /** Uploads that never ended. */
  unfinished: number;
}

const BATCH = 500;

/** From so many on, bytes without a row are more likely those of another database than what crashes left. */
const SUSPICIOUS = 100;

/**
 * Cleans up what crashes and lost deliveries left: objects that no record refers to are destroyed, bytes without a row are removed,
 * uploads that never ended are given up. All of them only when they are older than a day.
 *
 * @throws ObjectStoreError where most of the bytes have no row: then this is another database than that of the object store, or
 * an old backup of it, and nothing is removed.
 */
export async function sweepOrphans(context: ObjectContext, options: SweepOptions = {}): Promise<SweepResult> {
  const before = new Date(Date.now() - (options.olderThanMs ?? ORPHAN_AGE_MS));
  const orphans = await bytesWithoutRow(context, before, options);
  const destroyed = await destroyUnreferenced(context, before, options.signal);
  for (const key of orphans) {
    options.signal?.throwIfAborted();
    await context.store.remove(key);
  }
  return { destroyed, removed: orphans.length, unfinished: await context.store.removeUnfinished(before) };
}

async function destroyUnreferenced(context: ObjectContext, before: Date, signal?: AbortSignal): Promise<number> {
  let destroyed = 0;
  const where = { createdAt: { lt: before }, references: { none: {} } };
  for (let skip = 0; ; ) {
    const rows = await context.db.prisma.storedObject.findMany({
      where,
      select: { site: true, sha256: true },
      orderBy: [{ createdAt: 'asc' }, { site: 'asc' }, { sha256: 'asc' }],
      take: BATCH,
      skip,
    });
    if (rows.length === 0) return destroyed;
    for (const id of rows) {
      signal?.throwIfAborted();
      try {
        if (await destroyObject(context, id, { createdBefore: before })) destroyed += 1;
      } catch (error) {
        if (!(error instanceof ObjectInUseError)) throw error;
        skip += 1;
      }
    }
  }
}

async function bytesWithoutRow({ db, store }: ObjectContext, before: Date, options: SweepOptions): Promise<string[]> {
  const orphans: string[] = [];
  let known = 0;
  const sort = async (keys: string[]) => {
    options.signal?.throwIfAborted();
    const rows = await db.prisma.storedObject.findMany({
      where: { storageKey: { in: keys } },
      select: { storageKey: true },
    });
    const found = new Set(rows.map(row => row.storageKey));
    known += found.size;
    orphans.push(...keys.filter(key => !found.has(key)));
  };

  let batch: string[] = [];
  for await (const { key, modifiedAt } of store.list(OBJECT_PREFIX)) {
    if (modifiedAt >= before) continue;
    batch.push(key);
    if (batch.length < BATCH) continue;
    await sort(batch);
    batch = [];
  }
  if (batch.length > 0) await sort(batch);
  if (orphans.length > Math.max(SUSPICIOUS, known) && !options.evenMost) {
    throw new ObjectStoreError(
      'configuration',
      `${orphans.length} of ${orphans.length + known} objects in ${store.name} have no row in this database. Nothing was removed: is it the database of this object store, and not an old backup?`,
    );
  }
  return orphans;
}
