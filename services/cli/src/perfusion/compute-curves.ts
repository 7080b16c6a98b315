import {
  ArterialInputError,
  type Baseline,
  baselineVariance,
  createDeconvolver,
  type DeconvolutionMethod,
  detectBaseline,
  groupVariance,
  NoBolusError,
  noiseLevel,
  type PerfusionValues,
  perfusionValues,
  type TissueConstants,
  trapezoidSum,
} from '@voxelwise/perfusion/core';
import { Refusal } from '../refusal.ts';
import { type MethodChoice, methodAt } from './method.ts';
import type { CurveRow } from './read-curves.ts';

/** Values of a row; NaN where there is none. */
export interface CurveResult {
  readonly label: string;
  readonly values: PerfusionValues;
}

export interface CurvesResult {
  /** In the order of the rows. */
  readonly curves: readonly CurveResult[];
  /** The method of every sampling interval in the table. */
  readonly methods: readonly DeconvolutionMethod[];
  readonly warnings: readonly string[];
}

/**
 * Perfusion of every row. Rows with the same artery and interval are one acquisition: they share what is made of the artery, and
 * their noise is measured together.
 * @throws Refusal when an arterial input cannot be one, or has no baseline that Lucy-Richardson could measure the noise on.
 */
export function computeCurves(
  rows: readonly CurveRow[],
  choice: MethodChoice,
  constants: TissueConstants,
): CurvesResult {
  const results = new Map<CurveRow, PerfusionValues>();
  const methods = new Map<number, DeconvolutionMethod>();
  const warnings: string[] = [];
  for (const group of groupsOf(rows)) {
    const { aif, intervalS, label } = group[0]!;
    const method = methodAt(choice, intervalS);
    methods.set(intervalS, method);
    const baseline = baselineOf(group[0]!, method, warnings);
    const deconvolver = refusing(label, () => createDeconvolver(aif, intervalS, method));
    const settings = { deconvolver, arterialSum: trapezoidSum(aif), intervalS, constants };
    const variances = group.map(({ tissue }) => (baseline ? baselineVariance(tissue, baseline) : 0));
    const ofGroup = groupVariance(variances);
    for (const [index, row] of group.entries()) {
      const noiseSd = baseline ? noiseLevel(variances[index]!, baseline[1] - baseline[0], ofGroup) : 0;
      const baselineEnd = baseline ? baseline[1] : Number.NaN;
      const values = perfusionValues({ curve: row.tissue, noiseSd, baselineEnd }, settings);
      if (Number.isNaN(values.cbf)) {
        warnings.push(`The curve ${row.label} has no flow: its area or its residue function is not positive.`);
      }
      results.set(row, values);
    }
  }
  return {
    curves: rows.map(row => ({ label: row.label, values: results.get(row)! })),
    methods: [...methods.values()],
    warnings,
  };
}

function groupsOf(rows: readonly CurveRow[]): CurveRow[][] {
  const groups = Map.groupBy(rows, ({ aif, intervalS }) => `${intervalS} ${aif.join(' ')}`);
  return [...groups.values()];
}

function baselineOf({ aif, label }: CurveRow, method: DeconvolutionMethod, warnings: string[]): Baseline | null {
  try {
    return detectBaseline(aif);
  } catch (error) {
    if (!(error instanceof NoBolusError)) throw error;
    if (method.name === 'lr') {
      throw new Refusal(
        `The arterial input of ${label} has no baseline, on which Lucy-Richardson measures the noise; choose another --method. ${error.message}`,
      );
    }
    warnings.push(`The arterial input of ${label} has no baseline, so that TTP is not given. ${error.message}`);
    return null;
  }
}

function refusing<T>(label: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    if (error instanceof ArterialInputError) throw new Refusal(`${label}: ${error.message}`);
    throw error;
  }
}
