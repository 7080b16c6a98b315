import type { Host } from './host.ts';

/** The key of `window.config` under which a site says which OHIF it serves: `'@voxelwise/host': { ohifVersion: '3.13.2' }`. */
const SETTING = '@voxelwise/host';

/**
 * Which OHIF is running: the version that the site's configuration names, else the build, by the hash in the name of the host's
 * script. No release exposes its version to extensions. Null where neither is known.
 */
export function viewerVersionOf(
  { appConfig }: Pick<Host, 'appConfig'>,
  scripts?: Iterable<{ readonly src: string }>,
): string | null {
  const { ohifVersion } = (appConfig[SETTING] ?? {}) as { ohifVersion?: unknown };
  if (typeof ohifVersion === 'string' && ohifVersion !== '') return ohifVersion;
  for (const { src } of scripts ?? document.scripts) {
    const hash = /\/app\.bundle\.([0-9a-f]{8,64})\.js$/.exec(src)?.[1];
    if (hash) return `build ${hash}`;
  }
  return null;
}
