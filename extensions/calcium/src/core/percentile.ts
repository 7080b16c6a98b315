import {
  isSameGroupName,
  type PercentileGroup,
  type PercentileRow,
  type PercentileTable,
  type Sex,
} from './percentile-table.ts';
import { isEqualButForRounding } from './rounding.ts';

/** Whose score it is. */
export interface PercentilePerson {
  readonly sex: Sex;
  /** Whole years. */
  readonly ageYears: number;
  /** Where the table has groups of race or ethnicity. */
  readonly race?: string | null;
}

/** A percentile of the table with its score. */
export interface ReferenceScore {
  readonly percentile: number;
  readonly score: number;
}

export type PercentileResult =
  | {
      readonly kind: 'bracket' | 'no-calcium';
      /** "between the 50th (71) and 75th (307) reference score", or "no calcium". */
      readonly text: string;
      /** Whose reference scores they are: "male, White, 65 to 69 years". */
      readonly group: string;
      /** The person's reference scores, all of them. */
      readonly reference: readonly ReferenceScore[];
      /** The last reference score that is less, and the first that is greater; null where there is none, or no calcium. */
      readonly lower: ReferenceScore | null;
      readonly upper: ReferenceScore | null;
      /** Table, source, population and whether the values were verified: to be shown with every bracket. */
      readonly provenance: string;
    }
  /** Why the table says nothing of this person. Nothing is extrapolated. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Where an unrounded Agatston score lies among the reference scores of people of the same age, sex and race. A bracket, not
 * a percentile: between two reference scores the table knows nothing.
 * @throws RangeError for a negative or infinite score.
 */
export function percentileOf(table: PercentileTable, person: PercentilePerson, agatston: number): PercentileResult {
  if (!(agatston >= 0 && Number.isFinite(agatston))) throw new RangeError(`An Agatston score cannot be ${agatston}.`);
  const { ageYears } = person;
  if (!Number.isInteger(ageYears)) {
    return { kind: 'refused', reason: `The percentile needs an age in whole years, not ${ageYears}.` };
  }
  const group = groupOf(table, person);
  if (typeof group === 'string') return { kind: 'refused', reason: group };
  const who = [group.sex, group.race].filter(part => part !== undefined);
  const row = group.rows.find(({ ages }) => ageYears >= ages[0] && ageYears <= ages[1]);
  if (!row) {
    const covered = group.rows.map(({ ages }) => rangeName(ages));
    return {
      kind: 'refused',
      reason: `${table.name} has no reference scores for the age of ${ageYears} (${who.join(', ')}); it has them for ${joinRanges(covered, group)}.`,
    };
  }
  const reference = table.percentiles.map((percentile, index) => ({ percentile, score: row.scores[index]! }));
  const of = { group: [...who, `${rangeName(row.ages)} years`].join(', '), reference, provenance: provenanceOf(table) };
  if (agatston === 0) return { kind: 'no-calcium', text: 'no calcium', lower: null, upper: null, ...of };
  return { kind: 'bracket', ...bracketOf(reference, agatston), ...of };
}

/** What stands beside every bracket: whose reference scores they are, and where they come from. */
export function percentileSource({ group, provenance }: Exclude<PercentileResult, { kind: 'refused' }>): string {
  return `Of ${group}. ${provenance}`;
}

/** Where the table's values come from, in one line. */
export function provenanceOf({ name, source, population, verified, note }: PercentileTable): string {
  const state = verified ? '' : '; values to be verified';
  return `${name}: ${population}. ${source}${state}${note ? `. ${note}` : '.'}`;
}

/** Races, or whatever the table calls its groups beside sex; empty where it has none. */
export function racesOf({ groups }: PercentileTable): string[] {
  return [...new Set(groups.map(({ race }) => race).filter(race => race !== undefined))];
}

/** The person's group, or the sentence that says why there is none. */
function groupOf(table: PercentileTable, { sex, race }: PercentilePerson): PercentileGroup | string {
  const races = racesOf(table);
  const wanted = race?.trim() ?? '';
  if (races.length > 0 && wanted === '') return `${table.name} needs one of its groups: ${races.join(', ')}.`;
  const isWanted = (each: string | undefined) => each !== undefined && isSameGroupName(each, wanted);
  const group = table.groups.find(each => each.sex === sex && (races.length === 0 || isWanted(each.race)));
  if (group) return group;
  return races.some(isWanted)
    ? `${table.name} has no reference scores for "${sex}".`
    : `${table.name} has no group "${race}"; it has ${races.join(', ')}.`;
}

function rangeName([first, last]: PercentileRow['ages']): string {
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** One range where ages follow each other without a gap. */
function joinRanges(ranges: readonly string[], { rows }: PercentileGroup): string {
  const isWhole = rows.every(({ ages }, index) => index === 0 || ages[0] === rows[index - 1]!.ages[1] + 1);
  return isWhole ? `${rows[0]!.ages[0]} to ${rows.at(-1)!.ages[1]}` : ranges.join(', ');
}

function bracketOf(reference: readonly ReferenceScore[], agatston: number) {
  const isEqual = (score: number) => isEqualButForRounding(agatston, score);
  const equal = reference.filter(({ score }) => isEqual(score));
  const lower = reference.findLast(({ score }) => score < agatston && !isEqual(score)) ?? null;
  const upper = reference.find(({ score }) => score > agatston && !isEqual(score)) ?? null;
  const named = ({ percentile, score }: ReferenceScore) => `${ordinal(percentile)} (${score})`;
  let text: string;
  if (equal.length > 0) {
    const [first, last] = [equal[0]!, equal.at(-1)!];
    const percentiles = [...new Set([first, last])].map(({ percentile }) => ordinal(percentile)).join(' to ');
    text = `at the ${percentiles} reference score (${first.score})`;
  } else if (lower && upper) {
    text = `between the ${named(lower)} and ${named(upper)} reference score`;
  } else {
    text = lower ? `above the ${named(lower)} reference score` : `below the ${named(upper!)} reference score`;
  }
  return { text, lower, upper };
}

function ordinal(value: number): string {
  const [tens, ones] = [value % 100, value % 10];
  const ending =
    !Number.isInteger(value) || (tens >= 11 && tens <= 13) ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th');
  return `${value}${ending}`;
}
