import { DicomResultError } from './data-set.ts';

/** Longest decimal string that DICOM takes (VR DS). */
const LONGEST = 16;

/**
 * A number as a decimal string: exactly where 16 characters suffice, otherwise with as many digits as fit.
 * @throws DicomResultError for NaN and infinity, which a decimal string cannot say.
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new DicomResultError(`${value} is not a number that DICOM can hold.`);
  const exact = String(value);
  if (exact.length <= LONGEST) return exact;
  for (let digits = LONGEST; digits > 1; digits--) {
    // Number() takes trailing zeros away and chooses the shorter of the two notations.
    const rounded = Number(value.toPrecision(digits));
    const candidates = [String(rounded), rounded.toExponential().replace('e+', 'e')];
    const fitting = candidates.find(text => text.length <= LONGEST);
    if (fitting !== undefined) return fitting;
  }
  throw new DicomResultError(`${value} does not fit into a DICOM decimal string.`);
}
