/** When the images of a 4D series were acquired. */
export interface SampleTimes {
  /** Of every time point, ascending, s. */
  readonly timesS: readonly number[];
  /** Of every image on the same clock, [t][z], s: slices of one time point may be acquired one after the other. */
  readonly frameTimesS: readonly (readonly number[])[];
}

/** Equal intervals for a series: the first time point is at timesS[0]. */
export interface TimeGrid {
  readonly intervalS: number;
  readonly timePoints: number;
  /** The values as they were measured may stand for it; otherwise they are interpolated. */
  readonly isAsMeasured: boolean;
  /** What was done and why, for the reader. */
  readonly notes: readonly string[];
}

/** A sample may be this part of an interval early or late and still count as in time: what it changes is far below the noise. */
const IN_TIME = 0.1;
/** s. Some scanners write times without their fractions. */
const WHOLE_SECONDS_S = 0.55;
/** Of all intervals, how many may be shorter than the new one: a single short one, as at a change of phase, does not set it. */
const SHORTER = 0.1;
/** A longer series only costs time and memory. */
const MOST_TIME_POINTS = 400;

/**
 * Finds the equal intervals at which a series is evaluated. A regular one keeps its own. An irregular one (jog mode: fast during
 * the bolus, slow afterwards) gets the interval of its fast phase, so that the bolus loses nothing.
 * @throws RangeError where the times do not increase
 */
export function timeGridOf({ timesS, frameTimesS }: SampleTimes): TimeGrid {
  const count = timesS.length;
  const steps = timesS.slice(1).map((time, t) => time - timesS[t]!);
  const slicesRise = frameTimesS.every(
    (ofTime, t) => t === 0 || ofTime.every((time, z) => time > frameTimesS[t - 1]![z]!),
  );
  if (count < 2 || !steps.every(step => step > 0) || !slicesRise) {
    throw new RangeError('The times of a series must increase, those of every slice too.');
  }
  const first = timesS[0]!;
  const durationS = timesS[count - 1]! - first;
  const { slopeS, largestErrorS } = lineThrough(timesS);
  const areWhole = timesS.every(time => Number.isInteger(time - first));
  const isRegular = largestErrorS <= IN_TIME * slopeS;
  const isRounded = !isRegular && areWhole && largestErrorS <= WHOLE_SECONDS_S;
  // From end to end where the ends are in time: a line through rounded times is the better guess.
  const intervalS = isRegular ? durationS / (count - 1) : isRounded ? slopeS : fastInterval(steps, durationS);
  const delayS = largestDelay(timesS, frameTimesS);
  const isDelayed = delayS > IN_TIME * intervalS;
  const timePoints = isRegular || isRounded ? count : Math.floor(durationS / intervalS + 1e-6) + 1;
  const notes: string[] = [];
  if (isRounded) {
    notes.push(
      `Times are written without fractions of a second; an interval of ${inWords(intervalS)} s fits all of them.`,
    );
  }
  if (!isRegular && !isRounded) {
    const [shortest, longest] = [Math.min(...steps), Math.max(...steps)];
    notes.push(
      `The sampling is irregular (${inWords(shortest)} to ${inWords(longest)} s between time points): all curves are resampled linearly every ${inWords(intervalS)} s, to ${timePoints} time points.`,
    );
  }
  if (isDelayed) {
    notes.push(
      `Slices were acquired up to ${inWords(delayS)} s before or after the mean of their time point: every slice is resampled linearly to common times.`,
    );
  }
  return { intervalS, timePoints, isAsMeasured: (isRegular || isRounded) && !isDelayed, notes };
}

/** Least squares through the times by their number, and how far the worst one is off. */
function lineThrough(timesS: readonly number[]): { slopeS: number; largestErrorS: number } {
  const middle = (timesS.length - 1) / 2;
  const mean = timesS.reduce((sum, time) => sum + time, 0) / timesS.length;
  const covariance = timesS.reduce((sum, time, t) => sum + (t - middle) * (time - mean), 0);
  const variance = timesS.reduce((sum, _, t) => sum + (t - middle) ** 2, 0);
  const slopeS = covariance / variance;
  const errors = timesS.map((time, t) => Math.abs(time - mean - slopeS * (t - middle)));
  return { slopeS, largestErrorS: Math.max(...errors) };
}

function fastInterval(steps: readonly number[], durationS: number): number {
  const sorted = steps.toSorted((a, b) => a - b);
  return Math.max(sorted[Math.floor(SHORTER * sorted.length)]!, durationS / (MOST_TIME_POINTS - 1));
}

function largestDelay(timesS: readonly number[], frameTimesS: readonly (readonly number[])[]): number {
  return Math.max(0, ...frameTimesS.flatMap((ofTime, t) => ofTime.map(time => Math.abs(time - timesS[t]!))));
}

function inWords(value: number): string {
  return String(Number(value.toFixed(2)));
}
