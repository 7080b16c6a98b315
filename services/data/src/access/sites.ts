import { ServiceProblem } from '../http/service-problem.ts';
import type { Principal } from '../identity/principal.ts';

/** The site that a new record belongs to: the one that is named, or the caller's only one. */
export function siteForWriting({ sites }: Principal, named: string | undefined): string {
  if (named !== undefined) {
    if (!sites.includes(named)) throw new ServiceProblem('forbidden', 'Your token does not name this site.');
    return named;
  }
  const [only, ...others] = sites;
  if (only !== undefined && others.length === 0) return only;
  throw new ServiceProblem(
    'site-needed',
    only === undefined
      ? 'Your token names no site: nothing can be stored for you.'
      : 'Your token names several sites: say which one this is of.',
  );
}

/** The sites that a list is made of: the one that is named, or all of the caller's. Another one's gives an empty list. */
export function sitesForReading({ sites }: Principal, named: string | undefined): readonly string[] {
  if (named === undefined) return sites;
  return sites.includes(named) ? [named] : [];
}
