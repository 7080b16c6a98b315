import {
  ABSOLUTE_CONSTANTS,
  baselineVariance,
  createDeconvolver,
  type DeconvolutionMethod,
  groupVariance,
  noiseLevel,
  perfusionValues,
  trapezoidSum,
} from '@voxelwise/perfusion/core';
import { type CurvePhantom, delayGrid, kudoGrid } from '@voxelwise/perfusion/phantoms';

/** What a method makes of the phantoms with exponential residue functions. */
export interface MethodAccuracy {
  /** Of the grid without noise: Pearson r of the flow, and mean flow over mean true flow. */
  readonly clean: GridAccuracy;
  /** With noise of SD 1 HU. */
  readonly noisy: GridAccuracy;
  /** (largest - smallest) / mean flow over delays of -4 to 10 s at MTT 4 s. */
  readonly delaySpread: number;
}

export interface GridAccuracy {
  readonly cbf: number;
  readonly mtt: number;
  readonly cbfPart: number;
}

const INTERVAL_S = 1;
/** The artery of the grid arrives at 10 s, the earliest tissue of the delay grid at 8 s. */
const [GRID_BASELINE_END, DELAY_BASELINE_END] = [10, 8];

/** Accuracy of a method by the Float64 twin, with the settings that its time is taken with. */
export function accuracyOfMethod(method: DeconvolutionMethod): MethodAccuracy {
  const parts = measured(
    delayGrid({ kind: 'exponential', mttS: 4, intervalS: INTERVAL_S }),
    method,
    DELAY_BASELINE_END,
  ).map(({ truth, cbf }) => cbf / truth.cbf);
  return {
    clean: gridAccuracy(kudoGrid({ intervalS: INTERVAL_S }), method),
    noisy: gridAccuracy(kudoGrid({ intervalS: INTERVAL_S, noiseHu: 1, seed: 1 }), method),
    delaySpread: (Math.max(...parts) - Math.min(...parts)) / mean(parts),
  };
}

/** One line: r of CBF and MTT, mean flow over truth, without noise and at 1 HU; spread over delays. */
export function accuracyInWords({ clean, noisy, delaySpread }: MethodAccuracy): string {
  const grid = ({ cbf, mtt, cbfPart }: GridAccuracy) =>
    `r(CBF) ${cbf.toFixed(3)}, r(MTT) ${mtt.toFixed(3)}, CBF/true ${cbfPart.toFixed(2)}`;
  return `no noise: ${grid(clean)}; 1 HU: ${grid(noisy)}; over delays ${(100 * delaySpread).toFixed(2)} %`;
}

function gridAccuracy(phantom: CurvePhantom, method: DeconvolutionMethod): GridAccuracy {
  const curves = phantom.curves.filter(({ kind }) => kind === 'exponential');
  const found = measured({ ...phantom, curves }, method, GRID_BASELINE_END).filter(({ cbf }) => !Number.isNaN(cbf));
  const undelayed = found.filter(({ truth }) => truth.delayS === 0);
  return {
    cbf: pearson(
      found.map(({ cbf }) => cbf),
      found.map(({ truth }) => truth.cbf),
    ),
    mtt: pearson(
      found.map(({ mttS }) => mttS),
      found.map(({ truth }) => truth.mttS),
    ),
    cbfPart: mean(undelayed.map(({ cbf }) => cbf)) / mean(undelayed.map(({ truth }) => truth.cbf)),
  };
}

function measured({ aif, intervalS, curves }: CurvePhantom, method: DeconvolutionMethod, baselineEnd: number) {
  const deconvolver = createDeconvolver(aif, intervalS, method);
  const settings = { deconvolver, arterialSum: trapezoidSum(aif), intervalS, constants: ABSOLUTE_CONSTANTS };
  const variances = curves.map(({ curve }) => baselineVariance(curve, [0, baselineEnd]));
  const ofGroup = groupVariance(variances);
  return curves.map((truth, index) => {
    const noiseSd = noiseLevel(variances[index]!, baselineEnd, ofGroup);
    return { truth, ...perfusionValues({ curve: truth.curve, noiseSd, baselineEnd }, settings) };
  });
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const moment = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    mean(x.map((value, index) => (value - mx) * (y[index]! - my)));
  return moment(a, meanA, b, meanB) / Math.sqrt(moment(a, meanA, a, meanA) * moment(b, meanB, b, meanB));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
