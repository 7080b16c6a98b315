import { forSeeds } from '../testing/random.ts';
import { boundsOf, expectedMs, isTiming, withTiming } from './time-bounds.ts';

const boundsAt = (work: number, ...timings: readonly (readonly [work: number, ms: number])[]) =>
  boundsOf(
    work,
    timings.map(([timedWork, ms]) => ({ work: timedWork, ms })),
    0,
  );

describe('bounds of a run', () => {
  test('are far apart when all that is known is one small run: it may all be fixed, or all grow', () => {
    const { leastMs, mostMs } = boundsAt(64, [1, 10]);
    expect(leastMs).toBeLessThan(10);
    expect(mostMs).toBeGreaterThan(640);
  });

  test('are close together beside a run of as much work', () => {
    const { leastMs, mostMs } = boundsAt(64, [1, 10], [64, 20]);
    expect([leastMs, mostMs]).toEqual([16, 25]);
  });

  test('say that what grew in two runs goes on growing', () => {
    const { leastMs, mostMs } = boundsAt(64, [1, 10], [16, 160]);
    expect(leastMs).toBeGreaterThan(300);
    expect(mostMs).toBeLessThan(1000);
  });

  test('say of a smaller run that it takes no longer, and at least in proportion', () => {
    const { leastMs, mostMs } = boundsAt(8, [16, 160]);
    expect(leastMs).toBeLessThan(80);
    expect(leastMs).toBeGreaterThan(50);
    expect(mostMs).toBeLessThan(250);
  });

  test('leave room for what any timing may be off', () => {
    const { leastMs, mostMs } = boundsOf(1, [{ work: 1, ms: 6 }], 4);
    expect(leastMs).toBeLessThan(2);
    expect(mostMs).toBeGreaterThan(10);
  });

  test('hold for every line, whatever was timed on it, with noise', async () => {
    await forSeeds(500, random => {
      const [fixedMs, growth] = [random() * 10, 10 ** (4 * random() - 3)];
      const msOf = (work: number) => fixedMs + growth * work;
      const timings = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
        const work = 10 ** (4 * random() - 2);
        return { work, ms: msOf(work) * 1.2 ** (2 * random() - 1) };
      });
      const work = 10 ** (4 * random() - 2);
      const { leastMs, mostMs } = boundsOf(work, timings, 0);
      expect(leastMs).toBeLessThanOrEqual(msOf(work));
      expect(mostMs).toBeGreaterThanOrEqual(msOf(work));
    });
  });
});

test('what is expected lies on the line through the two largest runs that differ', () => {
  const timings = [
    { work: 1, ms: 3 },
    { work: 4, ms: 6 },
    { work: 3.9, ms: 100 },
  ];
  expect(expectedMs(10, timings)).toBe(12);
  expect(expectedMs(4, [{ work: 1, ms: 3 }])).toBe(6); // somewhere between all fixed and all growing
  expect(expectedMs(1, [])).toBe(Number.POSITIVE_INFINITY);
});

test('a newer timing of about as much work takes the place of the older one', () => {
  const timings = withTiming(withTiming([{ work: 1, ms: 1 }], { work: 10, ms: 5 }), { work: 1.2, ms: 2 });
  expect(timings).toEqual([
    { work: 10, ms: 5 },
    { work: 1.2, ms: 2 },
  ]);
});

test('knows a timing from anything else', () => {
  expect(isTiming({ work: 1, ms: 0 })).toBe(true);
  for (const other of [
    null,
    7,
    {},
    { work: 0, ms: 1 },
    { work: 1, ms: -1 },
    { work: '1', ms: 1 },
    { work: 1, ms: Number.NaN },
  ])
    expect(isTiming(other)).toBe(false);
});
