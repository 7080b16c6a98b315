import type { CalciumPayload } from '@voxelwise/records';
import { VESSELS } from '../core/index.ts';

/** One vessel as a reader types it. */
export interface FormRow {
  readonly vessel: CalciumPayload['vessels'][number]['vessel'];
  readonly agatston: string;
  readonly lesions: string;
  readonly volumeMm3: string;
  /** '' without a calibration. */
  readonly massMg: string;
}

type Row = CalciumPayload['vessels'][number];

const DECIMALS = 2;

/** What a field shows of a value that nobody has typed. */
function shown(value: number): string {
  return String(Number(value.toFixed(DECIMALS)));
}

/** The scores of all vessels as texts, those that the payload does not name as 0. */
export function formRowsOf(payload: CalciumPayload): FormRow[] {
  return VESSELS.map(vessel => {
    const { agatston, lesions, volumeMm3, massMg } = rowOf(payload, vessel);
    return {
      vessel,
      agatston: shown(agatston),
      lesions: String(lesions),
      volumeMm3: shown(volumeMm3),
      massMg: payload.massMg === null ? '' : shown(massMg ?? 0),
    };
  });
}

function rowOf({ vessels }: CalciumPayload, vessel: FormRow['vessel']): Row {
  const none = { vessel, agatston: 0, lesions: 0, volumeMm3: 0, massMg: null };
  return vessels.find(one => one.vessel === vessel) ?? none;
}

/**
 * The scores that a reader has typed, with their totals. Null while one of them is no number, is below 0, or contradicts another: a
 * score without a lesion.
 * @param payload what the form began with: what was not typed over keeps its digits
 */
export function correctedPayload(rows: readonly FormRow[], payload: CalciumPayload): CalciumPayload | null {
  const vessels: Row[] = [];
  for (const row of rows) {
    const before = rowOf(payload, row.vessel);
    const agatston = amount(row.agatston, before.agatston);
    const volumeMm3 = amount(row.volumeMm3, before.volumeMm3);
    const lesions = amount(row.lesions, before.lesions);
    const massMg = row.massMg === '' ? null : amount(row.massMg, before.massMg ?? 0);
    if ([agatston, volumeMm3, lesions, massMg ?? 0].some(Number.isNaN) || !Number.isInteger(lesions)) return null;
    if (lesions === 0 && (agatston > 0 || volumeMm3 > 0)) return null;
    vessels.push({ vessel: row.vessel, agatston, volumeMm3, massMg, lesions });
  }
  const sum = (of: (row: Row) => number) => vessels.reduce((total, row) => total + of(row), 0);
  const hasMass = vessels.every(({ massMg }) => massMg !== null);
  return {
    agatston: sum(row => row.agatston),
    volumeMm3: sum(row => row.volumeMm3),
    massMg: hasMass ? sum(row => row.massMg ?? 0) : null,
    lesions: sum(row => row.lesions),
    vessels,
  };
}

/** @returns NaN for what is no amount */
function amount(text: string, before: number): number {
  if (text === shown(before)) return before;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : Number.NaN;
}
