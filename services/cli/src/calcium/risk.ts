import {
  arterialAgeYears,
  assessMesaRisk,
  cholesterolMgPerDl,
  HOFF_2001,
  type MesaAssessment,
  type MesaInputs,
  type MesaRace,
  type PartialMesaInputs,
  type PercentileResult,
  type PercentileTable,
  PercentileTableError,
  parsePercentileTable,
  percentileOf,
  SEXES,
  type Sex,
} from '@voxelwise/calcium/core';
import { readJsonFile } from '../json-file.ts';
import { Refusal } from '../refusal.ts';

/** A person as a risk file tells. Everything may be missing. */
export interface Person {
  readonly mesa: PartialMesaInputs;
  /** As written, for tables that have other groups than MESA. */
  readonly race: string | null;
}

/** What a score means for a person. */
export interface RiskResult {
  /** MESA 10-year risk of coronary heart disease. */
  readonly mesa: MesaAssessment;
  readonly arterialAgeYears: number;
  /** Null without a table. */
  readonly percentile: PercentileResult | null;
}

/** The name of the table that ships, in place of a file. */
export const SHIPPED_TABLE = 'hoff-2001';

type NumberKey = 'ageYears' | 'systolicMmHg' | 'totalCholesterolMgPerDl' | 'hdlCholesterolMgPerDl';
const NUMBER_KEYS: readonly NumberKey[] = [
  'ageYears',
  'systolicMmHg',
  'totalCholesterolMgPerDl',
  'hdlCholesterolMgPerDl',
];
const BOOLEAN_KEYS: readonly Exclude<keyof MesaInputs, NumberKey | 'sex' | 'race'>[] = [
  'hasDiabetes',
  'isSmoker',
  'takesLipidMedication',
  'takesBloodPressureMedication',
  'hasFamilyHistory',
];
/** The same values in the other unit. */
const MMOL_KEYS = {
  totalCholesterolMmolPerL: 'totalCholesterolMgPerDl',
  hdlCholesterolMmolPerL: 'hdlCholesterolMgPerDl',
} as const;
const KEYS = ['sex', 'race', ...NUMBER_KEYS, ...BOOLEAN_KEYS, ...Object.keys(MMOL_KEYS)];
const SHAPE = '{"sex": "female", "ageYears": 60, "race": "white", "systolicMmHg": 135, ...}';

/**
 * Reads a risk file. Inputs that are null or missing are not known.
 * @throws Refusal naming the key that is unknown or has a value of another kind.
 */
export async function readRiskFile(path: string): Promise<Person> {
  const value = await readJsonFile(path, 'risk file', '--risk', SHAPE);
  const wrong = (problem: string) => new Refusal(`The risk file ${path}: ${problem}; a person is ${SHAPE}.`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('it must be an object');
  const known = Object.entries(value).filter(([, entry]) => entry !== null);
  const inputs: Record<string, unknown> = {};
  for (const [key, entry] of known as [string, unknown][]) {
    const problem = problemOf(key, entry);
    if (problem) throw wrong(problem);
    const target = Object.hasOwn(MMOL_KEYS, key) ? MMOL_KEYS[key as keyof typeof MMOL_KEYS] : key;
    if (target in inputs) throw wrong(`${target} is given in two units`);
    inputs[target] = target === key ? entry : cholesterolMgPerDl(entry as number);
  }
  const race = (inputs.race as string | undefined)?.trim() ?? null;
  return { mesa: { ...inputs, race: (race?.toLowerCase() ?? null) as MesaRace | null }, race };
}

function problemOf(key: string, value: unknown): string | null {
  const not = `not ${JSON.stringify(value)}`;
  if (!KEYS.includes(key)) return `the key "${key}" is not known`;
  if (key === 'sex') return SEXES.includes(value as Sex) ? null : `sex must be "female" or "male", ${not}`;
  if (key === 'race') return typeof value === 'string' && value.trim() !== '' ? null : `race must be a text, ${not}`;
  if ((BOOLEAN_KEYS as readonly string[]).includes(key)) {
    return typeof value === 'boolean' ? null : `${key} must be true or false, ${not}`;
  }
  return typeof value === 'number' && Number.isFinite(value) ? null : `${key} must be a number, ${not}`;
}

/**
 * The table of an option: the one that ships by its name, or a file.
 * @throws Refusal with everything that is wrong with it.
 */
export async function readPercentileTable(nameOrPath: string): Promise<PercentileTable> {
  if (nameOrPath === SHIPPED_TABLE) return HOFF_2001;
  const what = 'percentile table';
  const value = await readJsonFile(nameOrPath, what, '--percentiles', 'a table as docs/percentile-tables.md describes');
  try {
    return parsePercentileTable(value);
  } catch (error) {
    throw error instanceof PercentileTableError
      ? new Refusal(`The ${what} ${nameOrPath} cannot be used: ${error.message}`)
      : error;
  }
}

/** What an unrounded coronary score means for a person. */
export function assessRisk({ mesa, race }: Person, table: PercentileTable | null, agatston: number): RiskResult {
  return {
    mesa: assessMesaRisk(mesa, agatston),
    arterialAgeYears: arterialAgeYears(agatston),
    percentile: table && percentileFor(table, mesa, race, agatston),
  };
}

function percentileFor(
  table: PercentileTable,
  { sex, ageYears }: PartialMesaInputs,
  race: string | null,
  agatston: number,
): PercentileResult {
  if (!sex || ageYears === undefined || ageYears === null) {
    return { kind: 'refused', reason: 'The percentile needs sex and age.' };
  }
  return percentileOf(table, { sex, ageYears, race }, agatston);
}
