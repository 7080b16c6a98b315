import {
  DEFAULT_STROKE_THRESHOLDS,
  type DynamicVolume,
  type PerfusionMaps,
  STROKE_METHOD,
  type Survey,
  strokeVolumes,
} from '@voxelwise/perfusion/core';
import type { StrokeResult } from '@voxelwise/perfusion/results';

/** Core and hypoperfusion of a series, with the rules that they were measured by. @param maps by STROKE_METHOD */
export function measureStroke(
  { dimensions, spacingMm }: DynamicVolume,
  { brainMask, tissueMask }: Survey,
  maps: PerfusionMaps,
): StrokeResult {
  const { coreFlowPart, hypoperfusionTmaxS, severeTmaxS, leastMl } = DEFAULT_STROKE_THRESHOLDS;
  const {
    coreReference,
    further,
    tmaxSteps: _,
    ...volumes
  } = strokeVolumes({
    ...{ maps, brainMask, tissueMask, dimensions, spacingMm },
  });
  const rules = {
    method: STROKE_METHOD,
    coreFlowPart,
    coreReference,
    hypoperfusionTmaxS,
    severeTmaxS,
    leastMl,
    further,
  };
  return { ...volumes, rules };
}
