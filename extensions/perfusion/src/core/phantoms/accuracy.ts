import { createDeconvolver } from '../deconvolution/create-deconvolver.ts';
import { baselineVariance, groupVariance, noiseLevel } from '../deconvolution/noise-level.ts';
import type { DeconvolutionMethod } from '../deconvolution-method.ts';
import { ABSOLUTE_CONSTANTS, type PerfusionValues } from '../maps.ts';
import { perfusionValues, trapezoidSum } from '../perfusion-values.ts';
import type { CurvePhantom, PhantomCurve } from './kudo-grid.ts';

/** Values of one curve beside its truth. */
export interface Measured {
  readonly truth: PhantomCurve;
  readonly values: PerfusionValues;
}

/** Every curve of a phantom by a method. The noise is measured on the frames before the bolus, the curves being one group. */
export function measurePhantom(
  { aif, intervalS, curves }: CurvePhantom,
  method: DeconvolutionMethod,
  baselineEnd: number,
): Measured[] {
  const settings = {
    deconvolver: createDeconvolver(aif, intervalS, method),
    arterialSum: trapezoidSum(aif),
    intervalS,
    constants: ABSOLUTE_CONSTANTS,
  };
  const variances = curves.map(({ curve }) => baselineVariance(curve, [0, baselineEnd]));
  const ofGroup = groupVariance(variances);
  return curves.map((truth, index) => {
    const noiseSd = noiseLevel(variances[index]!, baselineEnd, ofGroup);
    return { truth, values: perfusionValues({ curve: truth.curve, noiseSd, baselineEnd }, settings) };
  });
}

export interface Accuracy {
  /** Pearson r against the truth. */
  readonly cbf: number;
  readonly mtt: number;
  readonly cbv: number;
  /** Mean CBF over mean true CBF of the curves without delay. */
  readonly cbfPart: number;
}

/** Curves without values are left out, and counted as no flow in the part. */
export function accuracyOf(measured: readonly Measured[]): Accuracy {
  const known = measured.filter(({ values }) => !Number.isNaN(values.cbf));
  const r = (value: (curve: Measured) => number, truth: (curve: Measured) => number) =>
    pearson(known.map(value), known.map(truth));
  const undelayed = measured.filter(({ truth }) => truth.delayS === 0);
  return {
    cbf: r(
      ({ values }) => values.cbf,
      ({ truth }) => truth.cbf,
    ),
    mtt: r(
      ({ values }) => values.mttS,
      ({ truth }) => truth.mttS,
    ),
    cbv: r(
      ({ values }) => values.cbv,
      ({ truth }) => truth.cbv,
    ),
    cbfPart:
      sumOf(undelayed.map(({ values }) => (Number.isNaN(values.cbf) ? 0 : values.cbf))) /
      sumOf(undelayed.map(({ truth }) => truth.cbf)),
  };
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const meanA = sumOf(a) / a.length;
  const meanB = sumOf(b) / b.length;
  const covariance = sumOf(a.map((value, index) => (value - meanA) * (b[index]! - meanB)));
  return (
    covariance / Math.sqrt(sumOf(a.map(value => (value - meanA) ** 2)) * sumOf(b.map(value => (value - meanB) ** 2)))
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
