import type { RouteName } from '@voxelwise/contract';
import type { Call } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { activeEmergencies } from '../identity/emergency.ts';
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
  switch (await services.authority.maySee(principal, { site, studyUid })) {
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

async function emergencyFor(
  services: Services,
  { principal }: Caller,
  { site, studyUid }: StudyAtSite,
): Promise<string | null> {
  const emergencies = await activeEmergencies(services.database.prisma, principal.persons, new Date());
  const found = emergencies.find(one => one.site === site && (one.studyUid === null || one.studyUid === studyUid));
  return found?.id ?? null;
}

/**
 * The studies of a list that the caller may see, in the order given. Those that the archive cannot be asked about are left out with the
 * rest: a list is not complete for anybody. Where the archive answers nothing at all, that is a problem of its own.
 */
export async function visibleStudies(
  services: Services,
  caller: Caller,
  studies: readonly StudyAtSite[],
): Promise<ReadonlySet<string>> {
  const visible = new Set<string>();
  let unavailable = 0;
  const distinct = new Map(studies.map(study => [keyOfStudy(study), study]));
  await Promise.all(
    [...distinct].map(async ([key, study]) => {
      const refusal = await refusalOf(services, caller, study);
      if (!refusal) visible.add(key);
      else if (refusal.code === 'archive-unavailable') unavailable++;
    }),
  );
  if (unavailable === distinct.size && unavailable > 0) {
    throw new ServiceProblem(
      'archive-unavailable',
      'The archive cannot be asked which studies you may see. Try again.',
      { retryAfterS: 5 },
    );
  }
  if (visible.size < distinct.size) {
    const emergencies = await activeEmergencies(services.database.prisma, caller.principal.persons, new Date());
    for (const [key, study] of distinct) {
      if (
        emergencies.some(one => one.site === study.site && (one.studyUid === null || one.studyUid === study.studyUid))
      )
        visible.add(key);
    }
  }
  return visible;
}

export function keyOfStudy({ site, studyUid }: StudyAtSite): string {
  return `${site} ${studyUid ?? ''}`;
}
