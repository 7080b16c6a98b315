/** A value between two samples: (1 - part) * samples[index] + part * samples[index + 1]. */
export interface BetweenSamples {
  readonly index: number;
  readonly part: number;
}

/**
 * Where new times lie between the samples. Before the first and after the last sample its value is kept: a curve begins with
 * its baseline, and nothing is known of how it would go on.
 * @param sampleTimesS ascending
 */
export function betweenSamples(sampleTimesS: readonly number[], newTimesS: readonly number[]): BetweenSamples[] {
  const last = sampleTimesS.length - 1;
  let index = 0;
  return newTimesS.map(time => {
    while (index < last - 1 && sampleTimesS[index + 1]! <= time) index += 1;
    const [before, after] = [sampleTimesS[index]!, sampleTimesS[index + 1] ?? sampleTimesS[index]!];
    const part = after > before ? (time - before) / (after - before) : 0;
    return { index, part: Math.min(1, Math.max(0, part)) };
  });
}

/** Linear interpolation of one curve, Float64. */
export function resampleCurve(
  values: ArrayLike<number>,
  sampleTimesS: readonly number[],
  newTimesS: readonly number[],
): Float64Array {
  return Float64Array.from(betweenSamples(sampleTimesS, newTimesS), ({ index, part }) =>
    part === 0 ? values[index]! : (1 - part) * values[index]! + part * values[index + 1]!,
  );
}
