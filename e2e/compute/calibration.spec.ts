import { expect, test } from './compute-test.ts';

test('producers are timed once per machine, and nothing of it stays on the GPU', async ({ computing }) => {
  const { sessions, before, after } = await computing.evaluate(() => computePage.calibratedSessions());
  const [first, second] = sessions;
  for (const session of [first, second]) {
    expect(session).toMatchObject({ isEqual: true, report: { notes: [] } });
  }
  // The first session times all three, and runs the fastest once more.
  for (const runs of Object.values(first!.runs)) expect(runs).toBeGreaterThanOrEqual(3);
  // The second one times nothing: it runs what the first one found, or another one that may be better.
  expect(Object.values(second!.runs).sort()).toEqual([0, 0, 1]);
  expect(before.textures).toBe(0);
  expect(after.textures - after.framebuffers).toBeLessThanOrEqual(10); // pooled, within the budget
});
