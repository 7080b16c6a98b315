import type { Host } from '@voxelwise/host';

/** The key of `window.config` under which a site names the service: `'@voxelwise/records': { dataService: 'https://…/api' }`. */
const SETTING = '@voxelwise/records';

/** Where `npm start`, and a reverse proxy by our guide, have it. */
const DEFAULT_ADDRESS = '/api';

export interface ConfiguredService {
  /** Absolute, without a slash at the end; null where the site has switched it off, or its setting is none. */
  readonly url: string | null;
  /** The site names it, so that it is expected to be there. */
  readonly isNamed: boolean;
  /** What is wrong with the setting, in a sentence; otherwise ''. */
  readonly problem: string;
}

/** Where the site's configuration has the data service. `dataService: false` switches it off. */
export function configuredService({ appConfig }: Pick<Host, 'appConfig'>, base = location.href): ConfiguredService {
  const setting = (appConfig[SETTING] ?? {}) as { dataService?: unknown };
  const address = setting.dataService;
  if (address === false) return { url: null, isNamed: false, problem: '' };
  if (address === undefined || address === null || address === '') {
    return { url: absolute(DEFAULT_ADDRESS, base), isNamed: false, problem: '' };
  }
  const url = typeof address === 'string' ? absolute(address, base) : null;
  const problem = url
    ? ''
    : `The site's configuration names a data service that is no address (${SETTING}, dataService); nothing is logged.`;
  return { url, isNamed: url !== null, problem };
}

/** The site that records of this viewer belong to, for readers of several: `'@voxelwise/records': { site: 'north' }`. */
export function configuredSite({ appConfig }: Pick<Host, 'appConfig'>): string | undefined {
  const { site } = (appConfig[SETTING] ?? {}) as { site?: unknown };
  return typeof site === 'string' && site !== '' ? site : undefined;
}

function absolute(address: string, base: string): string | null {
  if (!URL.canParse(address, base)) return null;
  const { protocol, origin, pathname } = new URL(address, base);
  return /^https?:$/.test(protocol) ? `${origin}${pathname.replace(/\/+$/, '')}` : null;
}
