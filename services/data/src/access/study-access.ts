import type { RouteName } from '@voxelwise/contract';
import type { EmergencyAccess } from '../generated/prisma/client.ts';
import type { Call } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { accessThatCovers, activeEmergencyAccesses } from '../identity/emergency.ts';
import type { StudyAnswer } from '../identity/study-authority.ts';
import type { Services } from '../services.ts';

/** A study at a site; a record without a study belongs to its site alone. */
export interface StudyAtSite {
  readonly site: string;
  readonly studyUid: string | null;
}

/** By which right somebody sees a study. */
export interface Access {
  /** The emergency access that was made use of; null where none was needed. */
  readonly emergencyAccessId: string | null;
}

const BY_RIGHT: Access = { emergencyAccessId: null };

type Caller = Pick<Call<RouteName>, 'principal'>;

/**
 * Makes sure that the caller may see a study: the site must be one of the caller's, and the archive, where it is asked, must show the
 * study to the caller. What is refused may be opened by an emergency access.
 * @throws ServiceProblem: not-found for another site (whose records are not told apart from none), study-refused, archive-unavailable
 */
export async function requireStudyAccess(services: Services, caller: Caller, study: StudyAtSite): Promise<Access> {
  const refusal = await refusalOf(services, caller, study);
  if (!refusal) return BY_RIGHT;
  const emergencyAccessId = await emergencyFor(services, caller, study);
  if (emergencyAccessId) return { emergencyAccessId };
  throw refusal;
}

async function refusalOf(
  services: Services,
  { principal }: Caller,
  { site, studyUid }: StudyAtSite,
): Promise<ServiceProblem | null> {
  if (!principal.sites.includes(site)) return new ServiceProblem('not-found');
  if (studyUid === null) return null;
  const answer: StudyAnswer = await services.authority.maySee(principal, { site, studyUid });
  switch (answer) {
    case 'yes':
      return null;
    case 'no':
      return new ServiceProblem(
        'study-refused',
        'The archive does not show this study to you, and so this service does not either.',
      );
    case 'unavailable':
      return new ServiceProblem(
        'archive-unavailable',
        'The archive cannot be asked whether you may see this study. Try again.',
        { retryAfterS: 5 },
      );
  }
}

async function emergencyFor(services: Services, caller: Caller, study: StudyAtSite): Promise<string | null> {
  return coveredBy(await activeOf(services, caller), study);
}

function activeOf({ database }: Services, { principal }: Caller): Promise<EmergencyAccess[]> {
  return activeEmergencyAccesses(database.prisma, principal.persons, new Date());
}

/** An access to a whole site covers what belongs to no study, too. */
function coveredBy(accesses: readonly EmergencyAccess[], { site, studyUid }: StudyAtSite): string | null {
  return accessThatCovers(accesses, { site, studyUid: studyUid ?? '' })?.id ?? null;
}

export interface VisibleStudies {
  /** By keyOfStudy. */
  readonly keys: ReadonlySet<string>;
  /** An emergency access that was made use of. */
  readonly emergencyAccessId: string | null;
}

/**
 * The studies of a list that the caller may see. Those that the archive cannot be asked about are left out with the rest: a list is not
 * complete for anybody. Where the archive answers nothing at all, that is a problem of its own.
 */
export async function visibleStudies(
  services: Services,
  caller: Caller,
  studies: readonly StudyAtSite[],
): Promise<VisibleStudies> {
  const distinct = new Map(studies.map(study => [keyOfStudy(study), study]));
  const refusals = new Map<string, ServiceProblem | null>();
  await Promise.all(
    [...distinct].map(async ([key, study]) => refusals.set(key, await refusalOf(services, caller, study))),
  );
  const refused = [...refusals].flatMap(([key, refusal]) => (refusal ? [{ key, refusal }] : []));
  const [first] = refused;
  if (
    first &&
    refused.length === distinct.size &&
    refused.every(({ refusal }) => refusal.code === 'archive-unavailable')
  ) {
    throw first.refusal;
  }
  const keys = new Set([...refusals].flatMap(([key, refusal]) => (refusal ? [] : [key])));
  let emergencyAccessId: string | null = null;
  if (refused.length > 0) {
    const accesses = await activeOf(services, caller);
    for (const { key } of refused) {
      const id = coveredBy(accesses, distinct.get(key)!);
      if (!id) continue;
      keys.add(key);
      emergencyAccessId = id;
    }
  }
  return { keys, emergencyAccessId };
}

export function keyOfStudy({ site, studyUid }: StudyAtSite): string {
  return `${site} ${studyUid ?? ''}`;
}
