import { createHmac, type KeyObject } from 'node:crypto';
import { SPLITS, type Split } from '@voxelwise/contract';

export type SplitRatios = Readonly<Record<Split, number>>;

export const DEFAULT_RATIOS: SplitRatios = { train: 0.7, validation: 0.15, test: 0.15 };

/** Fewer groups than this cannot be split near the ratios. */
export const FEWEST_GROUPS = 7;

/** A stratum with at least so many groups is brought to the ratios by itself; smaller ones are joined. */
export const FEWEST_GROUPS_OF_A_STRATUM = 10;

/** What must stay in one split: all that is known of one patient. */
export interface SplitGroup {
  /** Tokens of one person: pseudonyms, or studies without a patient. At least one. */
  readonly members: readonly string[];
  /** At least 1. */
  readonly records: number;
  /** What should be distributed alike, such as the kinds of the records. */
  readonly stratum: string;
}

export interface SplitPlan {
  /** Of every member but those of `conflicts`. */
  readonly splits: ReadonlyMap<string, Split>;
  /** Members that had no split yet. */
  readonly fresh: readonly string[];
  /** Members that were assigned another split than the rest of their person, before it was known that they are one. */
  readonly conflicts: readonly string[];
}

/**
 * Assigns groups to splits. Nothing that was assigned moves. Groups without a split come in the order of HMAC-SHA-256(key, site,
 * line, group), and each goes to the split that lacks most records of its share. So the ratio of a new line misses by at most
 * the records of its largest group, which a hash of the patient alone does not reach (40/10/50 for ten patients).
 *
 * @param assigned splits by member, in the order in which they were assigned: where one person has two, the earlier holds
 */
export function planSplits(input: {
  readonly site: string;
  readonly line: string;
  readonly splitKey: KeyObject;
  readonly groups: readonly SplitGroup[];
  readonly assigned: ReadonlyMap<string, Split>;
  readonly ratios: SplitRatios;
}): SplitPlan {
  const { groups, assigned, ratios } = input;
  const firstSplits = firstSplitsOf(groups, assigned);
  const splits = new Map<SplitGroup, Split>();
  for (const pool of poolsOf(groups)) {
    const total = pool.reduce((sum, { records }) => sum + records, 0);
    const lacking = Object.fromEntries(SPLITS.map(split => [split, ratios[split] * total])) as Record<Split, number>;
    const assign = (group: SplitGroup, split: Split) => {
      splits.set(group, split);
      lacking[split] -= group.records;
    };
    const waiting: SplitGroup[] = [];
    for (const group of pool) {
      const split = firstSplits.get(group);
      if (split) assign(group, split);
      else waiting.push(group);
    }
    for (const group of inKeyedOrder(waiting, input)) {
      assign(
        group,
        SPLITS.reduce((most, split) => (lacking[split] > lacking[most] ? split : most)),
      );
    }
  }
  return membersOf(splits, assigned);
}

/** The split that any member of a group was assigned first. */
function firstSplitsOf(groups: readonly SplitGroup[], assigned: ReadonlyMap<string, Split>): Map<SplitGroup, Split> {
  const groupOf = new Map(groups.flatMap(group => group.members.map(member => [member, group] as const)));
  const first = new Map<SplitGroup, Split>();
  for (const [member, split] of assigned) {
    const group = groupOf.get(member);
    if (group && !first.has(group)) first.set(group, split);
  }
  return first;
}

/** Large strata each by themselves, all others together. */
function poolsOf(groups: readonly SplitGroup[]): SplitGroup[][] {
  const byStratum = new Map<string, SplitGroup[]>();
  for (const group of groups) {
    const stratum = byStratum.get(group.stratum);
    if (stratum) stratum.push(group);
    else byStratum.set(group.stratum, [group]);
  }
  const strata = [...byStratum.keys()].sort().map(name => byStratum.get(name)!);
  const large = strata.filter(stratum => stratum.length >= FEWEST_GROUPS_OF_A_STRATUM);
  const small = strata.filter(stratum => stratum.length < FEWEST_GROUPS_OF_A_STRATUM).flat();
  return small.length > 0 ? [...large, small] : large;
}

function inKeyedOrder(
  groups: readonly SplitGroup[],
  { site, line, splitKey }: { site: string; line: string; splitKey: KeyObject },
): SplitGroup[] {
  const keyed = groups.map(group => {
    const name = [...group.members].sort()[0]!;
    const text = JSON.stringify([site, line, name]);
    return { group, place: createHmac('sha256', splitKey).update(text).digest('hex') };
  });
  return keyed.sort((one, other) => (one.place < other.place ? -1 : 1)).map(({ group }) => group);
}

function membersOf(groups: ReadonlyMap<SplitGroup, Split>, assigned: ReadonlyMap<string, Split>): SplitPlan {
  const splits = new Map<string, Split>();
  const fresh: string[] = [];
  const conflicts: string[] = [];
  for (const [{ members }, split] of groups) {
    for (const member of members) {
      const before = assigned.get(member);
      if (before && before !== split) {
        conflicts.push(member);
        continue;
      }
      splits.set(member, split);
      if (!before) fresh.push(member);
    }
  }
  return { splits, fresh: fresh.sort(), conflicts: conflicts.sort() };
}
