import type { DeconvolutionMethodName } from '../core/index.ts';

/** Methods as the reader chooses them. */
export const METHOD_CHOICES: Readonly<Record<DeconvolutionMethodName, string>> = {
  lr: 'Lucy-Richardson',
  csvd: 'Block-circulant SVD',
  osvd: 'Block-circulant SVD, oSVD',
  ssvd: 'Standard SVD (delay bias)',
  tikhonov: 'Tikhonov (delay bias)',
};
