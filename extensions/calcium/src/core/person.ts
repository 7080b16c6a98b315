import { isBelowWeights, type Total } from './interpretation.ts';
import {
  assessMesaRisk,
  type MesaAssessment,
  type MesaInputs,
  missingMesaInputs,
  type PartialMesaInputs,
} from './mesa-risk.ts';
import { type PercentileResult, percentileOf } from './percentile.ts';
import type { PercentileTable } from './percentile-table.ts';

/** What a score means for one person, as far as enough is known of the person. */
export interface PersonAssessment {
  /** Null while age or sex is not known, or there is no table. */
  readonly percentile: PercentileResult | null;
  readonly mesa: MesaAssessment;
  /** What the risk was computed from; null unless all of it is known. */
  readonly mesaInputs: MesaInputs | null;
}

/**
 * Percentile bracket and MESA risk of a person.
 * @param total unrounded score, or null where there is none yet. Without one, or with one that is below the weights, there is no
 *   percentile, and the risk is that without calcium.
 * @param table reference scores, or null where there are none: then there is no percentile.
 */
export function assessPerson(
  person: PartialMesaInputs,
  total: Total | null,
  table: PercentileTable | null,
): PersonAssessment {
  const agatston = total && !isBelowWeights(total) ? total.agatston : null;
  const { ageYears, sex, race } = person;
  const isKnown = typeof ageYears === 'number' && typeof sex === 'string' && agatston !== null;
  return {
    percentile: isKnown && table ? percentileOf(table, { ageYears, sex, race: race ?? null }, agatston) : null,
    mesa: assessMesaRisk(person, agatston),
    mesaInputs: missingMesaInputs(person).length === 0 ? (person as MesaInputs) : null,
  };
}
