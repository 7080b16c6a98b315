import { STROKE_METHOD, type StrokeThresholds, type StrokeVolumes } from '../core/index.ts';
import type { StrokeResult } from './perfusion-result.ts';

/**
 * Volumes as a result holds them, each with the rule that it was measured by.
 * @param volumes of maps of STROKE_METHOD
 */
export function strokeResultOf(volumes: StrokeVolumes, thresholds: StrokeThresholds): StrokeResult {
  const { tmaxSteps, coreReference, further, ...measured } = volumes;
  const { coreFlowPart, hypoperfusionTmaxS, severeTmaxS, leastMl } = thresholds;
  const steps = tmaxSteps.map(({ aboveS, volumeMl }) => `${aboveS} s ${volumeMl.toFixed(1)} mL`).join(', ');
  return {
    ...measured,
    rules: {
      method: STROKE_METHOD,
      coreFlowPart,
      coreReference,
      hypoperfusionTmaxS,
      severeTmaxS,
      leastMl,
      further: [...further, `Volumes of Tmax above ${steps}.`],
    },
  };
}
