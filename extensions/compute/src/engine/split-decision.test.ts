import { forSeeds } from '../testing/random.ts';
import type { Kernel, Producer } from './kernel.ts';
import { SPLIT_FROM_BYTES, SPLIT_FROM_MS, SplitDecision } from './split-decision.ts';

const LARGE = SPLIT_FROM_BYTES;
const kernelOf = (producers: readonly Producer[] = ['ts', 'wasm']): Kernel<{ whole?: boolean }, null> => ({
  name: 'test.decided',
  producers: { ts: { run: () => null }, ...Object.fromEntries(producers.map(name => [name, { run: () => null }])) },
  slabs: { merge: () => null, canSplit: ({ whole }) => !whole },
});
const onGpu = kernelOf(['ts', 'wasm', 'webgl2']);

test('a kernel of unknown speed is split from a size on, unless a GPU may be the faster', () => {
  const decide = (kernel: Kernel<{ whole?: boolean }, null>, bytes: number, options = {}) =>
    new SplitDecision().decide(kernel, bytes, {}, options);
  expect(decide(kernelOf(), LARGE)).toEqual({});
  expect(decide(kernelOf(), LARGE - 1)).toBeNull();
  expect(decide(onGpu, LARGE)).toBeNull();
  expect(decide(onGpu, LARGE, { producer: 'wasm' })).toEqual({ producer: 'wasm' });
  for (const options of [{ producer: 'webgl2' }, { prefer: 'webgl2' }]) {
    expect(decide(kernelOf(), LARGE, options)).toBeNull();
  }
});

test('never splits what cannot be split, not even when it always should', () => {
  const { slabs: _, ...unsplit } = kernelOf();
  const always = new SplitDecision(true);
  expect(always.decide(unsplit, LARGE, {}, {})).toBeNull();
  expect(always.decide(kernelOf(), LARGE, { whole: true }, {})).toBeNull();
  expect(always.decide(onGpu, 1, {}, { producer: 'webgl2' })).toBeNull();
  expect(always.decide(onGpu, 1, {}, {})).toEqual({});
});

test('a kernel that took long alone is split, with the producer that was chosen; one on a GPU is not', () => {
  const decision = new SplitDecision();
  decision.observe('test.decided', {}, 1, LARGE, SPLIT_FROM_MS * 2, 'wasm');
  expect(decision.decide(onGpu, LARGE, {}, {})).toEqual({ prefer: 'wasm' });
  expect(decision.decide(onGpu, LARGE / 4, {}, {})).toBeNull();
  decision.observe('test.decided', {}, 1, LARGE, SPLIT_FROM_MS * 2, 'webgl2');
  expect(decision.decide(onGpu, LARGE, {}, {})).toBeNull();
});

test('runs that force or prefer a producer decide nothing for runs that do not', () => {
  const decision = new SplitDecision();
  const forced = { producer: 'ts' } as const;
  decision.observe('test.decided', forced, 1, LARGE, SPLIT_FROM_MS * 20, 'ts');
  expect(decision.decide(onGpu, LARGE, {}, {})).toBeNull();
  expect(decision.decide(onGpu, LARGE, {}, forced)).toEqual(forced);
  decision.observe('test.decided', { prefer: 'webgl2' }, 1, LARGE, SPLIT_FROM_MS * 2, 'webgl2');
  decision.observe('test.decided', {}, 1, LARGE, SPLIT_FROM_MS * 2, 'wasm');
  expect(decision.decide(onGpu, LARGE, {}, {})).toEqual({ prefer: 'wasm' });
});

test('whichever is faster is chosen in nearly all runs, and a busy moment does not decide for good', async () => {
  await forSeeds(40, random => {
    const decision = new SplitDecision();
    const aloneMs = 250 + 1000 * random();
    const splitMs = aloneMs * (random() < 0.5 ? 0.5 + 0.3 * random() : 1.3 + random());
    const best = splitMs < aloneMs ? 'split' : 'alone';
    let right = 0;
    for (let run = 0; run < 320; run++) {
      const choice = decision.decide(kernelOf(), LARGE, {}, {}) ? 'split' : 'alone';
      // Up to a tenth of noise, and now and then a moment in which everything takes ten times as long.
      const noise = (1 + 0.1 * random()) * (random() < 0.01 ? 10 : 1);
      const workers = choice === 'split' ? 2 : 1;
      decision.observe('test.decided', {}, workers, LARGE, (choice === 'split' ? splitMs : aloneMs) * noise, 'wasm');
      if (choice === best) right++;
    }
    expect(right).toBeGreaterThan(320 * 0.75);
  });
});
