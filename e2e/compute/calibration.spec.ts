import { expect, test } from './compute-test.ts';

test('producers are timed once per machine, and nothing of it stays on the GPU', async ({ computing }) => {
  const { sessions, before, after } = await computing.evaluate(() => computePage.calibratedSessions());
  const [first, second] = sessions;
  for (const session of [first, second]) {
    expect(session).toMatchObject({ isEqual: true, report: { notes: [] } });
  }
  // The first session times all three, and runs the best one once more.
  for (const runs of Object.values(first!.runs)) expect(runs).toBeGreaterThanOrEqual(3);
  // The second one times nothing: it runs what the first one found.
  expect(Object.values(second!.runs).sort()).toEqual([0, 0, 1]);
  expect(before.textures).toBe(0);
  // At most the volume and its mask, where the GPU ran it.
  expect(after.textures).toBeLessThanOrEqual(2);
});
