import type { Survey } from '../core/index.ts';
import type { StrokeResult } from '../results/index.ts';
import type { VolumeRules } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import type { ComputedMaps } from './state.ts';

export function measureStroke(
  _computed: ComputedMaps,
  _survey: Survey,
  _rules: VolumeRules,
  _series: PerfusionSeries,
): StrokeResult | null {
  return null;
}
