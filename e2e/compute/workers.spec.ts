import { expect, test } from './compute-test.ts';

const ALONE = { isEqual: true, workers: 1, notes: [] };
const TOGETHER = { isEqual: true, workers: 2, notes: [] };

for (const isolated of [false, true]) {
  test.describe(isolated ? 'with shared memory' : 'without shared memory', () => {
    test.use({ isolated });

    test('one and two workers give the same answer on random volumes', async ({ computing }) => {
      const { outcomes, workers, ...page } = await computing.evaluate(() => computePage.oneAndTwoWorkers(40));
      expect(page.isolated).toBe(isolated);
      expect(workers).toEqual([1, 2]);
      for (const { dimensions, answers } of outcomes) {
        const expected = dimensions[2] > 1 ? [ALONE, TOGETHER] : [ALONE, ALONE];
        expect(answers, `${dimensions}`).toEqual(expected);
      }
    });

    for (const fault of ['vanishes', 'hangs', 'throws'] as const) {
      test(`a second worker that ${fault}: the first does it all and says so, and the next run is shared again`, async ({
        computing,
      }) => {
        const { outcomes, started } = await computing.evaluate(
          by => computePage.faultInSecondWorker(by),
          fault as 'vanishes' | 'hangs' | 'throws',
        );
        const note = expect.stringMatching(/^computed by one worker: another worker stopped \(.+\)$/);
        expect(outcomes).toEqual([{ ...ALONE, notes: [note] }, TOGETHER]);
        expect(started).toBe(3);
      });
    }
  });
}

for (const fault of ['vanishes', 'hangs'] as const) {
  test(`a worker that ${fault} in a run: the run is done in a new one that says so, or given up with a sentence`, async ({
    computing,
  }) => {
    const once = await computing.evaluate(by => computePage.faultInFirstWorker(by, 1), fault);
    const note = 'run again in a new worker, because the first one stopped: it did not answer for 3 seconds';
    expect(once).toEqual({ hit: { ...ALONE, notes: [note] }, after: ALONE, started: 2 });
    const twice = await computing.evaluate(by => computePage.faultInFirstWorker(by, 2), fault);
    expect(twice).toEqual({
      hit: 'The compute worker stopped again and again (it did not answer for 3 seconds). Reload the page to try again.',
      after: ALONE,
      started: 3,
    });
  });
}

test('a GPU that hangs: the twin finishes in a new worker, and the GPU is not waited for again', async ({
  computing,
}) => {
  const { outcomes, started } = await computing.evaluate(() => computePage.hangInGpu());
  const reason = 'while webgl2 ran: it did not answer for 3 seconds';
  expect(outcomes).toEqual([
    { isEqual: true, producer: 'ts', notes: [`run again in a new worker, because the first one stopped ${reason}`] },
    { isEqual: true, producer: 'wasm', notes: ['webgl2 not used: it has stopped a worker before'] },
  ]);
  expect(started).toBe(2);
});

test('a worker that is terminated while it runs: the run ends in a new one with the same answer', async ({
  computing,
}) => {
  const outcome = await computing.evaluate(() => computePage.terminatedWhileRunning());
  expect(outcome).toEqual({ isEqual: true, queued: ALONE, started: 2 });
});

const CANCELLED = 'AbortError: The computation was cancelled.';

test('a cancelled run ends between its steps, a queued one never begins, and the worker goes on', async ({
  computing,
}) => {
  const { fractions, ...outcome } = await computing.evaluate(() => computePage.cancelled(true));
  expect(outcome).toEqual({ errors: [CANCELLED, CANCELLED], after: ALONE, reads: 1, started: 1, late: 0 });
  expect(fractions.length).toBeGreaterThan(0);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions.every(fraction => fraction >= 0 && fraction <= 1)).toBe(true);
});

test('a cancelled run that does not listen costs its worker; the volume is read again', async ({ computing }) => {
  const outcome = await computing.evaluate(() => computePage.cancelled(false));
  expect(outcome).toMatchObject({ errors: [CANCELLED, CANCELLED], after: ALONE, reads: 2, started: 2, fractions: [] });
});

test('volumes and runs of 3 GiB are refused with a sentence, and the engine goes on', async ({ computing }) => {
  const { before, volume, run, missing, after, started } = await computing.evaluate(() => computePage.tooLarge());
  expect(volume).toBe(
    'TooLargeError: A volume of 1024 x 1024 x 1536 voxels takes 3.0 GiB, and the compute engine takes at most 2.0 GiB in one volume. Load fewer slices.',
  );
  expect(run).toBe(
    'TooLargeError: compute.histogram would take 3.0 GiB of memory beside the volume, and a run may take at most 2.0 GiB. Compute fewer slices at once, or ask for less.',
  );
  expect(missing).toContain('The volume b is not loaded');
  expect([before, after, started]).toEqual([ALONE, ALONE, 1]);
});

test('a run reports the memory of volumes, output and GPU, and nothing piles up', async ({ computing }) => {
  const { volumeBytes, maskBytes, first, gpu, again, reloaded } = await computing.evaluate(() =>
    computePage.reportedMemory(),
  );
  expect(first.gpuPeakBytes).toBe(0);
  expect(first.peakBytes).toBeGreaterThanOrEqual(volumeBytes + maskBytes);
  // The texture of the volume, that of the mask, and the buffer into which it is read.
  expect(gpu.gpuPeakBytes).toBe(volumeBytes + 2 * maskBytes);
  expect(gpu.peakBytes).toBe(first.peakBytes + gpu.gpuPeakBytes);
  expect([again, reloaded]).toEqual([gpu, gpu]);
});

test('two tabs that share what was measured both compute rightly at the same time', async ({
  computing,
  context,
  server,
}) => {
  const other = await context.newPage();
  await other.goto(server.url);
  await other.waitForFunction(() => 'computePage' in globalThis);
  const tabs = await Promise.all(
    [computing, other].map((page, tab) => page.evaluate(number => computePage.runsOfTab(number, 4), tab)),
  );
  for (const outcomes of tabs)
    expect(outcomes).toEqual(Array.from({ length: 8 }, () => ({ isEqual: true, notes: [] })));
  await other.close();
});
