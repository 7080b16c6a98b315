import { latestOnly } from './latest-only.ts';

/** A job whose runs the test ends itself. */
function controlledJob() {
  const runs: { end: () => void; fail: (reason: string) => void }[] = [];
  const job = () =>
    new Promise<void>((resolve, reject) => {
      runs.push({ end: resolve, fail: reason => reject(new Error(reason)) });
    });
  return { runs, request: latestOnly(job) };
}

/** Lets everything run that is not waiting for the test. */
const settled = () => new Promise(resolve => setTimeout(resolve));

test('one run at a time; all calls meanwhile are answered by one more', async () => {
  const { runs, request } = controlledJob();
  const done: string[] = [];
  request().then(() => done.push('first'));
  request().then(() => done.push('second'));
  request().then(() => done.push('third'));
  await settled();
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  await settled();
  expect(done).toEqual(['first']);
  expect(runs).toHaveLength(2);
  runs[1]?.end();
  await settled();
  expect(done).toEqual(['first', 'second', 'third']);
  expect(runs).toHaveLength(2);
});

test('a run that fails fails for those who asked before it began, not for those who asked later', async () => {
  const { runs, request } = controlledJob();
  const before = request();
  const after = request();
  runs[0]?.fail('the volume is not loaded');
  await expect(before).rejects.toThrow('the volume is not loaded');
  await settled();
  runs[1]?.end();
  await expect(after).resolves.toBeUndefined();
});

test('after everything is over the next call starts at once', async () => {
  const { runs, request } = controlledJob();
  const first = request();
  runs[0]?.end();
  await first;
  request().catch(() => undefined);
  expect(runs).toHaveLength(2);
  const waiting = request();
  runs[1]?.fail('stopped');
  await settled();
  runs[2]?.end();
  await waiting;
  expect(runs).toHaveLength(3);
});
