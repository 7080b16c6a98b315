import { type DeconvolutionMethod, type DeconvolutionMethodName, defaultMethod } from '../core/index.ts';

/** Methods as the reader chooses them. */
export const METHOD_CHOICES: Readonly<Record<DeconvolutionMethodName, string>> = {
  lr: 'Lucy-Richardson',
  csvd: 'Block-circulant SVD',
  osvd: 'Block-circulant SVD, oSVD',
  ssvd: 'Standard SVD (delay bias)',
  tikhonov: 'Tikhonov (delay bias)',
};

/** The volumes of core and hypoperfusion are measured on maps of this method, whatever maps are shown: their rules come from SVD. */
export const VOLUME_METHOD: DeconvolutionMethod = defaultMethod('csvd', 1);
