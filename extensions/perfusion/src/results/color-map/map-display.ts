import type { PerfusionMap } from '../../core/index.ts';
import type { DisplayRange } from './render-map.ts';

/** How a map is named and shown. */
export interface MapDisplay {
  readonly map: PerfusionMap;
  /** In full, for headings. */
  readonly name: string;
  /** As it is printed. */
  readonly unit: string;
  /** Range at first; a reader can change it. */
  readonly range: DisplayRange;
  /** Decimals that a value of the map is printed with. */
  readonly decimals: number;
}

export const MAP_DISPLAYS: Readonly<Record<PerfusionMap, MapDisplay>> = {
  CBF: { map: 'CBF', name: 'Cerebral blood flow', unit: 'mL/100 g/min', range: [0, 100], decimals: 1 },
  CBV: { map: 'CBV', name: 'Cerebral blood volume', unit: 'mL/100 g', range: [0, 10], decimals: 2 },
  MTT: { map: 'MTT', name: 'Mean transit time', unit: 's', range: [0, 10], decimals: 2 },
  Tmax: { map: 'Tmax', name: 'Time to maximum of the residue function', unit: 's', range: [0, 12], decimals: 2 },
  TTP: { map: 'TTP', name: 'Time to peak', unit: 's', range: [0, 10], decimals: 2 },
};

/** A value as it is printed, without its unit; "no value" where the map has none. */
export function formatMapValue(map: PerfusionMap, value: number): string {
  return Number.isFinite(value) ? value.toFixed(MAP_DISPLAYS[map].decimals) : 'no value';
}
