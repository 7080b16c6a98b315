/**
 * How the residue function is found.
 * - lr: Lucy-Richardson on the block-circulant system, stopped by the noise of the voxel
 * - ssvd: singular values of the lower-triangular matrix; biased by delay
 * - csvd: block-circulant SVD; the same for every delay
 * - osvd: block-circulant SVD, truncated per voxel until the residue function oscillates less than a target
 * - tikhonov: lower-triangular, singular values damped instead of cut
 */
export const DECONVOLUTION_METHODS = ['lr', 'csvd', 'osvd', 'ssvd', 'tikhonov'] as const;

export type DeconvolutionMethodName = (typeof DECONVOLUTION_METHODS)[number];

export type DeconvolutionMethod =
  | {
      readonly name: 'ssvd' | 'csvd' | 'tikhonov';
      /** Truncation, or lambda of Tikhonov, as a part of the largest singular value. */
      readonly truncation: number;
    }
  | {
      readonly name: 'osvd';
      /** Oscillation index that a residue function may have. It depends on the sampling interval. */
      readonly oscillationTarget: number;
    }
  | {
      readonly name: 'lr';
      /** Iterations at most; the noise usually stops it earlier. */
      readonly maximumIterations: number;
      /** Stops when an iteration lowers the squared residual by no more than this times the variance of the noise. */
      readonly noiseFactor: number;
    };
