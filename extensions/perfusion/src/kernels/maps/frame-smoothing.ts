import type { SmoothingWeights } from '../../core/contrast/smoothing.ts';
import type { MapsModule } from './maps-module.ts';

/** Smooths the frames of a slice, one after the other, as smoothInSteps does. */
export interface FrameSmoothing {
  /** For a slice with these voxels, by y * nx + x: none of the others counts. */
  begin(pixels: Int32Array): void;
  /** The frame that is smoothed, 0 where no voxel is, and where in it each voxel lies. */
  readonly source: Float32Array;
  readonly sourceAt: Int32Array;
  /** The smoothed frame, and where in it each voxel lies. */
  readonly result: Float32Array;
  readonly resultAt: Int32Array;
  /** Smooths the source into the result. */
  smooth(): void;
}

/** Rows, and columns in sixteens, that hold all voxels. */
interface Box {
  readonly firstRow: number;
  readonly rows: number;
  readonly firstColumn: number;
  readonly columns: number;
}

/** @param pixels in ascending order */
function boxOf(pixels: Int32Array, nx: number): Box {
  const [first = 0, last = -1] = [pixels[0], pixels.at(-1)];
  const firstRow = Math.floor(first / nx);
  let [left, right] = [nx, 0];
  for (const pixel of pixels) {
    left = Math.min(left, pixel % nx);
    right = Math.max(right, (pixel % nx) + 1);
  }
  const firstColumn = left - (left % 16);
  return {
    firstRow,
    rows: pixels.length === 0 ? 0 : Math.floor(last / nx) - firstRow + 1,
    firstColumn,
    columns: sixteens(Math.max(0, right - firstColumn)),
  };
}

const sixteens = (count: number) => Math.ceil(count / 16) * 16;

/** Places the frames; nothing more may be placed while they are in use. Null where nothing is smoothed. */
export function placeFrameSmoothing(
  module: MapsModule,
  nx: number,
  ny: number,
  { x, y }: SmoothingWeights,
): FrameSmoothing | null {
  if (x.length === 1 && y.length === 1) return null;
  const { smooth_rows, smooth_columns } = module.exports;
  const [reachX, reachY] = [(x.length - 1) / 2, (y.length - 1) / 2];
  const columns = sixteens(nx);
  const stride = columns + sixteens(2 * reachX);
  const allRows = ny + 2 * reachY;
  const weightsX = module.placeValues(x);
  const weightsY = module.placeValues(y);
  const [source, alongRows] = [module.place(allRows * stride), module.place(allRows * stride)];
  const [scale, result] = [module.place(ny * stride), module.place(ny * stride)];
  const places = (pixels: Int32Array, rowsBefore: number, columnsBefore: number) =>
    pixels.map(pixel => (Math.floor(pixel / nx) + rowsBefore) * stride + columnsBefore + (pixel % nx));

  let box: Box = { firstRow: 0, rows: 0, firstColumn: 0, columns: 0 };
  const smoothing = {
    sourceAt: new Int32Array(0),
    resultAt: new Int32Array(0),
    get source() {
      return module.view(source, allRows * stride);
    },
    get result() {
      return module.view(result, ny * stride);
    },
    begin(pixels: Int32Array) {
      box = boxOf(pixels, nx);
      smoothing.sourceAt = places(pixels, reachY, reachX);
      smoothing.resultAt = places(pixels, 0, 0);
      // What the weights of each voxel find: the smoothed frame of ones.
      const ones = smoothing.source.fill(0);
      module.view(alongRows, allRows * stride).fill(0); // rows outside the box are not computed
      for (const at of smoothing.sourceAt) ones[at] = 1;
      const scales = module.view(scale, ny * stride).fill(1);
      smoothing.smooth();
      const support = smoothing.result;
      for (let i = 0; i < scales.length; i++) scales[i] = support[i]! > 0 ? 1 / support[i]! : 0;
    },
    smooth() {
      const { firstRow, rows, firstColumn } = box;
      const bytes = 4 * stride;
      const at = (row: number) => 4 * (row * stride + firstColumn);
      const firstSource = at(firstRow + reachY);
      smooth_rows(source + firstSource, alongRows + firstSource, rows, box.columns, bytes, weightsX, x.length);
      const first = at(firstRow);
      smooth_columns(alongRows + first, result + first, scale + first, rows, box.columns, bytes, weightsY, y.length);
    },
  };
  return smoothing;
}
