/** Why two contents cannot be compared. */
export const UNKNOWN_AGREEMENTS = [
  'nothing-measured',
  'measured-by-one',
  'masks-missing',
  'masks-differ-in-size',
] as const;
export type UnknownAgreement = (typeof UNKNOWN_AGREEMENTS)[number];

/** 0 to 1, or why it is not known. An unknown agreement is never taken for a good one. */
export type Agreement =
  | { readonly value: number; readonly unknown: null }
  | { readonly value: null; readonly unknown: UnknownAgreement };

export function known(value: number): Agreement {
  return { value, unknown: null };
}

export function unknown(reason: UnknownAgreement): Agreement {
  return { value: null, unknown: reason };
}
