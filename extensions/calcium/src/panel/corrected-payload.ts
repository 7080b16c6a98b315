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

/** The scores of all vessels as texts, those that the payload does not name as 0. */
export function formRowsOf({ vessels, massMg: totalMass }: CalciumPayload): FormRow[] {
  return VESSELS.map(vessel => {
    const row = vessels.find(one => one.vessel === vessel);
    const { agatston = 0, lesions = 0, volumeMm3 = 0, massMg = 0 } = row ?? {};
    const mass = totalMass === null ? '' : String(massMg ?? 0);
    return { vessel, agatston: String(agatston), lesions: String(lesions), volumeMm3: String(volumeMm3), massMg: mass };
  });
}

/**
 * The scores that a reader has typed, with their totals. Null while one of them is no number, is below 0, or contradicts another: a
 * score without a lesion.
 */
export function correctedPayload(rows: readonly FormRow[]): CalciumPayload | null {
  const vessels: CalciumPayload['vessels'] = [];
  for (const { vessel, agatston, lesions, volumeMm3, massMg } of rows) {
    const values = { agatston: amount(agatston), volumeMm3: amount(volumeMm3), lesions: amount(lesions) };
    const mass = massMg === '' ? null : amount(massMg);
    if (Object.values(values).some(Number.isNaN) || Number.isNaN(mass)) return null;
    if (!Number.isInteger(values.lesions)) return null;
    if (values.lesions === 0 && (values.agatston > 0 || values.volumeMm3 > 0)) return null;
    vessels.push({ vessel, ...values, massMg: mass });
  }
  const sum = (of: (row: CalciumPayload['vessels'][number]) => number) => vessels.reduce((s, row) => s + of(row), 0);
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
function amount(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : Number.NaN;
}
