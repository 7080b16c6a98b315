import { ABSOLUTE_CONSTANTS, type PerfusionMap, type TissueConstants } from '../../core/index.ts';
import type { DisplayRange } from './render-map.ts';

/** How a map is named and shown. */
export interface MapDisplay {
  readonly map: PerfusionMap;
  /** In full, for headings. */
  readonly name: string;
  /** Range at first; a reader can change it. */
  readonly range: DisplayRange;
  /** Decimals that a value of the map is printed with. */
  readonly decimals: number;
}

export const MAP_DISPLAYS: Readonly<Record<PerfusionMap, MapDisplay>> = {
  CBF: { map: 'CBF', name: 'Cerebral blood flow', range: [0, 100], decimals: 1 },
  CBV: { map: 'CBV', name: 'Cerebral blood volume', range: [0, 10], decimals: 2 },
  MTT: { map: 'MTT', name: 'Mean transit time', range: [0, 10], decimals: 2 },
  Tmax: { map: 'Tmax', name: 'Time to maximum of the residue function', range: [0, 12], decimals: 2 },
  TTP: { map: 'TTP', name: 'Time to peak', range: [0, 10], decimals: 2 },
};

/** With a density of 1 g/mL (RELATIVE_CONSTANTS) nothing is divided by it: values are per 100 mL, not per 100 g. */
export function isPerVolume({ densityGPerMl }: TissueConstants): boolean {
  return densityGPerMl === 1;
}

/** The unit of a map as it is printed. */
export function unitOf(map: PerfusionMap, constants: TissueConstants = ABSOLUTE_CONSTANTS): string {
  const per = isPerVolume(constants) ? '100 mL' : '100 g';
  if (map === 'CBF') return `mL/${per}/min`;
  return map === 'CBV' ? `mL/${per}` : 's';
}

/** A value as it is printed, without its unit; "no value" where the map has none. */
export function formatMapValue(map: PerfusionMap, value: number): string {
  return Number.isFinite(value) ? value.toFixed(MAP_DISPLAYS[map].decimals) : 'no value';
}
