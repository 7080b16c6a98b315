import type { Principal } from './principal.ts';

/** A study at a site. */
export interface StudyAtSite {
  readonly site: string;
  readonly studyUid: string;
}

/** `unavailable`: whoever decides cannot be asked right now. It is treated as a refusal, and said as what it is. */
export type StudyAnswer = 'yes' | 'no' | 'unavailable';

/** Decides who may see what belongs to a study. */
export interface StudyAuthority {
  maySee(principal: Principal, study: StudyAtSite): Promise<StudyAnswer>;
  /** The answers in the order of the studies. */
  maySeeMany(principal: Principal, studies: readonly StudyAtSite[]): Promise<StudyAnswer[]>;
}

/** Whoever belongs to the site may see its studies. */
export function siteAuthority(): StudyAuthority {
  return authorityOf(async ({ sites }, { site }) => (sites.includes(site) ? 'yes' : 'no'));
}

/** Whoever all of them allow. Once one refuses, the others are not asked. */
export function allOf(...authorities: readonly StudyAuthority[]): StudyAuthority {
  return authorityOf(async (principal, study) => {
    for (const authority of authorities) {
      const answer = await authority.maySee(principal, study);
      if (answer !== 'yes') return answer;
    }
    return 'yes';
  });
}

/** An authority that decides on one study at a time. */
export function authorityOf(maySee: StudyAuthority['maySee']): StudyAuthority {
  return { maySee, maySeeMany: (principal, studies) => Promise.all(studies.map(study => maySee(principal, study))) };
}
