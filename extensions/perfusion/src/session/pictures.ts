import type { DynamicVolume } from '../core/index.ts';
import { type ColorMapName, type DisplayRange, renderMap } from '../results/index.ts';

/** Values that are shown black and white, in the unit of the series. */
export interface GrayWindow {
  readonly lower: number;
  readonly upper: number;
}

const OPAQUE = 0xff000000;

/** One slice at one time point in gray, through a window: 256 steps, values outside in the color of the nearer end. */
export function grayPicture(
  { voxels, dimensions: [nx, ny], timePoints }: Pick<DynamicVolume, 'voxels' | 'dimensions' | 'timePoints'>,
  slice: number,
  timePoint: number,
  { lower, upper }: GrayWindow,
  picture: ImageData = new ImageData(nx, ny),
): ImageData {
  const length = nx * ny;
  const first = (slice * timePoints + timePoint) * length;
  const pixels = new Uint32Array(picture.data.buffer);
  const scale = 256 / Math.max(Number.MIN_VALUE, upper - lower);
  for (let index = 0; index < length; index++) {
    const step = (voxels[first + index]! - lower) * scale;
    const gray = step >= 255 ? 255 : step > 0 ? step | 0 : 0;
    pixels[index] = OPAQUE | (gray << 16) | (gray << 8) | gray;
  }
  return picture;
}

/** One slice of a map in its colors, black where the map has no value. */
export function mapPicture(
  map: Float32Array,
  [nx, ny]: readonly [number, number, number],
  slice: number,
  range: DisplayRange,
  colorMap: ColorMapName,
): ImageData {
  const length = nx * ny;
  const picture = new ImageData(nx, ny);
  renderMap(map.subarray(slice * length, (slice + 1) * length), range, colorMap, picture.data);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let index = 0; index < length; index++) if (pixels[index] === 0) pixels[index] = OPAQUE;
  return picture;
}
