import type { DeconvolutionMethod } from '../deconvolution-method.ts';
import { assertArterialInput } from './arterial-input.ts';
import { arterialSpectrum, rotationsOf } from './arterial-spectrum.ts';
import { lucyRichardson, lucyRichardsonSystem } from './lucy-richardson.ts';
import { leastOscillating, truncationLevels } from './oscillation.ts';
import { residueMatrix } from './residue-matrix.ts';
import { circulantTimesS, shiftedTimesS } from './residue-times.ts';

/** Deconvolution by one arterial input. */
export interface Deconvolver {
  /** Time of every sample of a residue function, s, in the order of the samples. Negative: tissue earlier than the artery. */
  readonly timesS: Float64Array;
  /**
   * Residue function of a curve, 1/s: with tissue constants kH and rho the flow is 6000 * (kH / rho) times its maximum.
   * @param curve contrast, as many samples as the arterial input and in its unit.
   * @param noiseSd standard deviation of the curve's noise. Only Lucy-Richardson uses it.
   */
  readonly residueOf: (curve: ArrayLike<number>, noiseSd: number) => Float64Array;
}

/**
 * Prepares a method for one arterial input; the residue functions are then found curve by curve.
 * @param aif contrast of the artery, N samples.
 * @throws ArterialInputError
 */
export function createDeconvolver(aif: Float64Array, intervalS: number, method: DeconvolutionMethod): Deconvolver {
  assertArterialInput(aif, intervalS);
  if (method.name === 'lr') {
    const system = lucyRichardsonSystem(aif, intervalS);
    return {
      timesS: shiftedTimesS(aif.length, system.shift, intervalS),
      residueOf: (curve, noiseSd) => lucyRichardson(curve, noiseSd, system, method).residue,
    };
  }
  if (method.name === 'osvd') {
    const spectrum = arterialSpectrum(aif, intervalS);
    const system = { spectrum, levels: truncationLevels(spectrum), rotations: rotationsOf(spectrum.length) };
    return {
      timesS: circulantTimesS(aif.length, intervalS),
      residueOf: curve => leastOscillating(curve, system, method.oscillationTarget).residue,
    };
  }
  const { rows, columns, values, timesS } = residueMatrix(aif, intervalS, method);
  return {
    timesS,
    residueOf: curve => {
      const residue = new Float64Array(rows);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++)
          residue[row]! += values[row * columns + column]! * curve[column]!;
      }
      return residue;
    },
  };
}
