/** Fewer time points hold no baseline, bolus and return; deconvolution takes no fewer either. */
export const MINIMUM_TIME_POINTS = 10;
