/** Fewer time points hold no baseline, bolus and return. */
export const MINIMUM_TIME_POINTS = 8;
