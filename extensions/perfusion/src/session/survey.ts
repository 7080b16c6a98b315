import type { Engine } from '@voxelwise/compute';
import type { Survey } from '../core/index.ts';
import { surveyKernel } from '../kernels/index.ts';
import type { PerfusionSeries } from './dynamic-series.ts';

/**
 * Baseline, masks, artery and vein of a series that the engine holds.
 * @param onProgress told from 0 to 1
 * @throws an error with a sentence for the reader where there is no brain or no bolus
 */
export async function surveySeries(
  { volume, volumeId }: PerfusionSeries,
  engine: Pick<Engine, 'run'>,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<Survey> {
  const { timePoints, intervalS, spacingMm, signal: measured } = volume;
  const parameters = { timePoints, intervalS, spacingMm, signal: measured };
  const { output } = await engine.run(surveyKernel, volumeId, parameters, { signal, onProgress });
  if (!output.survey) throw new Error(output.refusal);
  return output.survey;
}

/** The time point at which most contrast agent is in the brain. */
export function peakTimePoint({ brainCurve }: Survey): number {
  return brainCurve.indexOf(Math.max(...brainCurve));
}
