import { isEqualButForRounding } from './rounding.ts';

/**
 * CAC-DRS (Hecht et al. 2018, doi:10.1016/j.jcct.2018.03.008) of a scored scan: A by Agatston score, N by vessels.
 * A3 starts at 300: the published table prints "> 300" and leaves 300 itself without a class (to be verified).
 */
export interface CacDrs {
  readonly score: 'A0' | 'A1' | 'A2' | 'A3';
  /** Vessels with calcium among LM, LAD, LCX and RCA. */
  readonly vessels: 0 | 1 | 2 | 3 | 4;
  /** As it is printed: "CAC-DRS A2/N3"; A0 stands without N. */
  readonly label: string;
}

/**
 * CAC-DRS of an unrounded Agatston score and the number of vessels that contribute to it.
 * @throws RangeError when the two contradict each other, or cannot be.
 */
export function cacDrsOf(agatston: number, vessels: number): CacDrs {
  if (!(agatston >= 0) || agatston === Number.POSITIVE_INFINITY) {
    throw new RangeError(`An Agatston score cannot be ${agatston}.`);
  }
  if (!isVesselCount(vessels)) throw new RangeError(`The number of calcified vessels cannot be ${vessels}.`);
  if (agatston === 0 && vessels > 0) {
    throw new RangeError(`The Agatston score is 0, but the number of calcified vessels is ${vessels}.`);
  }
  if (agatston > 0 && vessels === 0) {
    throw new RangeError(`The Agatston score is ${agatston}, but the number of calcified vessels is 0.`);
  }
  const reaches = (edge: number) => agatston >= edge || isEqualButForRounding(agatston, edge);
  const score = agatston === 0 ? 'A0' : reaches(300) ? 'A3' : reaches(100) ? 'A2' : 'A1';
  return { score, vessels, label: score === 'A0' ? 'CAC-DRS A0' : `CAC-DRS ${score}/N${vessels}` };
}

function isVesselCount(value: number): value is CacDrs['vessels'] {
  return Number.isInteger(value) && value >= 0 && value <= 4;
}
