import type { Host } from '@voxelwise/host';
import { HOFF_2001, type PercentileTable, PercentileTableError, parsePercentileTable } from '../core/index.ts';

/** The reference scores that percentiles are taken from. */
export interface SitePercentiles {
  /** Null where the site's own table cannot be used: then no percentile is given, not one of another table. */
  readonly table: PercentileTable | null;
  /** Why the site's table cannot be used, in sentences; otherwise ''. */
  readonly problem: string;
}

/** Used where a site has chosen no table. */
export const EXAMPLE_PERCENTILES: SitePercentiles = { table: HOFF_2001, problem: '' };

/** The key of `window.config` under which a site names its table: `'@voxelwise/calcium': { percentileTable: '/mesa.json' }`. */
const SETTING = '@voxelwise/calcium';

/** The table that the site's configuration names by an address, or the example where it names none. */
export async function loadSitePercentiles(
  { appConfig }: Pick<Host, 'appConfig'>,
  base = location.href,
): Promise<SitePercentiles> {
  const setting = appConfig[SETTING];
  const named =
    typeof setting === 'object' && setting !== null
      ? (setting as { percentileTable?: unknown }).percentileTable
      : undefined;
  if (named === undefined || named === null || named === '') return EXAMPLE_PERCENTILES;
  try {
    if (typeof named !== 'string') throw new Error('its address must be a text.');
    const response = await fetch(new URL(named, base));
    if (!response.ok)
      throw new Error(`the server answered ${response.status} ${response.statusText}`.trim().concat('.'));
    return { table: parsePercentileTable(JSON.parse(await response.text())), problem: '' };
  } catch (error) {
    return {
      table: null,
      problem: `The site's percentile table ${JSON.stringify(named)} cannot be used: ${reason(error)}`,
    };
  }
}

function reason(error: unknown): string {
  if (error instanceof PercentileTableError) return error.message;
  if (error instanceof SyntaxError) return 'it is not JSON.';
  return error instanceof Error ? error.message : String(error);
}
