import type { VoxelVolume } from '../../volume.ts';

/** Weights along x and along y, each of odd length with its center in the middle; applied as written, not mirrored. */
export interface SeparableWeights {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Weights of a Gaussian, cut at three standard deviations; their sum is 1.
 * @throws RangeError when the standard deviation is not a positive number
 */
export function gaussianWeights(sigmaPixels: number): number[] {
  if (!(sigmaPixels > 0) || !Number.isFinite(sigmaPixels)) {
    throw new RangeError(`A Gaussian has a positive standard deviation; ${sigmaPixels} pixels cannot be.`);
  }
  const radius = Math.ceil(3 * sigmaPixels);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigmaPixels ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
}

/** @throws RangeError when there is no center to speak of, or a weight is no number */
export function assertWeights({ x, y }: SeparableWeights): void {
  for (const weights of [x, y]) {
    if (weights.length % 2 === 0) {
      throw new RangeError(`Weights have a center, so ${weights.length} of them cannot be.`);
    }
    const wrong = weights.find(weight => !Number.isFinite(weight));
    if (wrong !== undefined) throw new RangeError(`Weights are finite numbers; ${wrong} cannot be.`);
  }
}

/**
 * Every slice filtered along x, then along y; voxels beyond the border are those of the border. Sums and the result of
 * the first pass are float64, the answer is rounded to float32.
 */
export function separableConvolution({ voxels, dimensions }: VoxelVolume, weights: SeparableWeights): Float32Array {
  assertWeights(weights);
  const [nx, ny, nz] = dimensions;
  const radiusX = (weights.x.length - 1) / 2;
  const radiusY = (weights.y.length - 1) / 2;
  const along = new Float64Array(nx * ny);
  const answer = new Float32Array(voxels.length);
  for (let z = 0; z < nz; z++) {
    const slice = z * nx * ny;
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        let sum = 0;
        for (let i = 0; i < weights.x.length; i++) {
          const from = Math.min(nx - 1, Math.max(0, x + i - radiusX));
          sum += weights.x[i]! * voxels[slice + y * nx + from]!;
        }
        along[y * nx + x] = sum;
      }
    }
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        let sum = 0;
        for (let i = 0; i < weights.y.length; i++) {
          const from = Math.min(ny - 1, Math.max(0, y + i - radiusY));
          sum += weights.y[i]! * along[from * nx + x]!;
        }
        answer[slice + y * nx + x] = sum;
      }
    }
  }
  return answer;
}
