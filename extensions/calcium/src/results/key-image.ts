import { type LesionSet, VESSELS, type Vessel } from '../core/index.ts';
import { rgbOf, VESSEL_COLORS } from './vessel-colors.ts';

/** A picture of one vessel's calcium, ready for a canvas (ImageData) or a PDF. */
export interface KeyImage {
  readonly vessel: Vessel;
  /** 0-based slice of the volume. */
  readonly slice: number;
  /** Slice, field of view and window in words; a line may end after each. The vessel is not repeated in them. */
  readonly caption: readonly string[];
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Rows from the top, 4 bytes per pixel, opaque. */
  readonly rgba: Uint8ClampedArray;
}

export interface KeyImageInput {
  readonly lesionSet: LesionSet;
  /** One entry per lesion of the set; null where no vessel was assigned. */
  readonly vesselOfLesion: readonly (Vessel | null)[];
  readonly vessel: Vessel;
  /** HU of slice z, row-major, nx * ny values. Called once. */
  readonly sliceHu: (z: number) => ArrayLike<number>;
  /** Words for slice z in the caption. Default: "Slice 12 of 48", in the order of the volume. */
  readonly sliceName?: (z: number) => string;
  /** Width and height of the picture in pixels. */
  readonly sizePx?: number;
}

/**
 * Window of the picture: black at -220 HU, white at 480 HU. The middle grey is the usual threshold of 130 HU, so all
 * calcium is brighter than middle grey while fat, muscle and blood keep separate greys below it.
 */
const WINDOW = { widthHu: 700, levelHu: 130 } as const;

const FIELD_OF_VIEW_MM = 100;
/** Tissue kept around calcium that is larger than the field of view. */
const MARGIN_MM = 10;
const CONTOUR_PX = 2;
/** Padding far below air must not bleed into its neighbours by interpolation. */
const LOWEST_HU = -1024;

/** A square part of a slice; mm from the outer edge of the first column and the first row. */
interface Square {
  readonly leftMm: number;
  readonly topMm: number;
  readonly sideMm: number;
}

/**
 * Key image of one vessel: the slice in which the vessel has its largest Agatston contribution, a square of 100 mm
 * around the vessel's calcium there (moved inside the image, and smaller only where the image is), grey through a fixed
 * window. Every assigned vessel's calcium in the square has a contour in its colour. The contour lies just outside the
 * voxels, so that the calcium itself stays visible.
 * @returns null when the vessel has no lesions.
 */
export function keyImageOf(input: KeyImageInput): KeyImage | null {
  const { lesionSet, vesselOfLesion, vessel, sliceHu, sizePx = 480 } = input;
  const slice = keySliceOf(lesionSet, vesselOfLesion, vessel);
  if (slice === null) return null;

  const owners = vesselsOfPixels(lesionSet, vesselOfLesion, slice);
  const square = squareAround(owners, VESSELS.indexOf(vessel) + 1, lesionSet);
  const rgba = renderGrey(sliceHu(slice), lesionSet, square, sizePx);
  drawContours(rgba, resampleOwners(owners, lesionSet, square, sizePx), VESSELS.indexOf(vessel) + 1, sizePx);

  const sliceName = input.sliceName ?? (z => `Slice ${z + 1} of ${lesionSet.dimensions[2]}`);
  const fieldOfView = `${Math.round(square.sideMm)} mm wide`;
  const caption = [sliceName(slice), fieldOfView, `W ${WINDOW.widthHu} L ${WINDOW.levelHu}`];
  return { vessel, slice, caption, width: sizePx, height: sizePx, rgba };
}

/**
 * Slice (0-based) with the vessel's largest sum of pixels * weight; the one with more pixels, then the lower one, where
 * that is equal. Null when the vessel has no lesions.
 */
export function keySliceOf(
  { components, dimensions }: LesionSet,
  vesselOfLesion: readonly (Vessel | null)[],
  vessel: Vessel,
): number | null {
  const weighted = new Float64Array(dimensions[2]);
  const pixels = new Float64Array(dimensions[2]);
  for (let component = 0; component < components.count; component++) {
    if (vesselOfLesion[components.lesion[component]!] !== vessel) continue;
    const slice = components.slice[component]!;
    weighted[slice]! += components.pixels[component]! * components.weight[component]!;
    pixels[slice]! += components.pixels[component]!;
  }
  let best: number | null = null;
  for (let slice = 0; slice < dimensions[2]; slice++) {
    if (pixels[slice] === 0) continue;
    const gain = best === null ? 1 : weighted[slice]! - weighted[best]! || pixels[slice]! - pixels[best]!;
    if (gain > 0) best = slice;
  }
  return best;
}

/** For every pixel of a slice: 0, or 1 + index in VESSELS of the vessel whose calcium it is. */
function vesselsOfPixels(
  { runs, lesionOfRun, dimensions: [width, rowsPerSlice] }: LesionSet,
  vesselOfLesion: readonly (Vessel | null)[],
  slice: number,
): Uint8Array {
  const owners = new Uint8Array(width * rowsPerSlice);
  for (let y = 0; y < rowsPerSlice; y++) {
    const row = slice * rowsPerSlice + y;
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      const vessel = vesselOfLesion[lesionOfRun[run]!];
      if (vessel) owners.fill(VESSELS.indexOf(vessel) + 1, y * width + runs.start[run]!, y * width + runs.end[run]!);
    }
  }
  return owners;
}

