import type { Transaction } from '../database/connection.ts';
import type { SplitGroup } from '../splits/split-plan.ts';
import { isCandidate, type Scope } from './candidates.ts';

/** A record's person in a split: the patient's newest pseudonym, or the study where no patient is named. */
export function memberOf(
  record: { readonly patient: string | null; readonly studyUid: string | null },
  newestPatient: (pseudonym: string) => string,
): string {
  return record.patient === null ? `study:${record.studyUid}` : newestPatient(record.patient);
}

/**
 * The people of an export's candidates, each with everything that is one person: pseudonyms that share a study (clients differ in
 * whether they name the issuer of a patient id), and studies of which some records name the patient and some do not.
 *
 * The whole site is looked at for that, up to the moment of the export.
 */
export async function readPeople(
  transaction: Transaction,
  scope: Scope,
  newestPatient: (pseudonym: string) => string,
): Promise<SplitGroup[]> {
  const people = new People();
  const shared = await transaction.$queryRaw<{ study_uid: string; patients: (string | null)[] }[]>`
    SELECT p.study_uid, array_agg(DISTINCT p.patient) AS patients FROM prediction p
    WHERE p.site = ${scope.site} AND p.created_at <= ${scope.asOf} AND p.shredded_at IS NULL
    GROUP BY p.study_uid HAVING count(DISTINCT p.patient) + bool_or(p.patient IS NULL)::int > 1`;
  for (const { study_uid: studyUid, patients } of shared) {
    people.join(patients.map(patient => memberOf({ patient, studyUid }, newestPatient)));
  }
  const records = await transaction.$queryRaw<
    { patient: string | null; study_uid: string | null; kind: string; records: number }[]
  >`
    SELECT p.patient, CASE WHEN p.patient IS NULL THEN p.study_uid END AS study_uid, p.kind, count(*)::int AS records
    FROM prediction p WHERE ${isCandidate(scope)} GROUP BY 1, 2, 3`;
  for (const { patient, study_uid: studyUid, kind, records: count } of records) {
    people.add(memberOf({ patient, studyUid }, newestPatient), kind, count);
  }
  return people.groups();
}

/** Disjoint sets of members. Those without any record become no group, but stay members: they may have a split from before. */
class People {
  readonly #parents = new Map<string, string>();
  readonly #kinds = new Map<string, Set<string>>();
  readonly #records = new Map<string, number>();

  join(members: readonly string[]): void {
    const [first, ...rest] = members;
    if (first === undefined) return;
    const root = this.#rootOf(first);
    for (const member of rest) this.#parents.set(this.#rootOf(member), root);
  }

  add(member: string, kind: string, records: number): void {
    this.#rootOf(member);
    this.#records.set(member, (this.#records.get(member) ?? 0) + records);
    this.#kinds.set(member, (this.#kinds.get(member) ?? new Set()).add(kind));
  }

  groups(): SplitGroup[] {
    const membersOf = new Map<string, string[]>();
    for (const member of this.#parents.keys()) {
      const root = this.#rootOf(member);
      const members = membersOf.get(root);
      if (members) members.push(member);
      else membersOf.set(root, [member]);
    }
    return [...membersOf.values()]
      .map(members => ({
        members: members.sort(),
        records: members.reduce((sum, member) => sum + (this.#records.get(member) ?? 0), 0),
        stratum: [...new Set(members.flatMap(member => [...(this.#kinds.get(member) ?? [])]))].sort().join(' '),
      }))
      .filter(({ records }) => records > 0);
  }

  #rootOf(member: string): string {
    let root = member;
    for (
      let parent = this.#parents.get(root);
      parent !== undefined && parent !== root;
      parent = this.#parents.get(root)
    ) {
      root = parent;
    }
    this.#parents.set(member, root);
    return root;
  }
}
