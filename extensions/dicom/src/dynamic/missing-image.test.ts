import { AS_MR, type ImageOf, images, inPlace, numbersOf, refusalOf, stackOf, tm } from './dynamic.test-support.ts';

/** Reproducible numbers from 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ways in which series are told apart, with times that differ from slice to slice and intervals that are not all the same. */
function randomSeries(next: () => number, slices: number, timePoints: number): { image: ImageOf; isMr: boolean } {
  const isMr = next() < 0.5;
  // A CT volume is one rotation; MR slices may be acquired in any order within three quarters of the interval.
  const delays = Array.from({ length: slices }, () => (isMr ? 1.5 * next() : 0));
  const times = Array.from({ length: timePoints }, (_, t) => 2 * t + 0.3 * next());
  const seconds = (t: number, z: number) => times[t]! + delays[z]!;
  if (!isMr) return { isMr, image: t => ({ AcquisitionTime: tm(36_000 + times[t]!) }) };
  return next() < 0.5
    ? { isMr, image: (t, z) => ({ ...AS_MR, TriggerTime: 1000 * seconds(t, z) }) }
    : {
        isMr,
        image: (t, z) => ({ ...AS_MR, TemporalPositionIdentifier: t, AcquisitionTime: tm(36_000 + seconds(t, z)) }),
      };
}

test('any series is put in place, and any one missing image is named', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const next = random(seed);
    const [timePoints, slices] = [8 + Math.floor(20 * next()), 3 + Math.floor(6 * next())];
    const { image } = randomSeries(next, slices, timePoints);
    const series = images(timePoints, slices, image);
    expect(numbersOf(stackOf(series), series)).toEqual(inPlace(timePoints, slices));

    const [lostT, lostZ] = [Math.floor(timePoints * next()), Math.floor(slices * next())];
    const [problem, message] = refusalOf(
      images(timePoints, slices, (t, z) => (t === lostT && z === lostZ ? null : image(t, z))),
    );
    expect([seed, problem]).toEqual([seed, 'missing-images']);
    expect(message).toMatch(
      new RegExp(
        `^Time point ${lostT + 1} of ${timePoints} \\(by \\w+\\) has no image of slice ${lostZ + 1} of ${slices} `,
      ),
    );
  }
});
