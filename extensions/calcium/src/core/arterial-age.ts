/**
 * Arterial age in years: the age at which the risk of a person without other information equals that of this score,
 * 39.1 + 7.25 ln(score + 1). McClelland et al., Am J Cardiol 2009;103:59-63, doi:10.1016/j.amjcard.2008.08.031, as coded
 * in public calculators (to be verified against the paper).
 * @throws RangeError for a negative or infinite score.
 */
export function arterialAgeYears(agatston: number): number {
  if (!(agatston >= 0 && Number.isFinite(agatston))) throw new RangeError(`An Agatston score cannot be ${agatston}.`);
  return 39.1 + 7.25 * Math.log1p(agatston);
}
