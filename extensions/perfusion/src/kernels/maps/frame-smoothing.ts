import type { SmoothingWeights } from '../../core/contrast/smoothing.ts';
import type { MapsModule } from './maps-module.ts';

/** Smooths the frames of a slice, one after the other, as smoothSlice does. */
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
      smoothing.sourceAt = places(pixels, reachY, reachX);
      smoothing.resultAt = places(pixels, 0, 0);
      // What the weights of each voxel find: the smoothed frame of ones.
      const ones = smoothing.source.fill(0);
      for (const at of smoothing.sourceAt) ones[at] = 1;
      const scales = module.view(scale, ny * stride).fill(1);
      smoothing.smooth();
      const support = smoothing.result;
      for (let i = 0; i < scales.length; i++) scales[i] = support[i]! > 0 ? 1 / support[i]! : 0;
    },
    smooth() {
      smooth_rows(source, alongRows, allRows, columns, stride * 4, weightsX, x.length);
      smooth_columns(alongRows, result, scale, ny, columns, stride * 4, weightsY, y.length);
    },
  };
  return smoothing;
}
