import type { Conventions, PredictionInput } from './contract.ts';

/** The same text for equal conventions. */
export function conventionsKey(conventions: Conventions): string {
  return JSON.stringify(Object.entries(conventions).sort(([a], [b]) => a.localeCompare(b)));
}

/** The same text for predictions that rest on the same: one of them can be the correction of the other. */
export function basisKey({ algorithm, conventions }: Pick<PredictionInput, 'algorithm' | 'conventions'>): string {
  return `${algorithm.name} ${algorithm.version} ${conventionsKey(conventions)}`;
}
