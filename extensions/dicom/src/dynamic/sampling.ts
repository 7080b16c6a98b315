import { DynamicSeriesError } from './dynamic-series-error.ts';
import { formatNumber } from './format-number.ts';
import type { FrameTimes } from './frame-times.ts';
import { median } from './split-time-points.ts';

/** s. A bolus passes the brain in about ten: at longer intervals it is not seen. Perfusion scans take 0.5 to 5. */
const LONGEST_INTERVAL_S = 10;
/** s. Late phases of one scan may be half a minute apart. What is further apart was not one scan, or a clock was changed. */
const LONGEST_GAP_S = 60;

/**
 * @throws DynamicSeriesError where time points are too far apart to follow a bolus, or two of them to be of one scan
 */
export function checkSampling({ timesS, from }: Pick<FrameTimes, 'timesS' | 'from'>): void {
  const steps = timesS.slice(1).map((time, t) => time - timesS[t]!);
  const usualS = median(steps);
  if (usualS > LONGEST_INTERVAL_S) {
    throw new DynamicSeriesError(
      'sampling',
      `The time points are ${formatNumber(usualS)} s apart (${from}), too far to follow a bolus, which passes in about ten; take the 4D series of the perfusion scan.`,
    );
  }
  const gap = steps.findIndex(step => step > LONGEST_GAP_S);
  if (gap < 0) return;
  throw new DynamicSeriesError(
    'sampling',
    `Between time points ${gap + 1} and ${gap + 2} lie ${formatNumber(steps[gap]!)} s (${from}), as between two scans or when a clock is changed; take the images of one scan, or export the series again with correct times.`,
  );
}
