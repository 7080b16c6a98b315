import { createPatience } from './patience.ts';

const after = (ms: number) => new Promise<string>(resolve => setTimeout(() => resolve('done'), ms));
const stalled = () => {
  throw new Error('stalled');
};

test('work that ends in time has its result', async () => {
  const patience = createPatience(200, undefined, stalled);
  await expect(patience.waitFor(after(5))).resolves.toBe('done');
  patience.end();
});

test('time runs out, unless something arrives', async () => {
  const patience = createPatience(60, undefined, stalled);
  const work = patience.waitFor(after(400));
  for (let i = 0; i < 4; i++) {
    await after(30);
    patience.renew();
  }
  const begin = performance.now();
  await expect(work).rejects.toThrow('stalled');
  expect(performance.now() - begin).toBeGreaterThan(30);
  patience.end();
});

test('an abort is told at once, with its reason', async () => {
  const aborting = new AbortController();
  const patience = createPatience(10_000, aborting.signal, stalled);
  const work = patience.waitFor(after(300));
  aborting.abort(new Error('closed'));
  await expect(work).rejects.toThrow('closed');
  patience.end();
});
