// A sealed trail to tamper with, as an insider would who owns the database but has no signing key.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { namesOf, type TestTrail, testEvent, testTrail } from '../audit.test-support.ts';
import { recordAudit } from '../audit-event.ts';
import { Frontier } from '../merkle-tree.ts';
import { eventLeafHash } from '../tree-head.ts';
import type { Finding, FindingKind } from './findings.ts';
import { type AuditReport, type VerifyOptions, verifyAudit } from './verify-audit.ts';

const TABLES = ['audit_event', 'audit_leaf', 'audit_node', 'audit_tree_head'];

export interface TamperTrail extends TestTrail {
  /** Names of the files outside. */
  names: string[];
  /** Path of a file outside. */
  fileOf(place: number): string;
  /** As the owner of the tables. */
  tamper(sql: string, values?: unknown[]): Promise<pg.QueryResult>;
  verify(options?: Partial<VerifyOptions>): Promise<AuditReport>;
  /** Rewrites a file outside. */
  rewrite(place: number, change: (text: string) => string): Promise<void>;
  /** Makes leaves, nodes and roots of the database fit its rows again. */
  recomputeTree(): Promise<void>;
  /** Puts database and folder back as they were. */
  restore(): Promise<void>;
}

/** Three heads of 300, 320 and 340 events, so that there is a stored subtree, and five events that are not sealed. */
export async function tamperTrail(): Promise<TamperTrail> {
  const trail = await testTrail();
  for (const count of [300, 20, 20]) {
    await trail.db.transaction(tx => recordAudit(tx, ...Array.from({ length: count - 1 }, (_, i) => testEvent(i))));
    await trail.write(1);
    await trail.seal();
  }
  await trail.write(5);
  const names = await namesOf(trail.outside);
  const fileOf = (place: number) => path.join(trail.folder, names[place] as string);
  const tamper: TamperTrail['tamper'] = (sql, values = []) => trail.owner.pool.query(sql, values);
  await tamper('CREATE SCHEMA saved');
  for (const table of TABLES) await tamper(`CREATE TABLE saved.${table} AS TABLE ${table}`);
  const saved = `${trail.folder}-saved`;
  await cp(trail.folder, saved, { recursive: true });
  return {
    ...trail,
    names,
    fileOf,
    tamper,
    verify: options =>
      verifyAudit({ db: trail.db, publicKeys: trail.signer.publicKeys, outside: trail.outside, ...options }),
    async rewrite(place, change) {
      const before = await readFile(fileOf(place), 'utf8');
      const after = change(before);
      if (after === before) throw new Error('Nothing was changed.');
      await writeFile(fileOf(place), after);
    },
    recomputeTree: () => recomputeTree(tamper),
    async restore() {
      await tamper(`TRUNCATE ${TABLES.join(', ')}`);
      for (const table of TABLES) await tamper(`INSERT INTO ${table} TABLE saved.${table}`);
      await rm(trail.folder, { recursive: true });
      await cp(saved, trail.folder, { recursive: true });
    },
    async remove() {
      await rm(saved, { recursive: true });
      await trail.remove();
    },
  };
}

async function recomputeTree(tamper: TamperTrail['tamper']): Promise<void> {
  const { rows } = await tamper(
    'SELECT l.leaf_index, e.* FROM audit_leaf l JOIN audit_event e ON e.seq = l.seq ORDER BY l.leaf_index',
  );
  const heads = (await tamper('SELECT size::int FROM audit_tree_head')).rows.map(row => row.size);
  const frontier = new Frontier();
  for (const row of rows) {
    const hash = eventLeafHash({ seq: BigInt(row.seq), event: row.event, transactionId: BigInt(row.transaction_id) });
    await tamper('UPDATE audit_leaf SET leaf_hash = $2 WHERE leaf_index = $1', [row.leaf_index, hash]);
    const nodes: [number, number, Buffer][] = [];
    frontier.append(hash, (level, index, hashed) => nodes.push([level, index, hashed]));
    for (const node of nodes) await tamper('UPDATE audit_node SET hash = $3 WHERE level = $1 AND index = $2', node);
    if (heads.includes(frontier.size)) {
      await tamper('UPDATE audit_tree_head SET root = $2 WHERE size = $1', [frontier.size, frontier.root()]);
    }
  }
}

export const kinds = (report: AuditReport) => report.findings.map(finding => finding.kind);

export const found = (report: AuditReport, kind: FindingKind): Finding[] =>
  report.findings.filter(finding => finding.kind === kind);
