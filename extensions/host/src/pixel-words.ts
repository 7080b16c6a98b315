import type { CtValues } from '@voxelwise/dicom';

/**
 * Whether the viewer reads the pixel words of an image as they are meant. Cornerstone takes the lowest bits of a word for the
 * stored ones, wherever HighBit says they are; from signed words it drops all others, padding that does not fit too; and in
 * unsigned ones it leaves what stands above, such as an overlay, in the value.
 * @returns why not, in a sentence for the reader, else null
 */
export function misreadWords(
  label: string,
  { slope, intercept, format, padding, paddingHu }: CtValues,
  hu: ArrayLike<number>,
): string | null {
  const { bitsStored, highBit, isSigned } = format;
  if (highBit !== bitsStored - 1) {
    return `The viewer does not read pixels with ${bitsStored} stored bits up to bit ${highBit} (BitsStored, HighBit of ${label}), so the series is not measured.`;
  }
  const lowest = isSigned ? -(2 ** (bitsStored - 1)) : 0;
  const highest = lowest + 2 ** bitsStored - 1;
  if (isSigned && padding && (padding[0] < lowest || padding[1] > highest)) {
    return `The padding of ${label} does not fit its ${bitsStored} stored bits (PixelPaddingValue, BitsStored), and the viewer reads it as tissue, so the series is not measured.`;
  }
  const ends = [lowest, highest].map(stored => Math.fround(stored * slope + intercept));
  const [lowestHu, highestHu] = [Math.min(...ends), Math.max(...ends)];
  const isPadding = (value: number) => paddingHu !== null && value >= paddingHu[0] && value <= paddingHu[1];
  for (let pixel = 0; pixel < hu.length; pixel++) {
    const value = hu[pixel]!;
    if ((value >= lowestHu && value <= highestHu) || isPadding(value)) continue;
    return `${label} has bits above its ${bitsStored} stored ones (BitsStored), such as those of an overlay, and the viewer reads them as part of the value, so the series is not measured.`;
  }
  return null;
}
