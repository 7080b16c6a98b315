/** The attributes that say which stored values are padding and not measurements (PS3.3 C.7.5.1.1.2). */
export interface PaddingAttributes {
  /** PixelPaddingValue; undefined or NaN where absent. */
  readonly value: number | undefined;
  /** PixelPaddingRangeLimit, for a range from the value to it, in either direction. */
  readonly rangeLimit: number | undefined;
  /** PixelRepresentation 1. */
  readonly isSigned: boolean;
}

/**
 * Closed range of stored values that are padding, or null where none are declared. Both attributes have the sign of
 * PixelRepresentation, but files and archives also give the 16 bits with the other sign: 63536 for -2000, and back.
 */
export function paddingRange({
  value,
  rangeLimit,
  isSigned,
}: PaddingAttributes): [lowest: number, highest: number] | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  const limit = rangeLimit === undefined || !Number.isFinite(rangeLimit) ? value : rangeLimit;
  const withSign = (bits: number) => {
    if (isSigned && bits > 32767) return bits - 65536;
    return !isSigned && bits < 0 ? bits + 65536 : bits;
  };
  const range: [number, number] = [withSign(value), withSign(limit)];
  return range[0] <= range[1] ? range : [range[1], range[0]];
}
