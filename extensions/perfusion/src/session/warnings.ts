import { isBiasedByDelay, methodName } from '../results/index.ts';
import type { ComputedMaps } from './state.ts';

/** What a reader has to know before using the maps, a sentence each. */
export function allWarnings({ vessels, settings }: Pick<ComputedMaps, 'vessels' | 'settings'>): readonly string[] {
  return [
    ...vessels.warnings.map(({ message }) => message),
    ...(isBiasedByDelay(settings.method)
      ? [
          `${methodName(settings.method)} takes the tissue to be supplied without delay: where the bolus comes late, it shows too little flow and too long transit.`,
        ]
      : []),
  ];
}
