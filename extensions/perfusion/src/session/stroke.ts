import { type PerfusionMaps, type StrokeThresholds, type Survey, strokeVolumes } from '../core/index.ts';
import { type StrokeResult, strokeResultOf } from '../results/index.ts';
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
  return strokeResultOf(strokeVolumes({ maps, brainMask, tissueMask, dimensions, spacingMm }, thresholds), thresholds);
}