function squareAround(owners: Uint8Array, owner: number, { dimensions, spacingMm }: LesionSet): Square {
  const [width, height] = dimensions;
  const [dx, dy] = spacingMm;
  let left = width;
  let right = 0;
  let top = height;
  let bottom = 0;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (owners[pixel] !== owner) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  const extentMm = Math.max((right - left) * dx, (bottom - top) * dy);
  const sideMm = Math.min(Math.max(FIELD_OF_VIEW_MM, extentMm + 2 * MARGIN_MM), width * dx, height * dy);
  const inside = (centreMm: number, sizeMm: number) => clamp(centreMm - sideMm / 2, 0, sizeMm - sideMm);
  return {
    leftMm: inside(((left + right) / 2) * dx, width * dx),
    topMm: inside(((top + bottom) / 2) * dy, height * dy),
    sideMm,
  };
}

/** Grey picture of the square: bilinear in HU, then windowed. */
function renderGrey(
  hu: ArrayLike<number>,
  { dimensions: [width, height], spacingMm: [dx, dy] }: LesionSet,
  { leftMm, topMm, sideMm }: Square,
  sizePx: number,
): Uint8ClampedArray {
  const columns = bilinearTaps(leftMm, sideMm, dx, width, sizePx);
  const rows = bilinearTaps(topMm, sideMm, dy, height, sizePx);
  const at = (x: number, y: number) => Math.max(LOWEST_HU, hu[y * width + x]!);
  const darkestHu = WINDOW.levelHu - WINDOW.widthHu / 2;
  const rgba = new Uint8ClampedArray(sizePx * sizePx * 4);
  let byte = 0;
  for (const { near: y0, far: y1, fraction: v } of rows) {
    for (const { near: x0, far: x1, fraction: u } of columns) {
      const upper = at(x0, y0) * (1 - u) + at(x1, y0) * u;
      const lower = at(x0, y1) * (1 - u) + at(x1, y1) * u;
      const grey = ((upper * (1 - v) + lower * v - darkestHu) / WINDOW.widthHu) * 255;
      rgba[byte++] = grey;
      rgba[byte++] = grey;
      rgba[byte++] = grey;
      rgba[byte++] = 255;
    }
  }
  return rgba;
}

/** The two source pixels, and the weight of the far one, of every output pixel along one axis. */
function bilinearTaps(startMm: number, lengthMm: number, spacingMm: number, count: number, sizePx: number) {
  return Array.from({ length: sizePx }, (_, i) => {
    // Pixel centres lie half a pixel behind the pixel's edge.
    const position = clamp((startMm + ((i + 0.5) * lengthMm) / sizePx) / spacingMm - 0.5, 0, count - 1);
    const near = Math.floor(position);
    return { near, far: Math.min(near + 1, count - 1), fraction: position - near };
  });
}

/** Owner of every output pixel: that of the source pixel which contains its centre. */
function resampleOwners(
  owners: Uint8Array,
  { dimensions: [width, height], spacingMm: [dx, dy] }: LesionSet,
  { leftMm, topMm, sideMm }: Square,
  sizePx: number,
): Uint8Array {
  const resampled = new Uint8Array(sizePx * sizePx);
  const source = (startMm: number, i: number, spacingMm: number, count: number) =>
    clamp(Math.floor((startMm + ((i + 0.5) * sideMm) / sizePx) / spacingMm), 0, count - 1);
  const columns = Array.from({ length: sizePx }, (_, i) => source(leftMm, i, dx, width));
  for (let j = 0, pixel = 0; j < sizePx; j++) {
    const row = source(topMm, j, dy, height) * width;
    for (let i = 0; i < sizePx; i++, pixel++) resampled[pixel] = owners[row + columns[i]!]!;
  }
  return resampled;
}

/**
 * Colours every pixel that is nobody's calcium but within CONTOUR_PX (Chebyshev distance) of some. Where contours meet,
 * the pictured vessel's goes on top.
 */
function drawContours(rgba: Uint8ClampedArray, owners: Uint8Array, pictured: number, sizePx: number): void {
  const contour = new Uint8Array(owners.length);
  for (let y = 0, pixel = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++, pixel++) {
      const owner = owners[pixel]!;
      if (owner === 0) continue;
      for (let j = Math.max(0, y - CONTOUR_PX); j <= Math.min(sizePx - 1, y + CONTOUR_PX); j++) {
        for (let i = Math.max(0, x - CONTOUR_PX); i <= Math.min(sizePx - 1, x + CONTOUR_PX); i++) {
          const neighbour = j * sizePx + i;
          if (owners[neighbour] === 0 && contour[neighbour] !== pictured) contour[neighbour] = owner;
        }
      }
    }
  }
  const colors = VESSELS.map(vessel => rgbOf(VESSEL_COLORS[vessel]));
  for (let pixel = 0; pixel < contour.length; pixel++) {
    if (contour[pixel] !== 0) rgba.set(colors[contour[pixel]! - 1]!, pixel * 4);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
