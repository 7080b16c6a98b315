import { type Survey, surveyInSteps } from '../core/index.ts';
import type { PerfusionSeries } from './dynamic-series.ts';

/** The page breathes this often. */
const BREATH_MS = 12;

/** Baseline, masks, artery and vein of a series. @throws an error with a sentence for the reader where there is no brain or no bolus */
export async function surveySeries({ volume }: PerfusionSeries, signal: AbortSignal): Promise<Survey> {
  const steps = surveyInSteps(volume);
  let last = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - last < BREATH_MS) continue;
    await new Promise(resolve => setTimeout(resolve));
    signal.throwIfAborted();
    last = performance.now();
  }
}

/** The time point at which most contrast agent is in the brain. */
export function peakTimePoint({ brainCurve }: Survey): number {
  return brainCurve.indexOf(Math.max(...brainCurve));
}
