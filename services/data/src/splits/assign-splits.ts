import type { KeyObject } from 'node:crypto';
import type { Split } from '@voxelwise/contract';
import type { Transaction } from '../database/connection.ts';
import { planSplits, type SplitGroup, type SplitPlan, type SplitRatios } from './split-plan.ts';

export interface SplitRequest {
  readonly site: string;
  /** Data sets of one line share their splits. */
  readonly line: string;
  /** The export that needs them. */
  readonly exportId: string;
  /** Orders new groups. Another key orders them otherwise; what was assigned stays. */
  readonly splitKey: KeyObject;
  readonly groups: readonly SplitGroup[];
  readonly ratios: SplitRatios;
  /** The newest pseudonym of a stored member: rows may hold older ones while pseudonyms are rotated. */
  readonly newestMember: (member: string) => string;
}

const ROWS_OF_AN_INSERT = 2000;

/**
 * Looks up the splits of groups, and assigns those that have none yet, for good. Exports of one line wait for each other: each sees
 * what the others assigned.
 *
 * @param transaction read committed, the default: it must see what was committed while it waited
 */
export async function assignSplits(transaction: Transaction, request: SplitRequest): Promise<SplitPlan> {
  const { site, line, exportId, newestMember } = request;
  const lock = JSON.stringify(['splits', site, line]);
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`;
  const rows = await transaction.splitAssignment.findMany({
    where: { site, line },
    select: { patient: true, split: true },
    orderBy: [{ createdAt: 'asc' }, { patient: 'asc' }],
  });
  const assigned = new Map<string, Split>();
  for (const { patient, split } of rows) {
    const member = newestMember(patient);
    if (!assigned.has(member)) assigned.set(member, split as Split);
  }
  const plan = planSplits({ ...request, assigned });
  for (let at = 0; at < plan.fresh.length; at += ROWS_OF_AN_INSERT) {
    const members = plan.fresh.slice(at, at + ROWS_OF_AN_INSERT);
    await transaction.splitAssignment.createMany({
      data: members.map(patient => ({ site, line, patient, split: plan.splits.get(patient)!, assignedIn: exportId })),
    });
  }
  return plan;
}
