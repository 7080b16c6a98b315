/**
 * Reference scores by age, sex and, where a study has them, groups of race or ethnicity. A site supplies its own table as
 * JSON; docs/percentile-tables.md describes the format.
 */
export interface PercentileTable {
  readonly name: string;
  /** Where the values were published. */
  readonly source: string;
  /** Whom the values are of. */
  readonly population: string;
  /** The values were compared with the publication itself. */
  readonly verified: boolean;
  readonly note?: string;
  /** Increasing, such as 25, 50, 75, 90. */
  readonly percentiles: readonly number[];
  readonly groups: readonly PercentileGroup[];
}

export interface PercentileGroup {
  readonly sex: Sex;
  /** Race, ethnicity, or whatever else the table goes by; in every group, or in none. */
  readonly race?: string;
  /** By ascending age, without overlap. */
  readonly rows: readonly PercentileRow[];
}

export interface PercentileRow {
  /** First and last age in whole years, inclusive. */
  readonly ages: readonly [number, number];
  /** Agatston score at every percentile. */
  readonly scores: readonly number[];
}

export const SEXES = ['female', 'male'] as const;
export type Sex = (typeof SEXES)[number];

/** What `format` says in a file. */
export const PERCENTILE_FORMAT = 'voxelwise-percentiles-1';

/** A table that cannot be used, with one sentence for everything that is wrong with it. */
export class PercentileTableError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.name = 'PercentileTableError';
    this.problems = problems;
  }
}

const TABLE_KEYS = ['format', 'name', 'source', 'population', 'verified', 'note', 'percentiles', 'groups'];
const GROUP_KEYS = ['sex', 'race', 'rows'];
const ROW_KEYS = ['ages', 'scores'];
const OLDEST_YEARS = 130;

/**
 * Checks a table that was read from JSON.
 * @throws PercentileTableError with a sentence for every problem.
 */
export function parsePercentileTable(value: unknown): PercentileTable {
  if (!isRecord(value)) throw new PercentileTableError(['A percentile table must be a JSON object.']);
  const problems: string[] = [];
  const wrong = (problem: string) => {
    problems.push(problem);
  };

  for (const key of unknownKeys(value, TABLE_KEYS)) wrong(`The table's key "${key}" is not known.`);
  if (value.format !== PERCENTILE_FORMAT) {
    const given = value.format === undefined ? 'nothing' : JSON.stringify(value.format);
    wrong(`The table's format must be "${PERCENTILE_FORMAT}", not ${given}.`);
  }
  for (const key of ['name', 'source', 'population']) {
    if (!isText(value[key])) wrong(`The table's ${key} must be a text.`);
  }
  if (typeof value.verified !== 'boolean') wrong("The table's verified must be true or false.");
  if (value.note !== undefined && !isText(value.note)) wrong("The table's note must be a text.");
  const { percentiles } = value;
  if (!isIncreasing(percentiles) || percentiles.length === 0 || percentiles[0]! <= 0 || percentiles.at(-1)! >= 100) {
    wrong("The table's percentiles must be numbers between 0 and 100, each greater than the one before.");
  }
  const count = Array.isArray(percentiles) ? percentiles.length : 0;
  if (!Array.isArray(value.groups) || value.groups.length === 0) {
    wrong('The table must have groups.');
  } else {
    value.groups.forEach((group: unknown, index) => {
      checkGroup(group, `Group ${index + 1}`, count, wrong);
    });
    checkGroups(value.groups.filter(isRecord), wrong);
  }
  if (problems.length > 0) throw new PercentileTableError(problems);
  const { format: _, ...table } = value as unknown as PercentileTable & { readonly format: string };
  return table;
}

function checkGroup(group: unknown, position: string, count: number, wrong: (problem: string) => void): void {
  if (!isRecord(group)) {
    wrong(`${position} must be an object.`);
    return;
  }
  const where = `${position} (${[group.sex, group.race].filter(isText).join(', ') || 'without sex'})`;
  for (const key of unknownKeys(group, GROUP_KEYS)) wrong(`${where}: the key "${key}" is not known.`);
  if (!SEXES.includes(group.sex as Sex)) wrong(`${where}: sex must be "female" or "male".`);
  if (group.race !== undefined && !isText(group.race)) wrong(`${where}: race must be a text, or left out.`);
  if (!Array.isArray(group.rows) || group.rows.length === 0) {
    wrong(`${where} must have rows.`);
    return;
  }
  let lastAge = -1;
  for (const row of group.rows as unknown[]) {
    if (!isRecord(row) || !isAgeRange(row.ages)) {
      wrong(
        `${where}: ages must be [first, last] in whole years from 0 to ${OLDEST_YEARS}, not ${JSON.stringify(row)}.`,
      );
      continue;
    }
    const [first, last] = row.ages;
    const here = `${where}, ages ${first} to ${last}`;
    for (const key of unknownKeys(row, ROW_KEYS)) wrong(`${here}: the key "${key}" is not known.`);
    if (first <= lastAge) wrong(`${here}: the ages overlap those before, or are out of order.`);
    lastAge = Math.max(lastAge, last);
    if (!isNumbers(row.scores) || row.scores.length !== count) {
      wrong(`${here}: there must be ${count} scores, one for every percentile.`);
    } else if (row.scores.some((score, i) => score < 0 || (i > 0 && score < (row.scores as number[])[i - 1]!))) {
      wrong(`${here}: the scores [${row.scores.join(', ')}] must not be negative, and none less than the one before.`);
    }
  }
}

/** Every sex with every race, once: a group that is missing would look like an age that is not covered. */
function checkGroups(groups: readonly Record<string, unknown>[], wrong: (problem: string) => void): void {
  const races = [...new Set(groups.map(({ race }) => race))];
  const names = races.filter(isText);
  names.forEach((name, index) => {
    const same = names.slice(0, index).find(earlier => isSameGroupName(earlier, name));
    if (same !== undefined) wrong(`The groups "${same}" and "${name}" are one: write their name alike.`);
  });
  if (races.length > 1 && races.includes(undefined)) wrong('Race must be in every group, or in none.');
  for (const race of races) {
    for (const sex of SEXES) {
      const found = groups.filter(group => group.sex === sex && group.race === race).length;
      const name = race === undefined ? sex : `${sex}, ${race}`;
      if (found === 0) wrong(`The group "${name}" is missing.`);
      if (found > 1) wrong(`The group "${name}" is there ${found} times.`);
    }
  }
}

/** Groups are told apart by their names, but for case and spaces at the ends. */
export function isSameGroupName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownKeys(record: Record<string, unknown>, known: readonly string[]): string[] {
  return Object.keys(record).filter(key => !known.includes(key));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'number' && Number.isFinite(entry));
}

function isIncreasing(value: unknown): value is number[] {
  return isNumbers(value) && value.every((entry, index) => index === 0 || entry > value[index - 1]!);
}

function isAgeRange(value: unknown): value is [number, number] {
  if (!isNumbers(value) || value.length !== 2 || !value.every(Number.isInteger)) return false;
  const [first, last] = value as [number, number];
  return first >= 0 && first <= last && last <= OLDEST_YEARS;
}
