import type { DeconvolutionMethod, TissueConstants } from '@voxelwise/perfusion/core';
import type { Terminal } from '../terminal.ts';
import type { CurvesArguments } from './arguments.ts';
import { type CurvesResult, computeCurves } from './compute-curves.ts';
import { readCurves } from './read-curves.ts';

/**
 * Prints perfusion of the curves in a table as JSON.
 * @returns warnings, a sentence each.
 * @throws Refusal
 */
export async function printCurves(
  { path, method, constants }: CurvesArguments,
  terminal: Terminal,
): Promise<readonly string[]> {
  const result = computeCurves(await readCurves(path), method, constants);
  terminal.out(`${JSON.stringify(toJson(result, constants), null, 2)}\n`);
  return result.warnings;
}

/** Flow in mL/100 g/min (mL/100 mL/min at density 1), volume in mL/100 g, times in s; null where there is no value. */
function toJson({ curves, methods }: CurvesResult, constants: TissueConstants) {
  return {
    method: methods[0]!.name,
    parameters: { ...parametersOf(methods), ...constants },
    curves: curves.map(({ label, values: { cbf, cbv, mttS, ttpS, tmaxS } }) => ({
      label,
      cbf,
      cbv,
      mtt: mttS,
      ttp: ttpS,
      tmax: tmaxS,
    })),
  };
}

/** Where a parameter depends on the interval and the intervals differ, all of its values are listed. */
function parametersOf(methods: readonly DeconvolutionMethod[]): Record<string, number | number[]> {
  const { name: _, ...parameters } = methods[0]!;
  return Object.fromEntries(
    Object.keys(parameters).map(key => {
      const values = [...new Set(methods.map(method => (method as unknown as Record<string, number>)[key]!))];
      return [key, values.length === 1 ? values[0]! : values];
    }),
  );
}
