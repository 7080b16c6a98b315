import { COLORS, type ColorMapName, colorBytes } from './color-maps.ts';

/** Values that are shown in the first and in the last color, in the unit of the map. */
export type DisplayRange = readonly [low: number, high: number];

/**
 * @throws RangeError with a sentence where a range cannot be shown
 */
export function assertDisplayRange([low, high]: DisplayRange): void {
  if (low < high && Number.isFinite(high - low)) return;
  throw new RangeError(
    `A display range goes from a lower to a higher value, but this one goes from ${low} to ${high}.`,
  );
}

/**
 * Which of the 256 colors shows a value. The range is cut into 256 equal parts; values outside it have the color of its nearer
 * end. NaN has none: -1.
 */
export function colorIndex(value: number, [low, high]: DisplayRange): number {
  if (Number.isNaN(value)) return -1;
  return Math.min(COLORS - 1, Math.max(0, Math.floor((value - low) * (COLORS / (high - low)))));
}

/** Red, green and blue of a value, 0 to 255 each; null for NaN. */
export function colorOf(
  value: number,
  range: DisplayRange,
  colorMap: ColorMapName,
): readonly [number, number, number] | null {
  const index = colorIndex(value, range);
  if (index < 0) return null;
  const [red, green, blue] = colorBytes(colorMap).subarray(3 * index, 3 * index + 3);
  return [red!, green!, blue!];
}

/**
 * Colors the values of a map, such as one slice of it, into a picture (ImageData.data): 4 bytes per value. Where the map has no
 * value (NaN) the picture is transparent.
 * @throws RangeError where the range is empty, or the picture has another size than the values
 */
export function renderMap(
  values: ArrayLike<number>,
  range: DisplayRange,
  colorMap: ColorMapName,
  target: Uint8ClampedArray | Uint8Array,
): void {
  assertDisplayRange(range);
  if (target.length !== 4 * values.length) {
    throw new RangeError(`A picture of ${values.length} values has ${4 * values.length} bytes, not ${target.length}.`);
  }
  // One 32-bit write per pixel; a picture that does not lie on a 4-byte boundary is rendered beside it.
  const isAligned = target.byteOffset % 4 === 0;
  const pixels = isAligned
    ? new Uint32Array(target.buffer, target.byteOffset, values.length)
    : new Uint32Array(values.length);
  const table = pixelTable(colorMap);
  const low = range[0];
  const scale = COLORS / (range[1] - low);
  for (let index = 0; index < values.length; index++) {
    const position = (values[index]! - low) * scale;
    // NaN fails both comparisons and has no entry in the table.
    pixels[index] = table[position >= COLORS ? COLORS - 1 : position < 0 ? 0 : Math.floor(position)]!;
  }
  if (!isAligned) target.set(new Uint8Array(pixels.buffer));
}

const tables = new Map<ColorMapName, Uint32Array>();

/** The opaque pixel of every color in the byte order of this machine. Of no color: undefined, which writes 0. */
function pixelTable(colorMap: ColorMapName): Uint32Array {
  const known = tables.get(colorMap);
  if (known) return known;
  const rgb = colorBytes(colorMap);
  const rgba = Uint8Array.from({ length: COLORS * 4 }, (_, index) =>
    index % 4 === 3 ? 255 : rgb[Math.floor(index / 4) * 3 + (index % 4)]!,
  );
  const table = new Uint32Array(rgba.buffer);
  tables.set(colorMap, table);
  return table;
}
