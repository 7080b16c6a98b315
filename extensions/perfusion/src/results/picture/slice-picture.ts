import type { Rgb } from '@voxelwise/dicom';
import type { PerfusionMap } from '../../core/index.ts';
import { renderMap } from '../color-map/render-map.ts';
import type { PerfusionResult } from '../perfusion-result.ts';
import { rgbOf, STROKE_COLORS } from '../result-colors.ts';

/** A picture of pixels: 4 bytes each, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

type Shown = Pick<PerfusionResult, 'maps' | 'dimensions' | 'display' | 'stroke'>;

/** A slice of a map in its colors, a pixel per voxel, opaque. Where the map has no value it shows the background. */
export function mapPicture(
  { maps, dimensions, display }: Shown,
  map: PerfusionMap,
  slice: number,
  background: Rgb,
): Picture {
  const [width, height] = dimensions;
  const rgba = new Uint8ClampedArray(4 * width * height);
  renderMap(sliceOf(maps[map], dimensions, slice), display.ranges[map], display.colorMap, rgba);
  return { width, height, rgba: onBackground(rgba, background) };
}

/** Core and hypoperfusion of a slice in their colors on CBF in grey; null where they were not computed. */
export function strokePicture(
  { maps, dimensions, display, stroke }: Shown,
  slice: number,
  background: Rgb,
): Picture | null {
  if (!stroke) return null;
  const [width, height] = dimensions;
  const rgba = new Uint8ClampedArray(4 * width * height);
  renderMap(sliceOf(maps.CBF, dimensions, slice), display.ranges.CBF, 'gray', rgba);
  onBackground(rgba, background);
  for (const name of ['hypoperfused', 'core'] as const) {
    const color = rgbOf(STROKE_COLORS[name]);
    sliceOf(stroke[name], dimensions, slice).forEach((isIn, pixel) => {
      if (isIn) rgba.set(color, 4 * pixel);
    });
  }
  return { width, height, rgba };
}

/** In place. */
function onBackground(rgba: Uint8ClampedArray, [red, green, blue]: Rgb): Uint8ClampedArray {
  for (let byte = 0; byte < rgba.length; byte += 4) {
    if (rgba[byte + 3] === 255) continue;
    rgba[byte] = red;
    rgba[byte + 1] = green;
    rgba[byte + 2] = blue;
    rgba[byte + 3] = 255;
  }
  return rgba;
}

/** @throws RangeError where there is no such slice */
export function sliceOf<T extends Float32Array | Uint8Array>(
  values: T,
  dimensions: readonly number[],
  slice: number,
): T {
  const length = dimensions[0]! * dimensions[1]!;
  if (!Number.isInteger(slice) || slice < 0 || slice >= dimensions[2]!) {
    throw new RangeError(`There is no slice ${slice + 1}; the maps have ${dimensions[2]}.`);
  }
  return values.subarray(slice * length, (slice + 1) * length) as T;
}

/** The slice (from 0) that shows most of core and hypoperfusion, or where there is none of them the middle one. */
export function keySliceOf({ dimensions, stroke }: Pick<Shown, 'dimensions' | 'stroke'>): number {
  const slices = dimensions[2];
  let key = Math.floor(slices / 2);
  let most = 0;
  for (let slice = 0; stroke && slice < slices; slice++) {
    const voxels = (mask: Uint8Array) => sliceOf(mask, dimensions, slice).reduce((sum, one) => sum + one, 0);
    const shown = voxels(stroke.core) + voxels(stroke.hypoperfused);
    if (shown <= most) continue;
    most = shown;
    key = slice;
  }
  return key;
}
