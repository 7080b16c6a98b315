import { isBelowWeights, type Total } from './interpretation.ts';
import {
  assessMesaRisk,
  type MesaAssessment,
  type MesaInputs,
  missingMesaInputs,
  type PartialMesaInputs,
} from './mesa-risk.ts';
import { type PercentileResult, percentileOf, racesOf } from './percentile.ts';
import { isSameGroupName, type PercentileTable } from './percentile-table.ts';

/** What is known of a person; null or absent is not known. */
export interface Person extends PartialMesaInputs {
  /** A group of the percentile table, where that has groups. They are the table's own and need not be those of MESA. */
  readonly tableGroup?: string | null;
}

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
export function assessPerson(person: Person, total: Total | null, table: PercentileTable | null): PersonAssessment {
  const agatston = total && !isBelowWeights(total) ? total.agatston : null;
  const { tableGroup: _, ...inputs } = person;
  const { ageYears, sex } = inputs;
  const isKnown = typeof ageYears === 'number' && typeof sex === 'string' && agatston !== null;
  return {
    percentile:
      isKnown && table ? percentileOf(table, { ageYears, sex, race: tableGroupOf(person, table) }, agatston) : null,
    mesa: assessMesaRisk(inputs, agatston),
    mesaInputs: missingMesaInputs(inputs).length === 0 ? (inputs as MesaInputs) : null,
  };
}

/**
 * One sentence for each fact that the image's header gives otherwise: then one of the two is another person's, or wrong. An age is
 * the same within a year, because it may be that of another day.
 */
export function personWarnings({ sex, ageYears }: Person, imaged: Pick<Person, 'sex' | 'ageYears'>): string[] {
  const warnings: string[] = [];
  if (sex && imaged.sex && sex !== imaged.sex) {
    warnings.push(
      `Risk and percentile are for a ${sex} person, but by the image's header the person is ${imaged.sex}.`,
    );
  }
  if (isNumber(ageYears) && isNumber(imaged.ageYears) && Math.abs(ageYears - imaged.ageYears) > 1) {
    warnings.push(
      `Risk and percentile are for an age of ${ageYears} years, but by the image's header the person is ${imaged.ageYears} years old.`,
    );
  }
  return warnings;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The person's group in a table: the chosen one, else the one that is called like the race of the MESA risk; null for none. */
export function tableGroupOf({ tableGroup, race }: Person, table: PercentileTable): string | null {
  if (tableGroup) return tableGroup;
  return racesOf(table).find(group => race && isSameGroupName(group, race)) ?? null;
}
