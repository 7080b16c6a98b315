import { EMERGENCY_HOURS, type emergencyInputSchema } from '@voxelwise/contract';
import type { z } from 'zod';
import type { Transaction } from '../database/connection.ts';
import type { EmergencyAccess } from '../generated/prisma/client.ts';
import type { Principal } from './principal.ts';
import type { StudyAtSite, StudyAuthority } from './study-authority.ts';

// Break-glass (45 CFR 164.312(a)(2)(ii)). Whoever may read images may, in an emergency, see a study that site or archive refuse:
// at any site, named in the request, because the claim of the token is just what may be wrong. The service knows sites from tokens
// and records alone; an access to a site without records shows nothing. What the person may do stays what their roles permit.

export type EmergencyInput = z.infer<typeof emergencyInputSchema>;

export interface SealedReason {
  readonly reasonSealed: string;
  readonly dataKeyId: string;
}

export interface ReasonSeal {
  /** Encrypts the reason for this row, with a data key that it stores. */
  seal(transaction: Transaction, id: string, reason: string): Promise<SealedReason>;
  /** The reasons in the order of the rows; null where the data key was destroyed. */
  open(transaction: Transaction, accesses: readonly EmergencyAccess[]): Promise<(string | null)[]>;
}

export type EmergencyGrant =
  | { readonly outcome: 'created' | 'repeated'; readonly access: EmergencyAccess }
  /** Another access has this id. */
  | { readonly outcome: 'id-taken' };

/**
 * Takes emergency access for four hours. Repeating a request does not prolong it; who needs longer gives a reason again, under
 * another id.
 */
export async function takeEmergencyAccess(
  transaction: Transaction,
  principal: Pick<Principal, 'person' | 'persons'>,
  input: EmergencyInput,
  reasons: ReasonSeal,
  now: Date,
): Promise<EmergencyGrant> {
  // Of two deliveries at once the second waits here, and then finds what the first has stored.
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`emergency ${input.id}`}, 0))`;
  const earlier = await transaction.emergencyAccess.findUnique({ where: { id: input.id } });
  if (earlier) {
    const isSame = await isRepetition(transaction, earlier, principal, input, reasons);
    return isSame ? { outcome: 'repeated', access: earlier } : { outcome: 'id-taken' };
  }
  const { reasonSealed, dataKeyId } = await reasons.seal(transaction, input.id, input.reason);
  const access = await transaction.emergencyAccess.create({
    data: {
      id: input.id,
      site: input.site,
      actor: principal.person,
      studyUid: input.studyUid ?? null,
      reasonSealed,
      dataKeyId,
      grantedAt: now,
      expiresAt: new Date(now.getTime() + EMERGENCY_HOURS * 3_600_000),
    },
  });
  return { outcome: 'created', access };
}

/** The emergency accesses of a person that hold at a moment, the one that holds longest first. */
export async function activeEmergencyAccesses(
  transaction: Transaction,
  persons: readonly string[],
  now: Date,
): Promise<EmergencyAccess[]> {
  return transaction.emergencyAccess.findMany({
    where: { actor: { in: [...persons] }, grantedAt: { lte: now }, expiresAt: { gt: now } },
    orderBy: [{ expiresAt: 'desc' }, { id: 'asc' }],
  });
}

/** Emergency accesses to sites, also those that have ended, newest first. */
export async function listEmergencyAccesses(
  transaction: Transaction,
  sites: readonly string[],
  limit: number,
): Promise<EmergencyAccess[]> {
  return transaction.emergencyAccess.findMany({
    where: { site: { in: [...sites] } },
    orderBy: [{ grantedAt: 'desc' }, { id: 'asc' }],
    take: limit,
  });
}

/** The access that covers a study, for its audit event; one of that very study before one of the whole site. */
export function accessThatCovers(
  accesses: readonly EmergencyAccess[],
  study: StudyAtSite,
): EmergencyAccess | undefined {
  const ofSite = accesses.filter(({ site }) => site === study.site);
  return ofSite.find(({ studyUid }) => studyUid === study.studyUid) ?? ofSite.find(({ studyUid }) => studyUid === null);
}

/** Sites whose records a person may be shown: those of the token, and those of the emergency. */
export function sitesInEmergency(principal: Principal, accesses: readonly EmergencyAccess[]): string[] {
  return [...new Set([...principal.sites, ...accesses.map(({ site }) => site)])];
}

/** An authority that allows what these accesses cover, for the request of the person who has them; else it asks the other one. */
export function withEmergencyAccess(authority: StudyAuthority, accesses: readonly EmergencyAccess[]): StudyAuthority {
  const isCovered = (study: StudyAtSite) => accessThatCovers(accesses, study) !== undefined;
  return {
    maySee: async (principal, study) => (isCovered(study) ? 'yes' : authority.maySee(principal, study)),
    async maySeeMany(principal, studies) {
      const others = await authority.maySeeMany(
        principal,
        studies.filter(study => !isCovered(study)),
      );
      let next = 0;
      return studies.map(study => (isCovered(study) ? 'yes' : others[next++]!));
    },
  };
}

/** Whether this is the same request of the same person again, also after their pseudonym was renewed. */
async function isRepetition(
  transaction: Transaction,
  earlier: EmergencyAccess,
  { persons }: Pick<Principal, 'persons'>,
  { site, studyUid, reason }: EmergencyInput,
  reasons: ReasonSeal,
): Promise<boolean> {
  if (!persons.includes(earlier.actor) || earlier.site !== site || earlier.studyUid !== (studyUid ?? null))
    return false;
  const [stored] = await reasons.open(transaction, [earlier]);
  return stored === reason;
}
