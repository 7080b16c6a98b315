import { DECONVOLUTION_METHODS, type DeconvolutionMethod, defaultMethod } from '@voxelwise/perfusion/core';
import { type Accuracy, accuracyOf, kudoGrid, measurePhantom } from '@voxelwise/perfusion/phantoms';

const INTERVAL_S = 1;
const BASELINE_END = 10;
/** As the judgement asks: without noise and with 1 HU. */
const NOISES_HU = [0, 1] as const;

export interface MethodAccuracy {
  readonly method: DeconvolutionMethod;
  /** Of exponential residue functions, without noise and with 1 HU. */
  readonly accuracies: readonly Accuracy[];
}

/** Every method with its usual parameters on the Kudo-like grid. */
export function accuracies(): MethodAccuracy[] {
  const grids = NOISES_HU.map(noiseHu => kudoGrid({ intervalS: INTERVAL_S, noiseHu, seed: 1 }));
  return DECONVOLUTION_METHODS.map(name => {
    const method = defaultMethod(name, INTERVAL_S);
    const ofGrid = (grid: (typeof grids)[number]) =>
      accuracyOf(measurePhantom(grid, method, BASELINE_END).filter(({ truth }) => truth.kind === 'exponential'));
    return { method, accuracies: grids.map(ofGrid) };
  });
}

/** A method with its settings, in few words. */
export function nameOf(method: DeconvolutionMethod): string {
  if (method.name === 'lr') return `lr, at most ${method.maximumIterations}, noise factor ${method.noiseFactor}`;
  if (method.name === 'osvd') return `osvd, oscillation ${method.oscillationTarget}`;
  return `${method.name}, truncation ${method.truncation}`;
}
