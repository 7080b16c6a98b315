import { PRODUCER_ORDER, type Producer } from '@voxelwise/compute';
import type { Host } from './host.ts';

/** Which producer is asked to compute first. The others still finish the job when it cannot. */
export interface ComputePreference {
  /** Null leaves the choice to the engine's own measurement. */
  readonly prefer: Producer | null;
  /** What is wrong with the setting, in a sentence; otherwise ''. */
  readonly problem: string;
}

/** The key of `window.config` under which a site sets it: `'@voxelwise/compute': { producer: 'wasm' }`. */
const SETTING = '@voxelwise/compute';
/** The parameter of the page's address, which a researcher adds to one study: `&producer=webgl2`. It goes first. */
const PARAMETER = 'producer';

/** Reads the preference from the page's address, else from the site's configuration. */
export function computePreference(
  { appConfig }: Pick<Host, 'appConfig'>,
  address = location.search,
): ComputePreference {
  const configured = appConfig[SETTING];
  const ofSite =
    typeof configured === 'object' && configured !== null ? (configured as { producer?: unknown }).producer : undefined;
  const wanted = new URLSearchParams(address).get(PARAMETER) ?? ofSite;
  if (wanted === undefined || wanted === '') return { prefer: null, problem: '' };
  const prefer = PRODUCER_ORDER.find(producer => producer === wanted);
  if (prefer) return { prefer, problem: '' };
  const choices = PRODUCER_ORDER.join(', ');
  return { prefer: null, problem: `There is no producer named "${wanted}" (${choices}); the fastest one is used.` };
}
