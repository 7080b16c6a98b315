import { type PerfusionMaps, STROKE_METHOD, type StrokeThresholds, type Survey, strokeVolumes } from '../core/index.ts';
import type { StrokeResult } from '../results/index.ts';
import type { PerfusionSeries } from './dynamic-series.ts';

/**
 * Core, hypoperfusion and their mismatch.
 * @param maps of the method that the thresholds were established with: STROKE_METHOD
 * @throws RangeError with a sentence where the thresholds cannot be
 */
export function measureStroke(
  maps: PerfusionMaps,
  { brainMask, tissueMask }: Survey,
  thresholds: StrokeThresholds,
  { volume }: PerfusionSeries,
): StrokeResult {
  const { dimensions, spacingMm } = volume;
  const input = { maps, brainMask, tissueMask, dimensions, spacingMm };
  const { tmaxSteps, coreReference, further, ...volumes } = strokeVolumes(input, thresholds);
  const { coreFlowPart, hypoperfusionTmaxS, severeTmaxS } = thresholds;
  const steps = tmaxSteps.map(({ aboveS, volumeMl }) => `${aboveS} s ${volumeMl.toFixed(1)} mL`).join(', ');
  return {
    ...volumes,
    rules: {
      method: STROKE_METHOD,
      coreFlowPart,
      coreReference,
      hypoperfusionTmaxS,
      severeTmaxS,
      further: [...further, `Volumes of Tmax above ${steps}.`],
    },
  };
}
