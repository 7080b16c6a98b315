// What the tests of the audit trail share: keys, a folder for heads, events.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/connection.ts';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { type AuditEventInput, recordAudit } from './audit-event.ts';
import { outsideFolder } from './outside-folder.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { type SealOptions, type SealResult, sealAudit } from './sealer.ts';
import { type AuditSigner, auditSigner } from './tree-head.ts';

/** A signer with keys of its own, which are named s1, s2 and so on. */
export function testSigner(keys = 1): AuditSigner {
  return auditSigner({
    signingKeys: Array.from({ length: keys }, (_, i) => ({ id: `s${i + 1}`, ...generateKeyPairSync('ed25519') })),
  });
}

export interface TestTrail extends TestDatabase {
  folder: string;
  outside: OutsideHeads;
  signer: AuditSigner;
  /** Writes events, each in a transaction of its own, and returns their ids once they can be sealed. */
  write(count: number): Promise<string[]>;
  seal(options?: Partial<SealOptions>): Promise<SealResult>;
  remove(): Promise<void>;
}

/** An empty audit trail: a database, a folder for heads, a key. */
export async function testTrail({ poolSize = 5 } = {}): Promise<TestTrail> {
  const database = await testDatabase({ poolSize });
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-audit-'));
  const outside = outsideFolder(folder);
  const signer = testSigner();
  return {
    ...database,
    folder,
    outside,
    signer,
    async write(count) {
      const ids = await writeEvents(database.db, count);
      await transactionsOver(database.db);
      return ids;
    },
    seal: options => sealAudit(database.db, { signer, outside, ...options }),
    async remove() {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Waits until all transactions that have begun are over. They are counted by the whole server, so that tests of other files, which
 * use it at the same time, hold back what can be sealed here.
 */
export async function transactionsOver(db: Database): Promise<void> {
  const { rows } = await db.pool.query('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS ceiling');
  for (;;) {
    const now = await db.pool.query('SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 AS over', [
      rows[0].ceiling,
    ]);
    if (now.rows[0].over) return;
    await sleep(5);
  }
}

/** Writes events, each in a transaction of its own, and returns their ids. */
export async function writeEvents(db: Database, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(...(await db.transaction(tx => recordAudit(tx, testEvent(i)))));
  return ids;
}

/** Some event; all columns are filled. */
export function testEvent(i: number): AuditEventInput {
  return {
    type: i % 3 === 0 ? 'prediction.create' : 'prediction.read',
    outcome: i % 7 === 0 ? 4 : 0,
    actor: `p1:${String(i % 5).repeat(43)}`,
    site: i % 2 === 0 ? 'north' : 'south',
    studyUid: `1.2.3.${i}`,
    roles: ['reader'],
    requestId: `r${i}`,
    entities: [{ kind: 'prediction', id: `id-${i}`, digest: 'ab'.repeat(32) }],
  };
}

export async function namesOf(outside: OutsideHeads, after?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of outside.list(after)) names.push(name);
  return names;
}
