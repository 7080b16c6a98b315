import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/connection.ts';
import { UserError } from '../user-error.ts';
import { recordAudit } from './audit-event.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { headOutsideOnly, sealAudit } from './sealer.ts';
import type { AuditSigner, SignedTreeHead } from './tree-head.ts';
import { newestHead } from './tree-store.ts';

export interface ContinueOptions {
  signer: AuditSigner;
  outside: OutsideHeads;
  /** Pseudonym of who confirms the loss; null where an administrator does it at the machine. */
  actor: string | null;
  /** How long to wait for transactions that hold sealing back. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/**
 * After a restore that lost sealed events: confirms the loss, so that sealing goes on. The tree continues under another identity,
 * with an event that says so. Verification keeps telling what was lost, from the heads outside.
 *
 * @returns the first head of the new identity
 * @throws UserError where nothing was lost, or running transactions held it back for too long
 */
export async function continueAudit(db: Database, options: ContinueOptions): Promise<SignedTreeHead> {
  const { signer, outside, actor, timeoutMs = TIMEOUT_MS } = options;
  const newest = await newestHead(db.pool);
  const lost = await headOutsideOnly(db.pool, newest, outside);
  if (!lost)
    throw new UserError('No audit event was lost: no head outside is newer than the database. Nothing was changed.');
  await db.transaction(tx =>
    recordAudit(tx, {
      type: 'audit.continue',
      outcome: 0,
      actor,
      site: null,
      entities: [{ kind: 'tree-head', id: lost.name }],
      detail: { sealedEvents: newest?.size ?? 0, lostHeadEvents: lost.size },
    }),
  );
  for (const deadline = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
    const { head } = await sealAudit(db, { signer, outside, afterLoss: true });
    if (head) return head;
    if (Date.now() > deadline) {
      throw new UserError(
        'Transactions that are still running hold sealing back. End them, and continue the audit again.',
      );
    }
  }
}
