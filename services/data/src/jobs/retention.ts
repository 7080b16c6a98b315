import { shred } from '../administration/shred.ts';
import { recordAudit } from '../audit/audit-event.ts';
import type { Services } from '../services.ts';

/** Records that one run erases at most, so that it ends; the next run goes on. */
const MOST_PER_RUN = 10_000;

/**
 * Erases the records whose retention has ended and that are under no legal hold, each in a transaction of its own with its audit event.
 * @returns how many
 */
export async function eraseExpired(
  { database, metrics }: Pick<Services, 'database' | 'metrics'>,
  now: Date,
  signal?: AbortSignal,
): Promise<number> {
  const due = await database.prisma.prediction.findMany({
    where: {
      retentionUntil: { lt: new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`) },
      legalHold: false,
      shreddedAt: null,
    },
    select: { id: true },
    orderBy: { retentionUntil: 'asc' },
    take: MOST_PER_RUN,
  });
  let erased = 0;
  for (const { id } of due) {
    if (signal?.aborted) break;
    const isErased = await database.transaction(async transaction => {
      await transaction.$queryRaw`SELECT 1 FROM "prediction" WHERE "id" = ${id}::uuid FOR UPDATE`;
      const row = await transaction.prediction.findUniqueOrThrow({ where: { id } });
      // Somebody may have changed it since it was looked for.
      if (row.shreddedAt || row.legalHold || !row.retentionUntil || row.retentionUntil >= now) return false;
      await shred(transaction, row, 'retention-ended', now);
      await recordAudit(transaction, {
        type: 'record.shred',
        outcome: 0,
        actor: null,
        site: row.site,
        ...(row.studyUid && { studyUid: row.studyUid }),
        entities: [{ kind: 'prediction', id }],
        detail: { reason: 'retention-ended' },
      });
      return true;
    });
    if (!isErased) continue;
    erased++;
    metrics.shredded.inc();
  }
  return erased;
}
