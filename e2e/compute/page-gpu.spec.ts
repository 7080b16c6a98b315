import { expect, test } from './compute-test.ts';

const REASONS = {
  OffscreenCanvas: 'there is no OffscreenCanvas',
  WebGL2: 'this browser or machine gives no WebGL2 context',
} as const;

for (const lacking of ['OffscreenCanvas', 'WebGL2'] as const) {
  test(`workers lack ${lacking}: runs that ask for WebGL2 are computed on the page, which says so; others in the worker`, async ({
    computing,
  }) => {
    const result = await computing.evaluate(what => computePage.workersWithoutGpu(what), lacking);
    const note = `computed on the page's own thread, because workers have no WebGL2 here: ${REASONS[lacking]}`;
    const onPage = { isEqual: true, producer: 'webgl2', onPage: true, notes: [note] };
    const automatic = { isEqual: true, producer: 'wasm', onPage: false };
    expect(result.outcomes).toMatchObject({ forced: onPage, preferred: onPage, again: onPage, automatic });
    expect(result.reads).toBe(2); // once for the worker, once for the page
    expect(result.isEqual).toBe(true);
    expect(result.replaced).toEqual(onPage);
    expect(result.readsOfAnother).toBe(2);
    expect(result.heldBytes).toBeGreaterThan(0);
    expect(result.after).toBe(0);
  });
}

test('workers that have WebGL2 compute everything, and the page reads no volume', async ({ computing }) => {
  const { outcomes, reads } = await computing.evaluate(() => computePage.workersWithoutGpu('nothing'));
  const inWorker = { isEqual: true, producer: 'webgl2', onPage: false, notes: [] };
  expect(outcomes).toMatchObject({ forced: inWorker, preferred: inWorker, again: inWorker });
  expect(reads).toBe(1);
});

test('neither workers nor the page have WebGL2: the reason is given, and no volume is read for nothing', async ({
  computing,
}) => {
  const { preferred, forced, reads } = await computing.evaluate(() => computePage.nobodyHasGpu());
  const note = 'webgl2 not used: this runtime cannot have it';
  expect(preferred).toEqual({ isEqual: true, producer: 'wasm', onPage: false, notes: [note] });
  expect(forced).toContain('webgl2 not used: this runtime has no WebGL2');
  expect(reads).toBe(1);
});

test('a run on the page can be cancelled, and the next one is right', async ({ computing }) => {
  const [cancelled, next] = await computing.evaluate(() => computePage.cancelledOnPage('webgl2'));
  expect(cancelled).toBe('AbortError');
  expect(next).toMatchObject({ isEqual: true, producer: 'webgl2', onPage: true });
});

test('an engine that is closed under a run on the page rejects it, and leaves no device behind', async ({
  computing,
}) => {
  const { said, heldBytes } = await computing.evaluate(() => computePage.closedOnPage());
  expect(said).toEqual(Array.from({ length: 3 }, () => 'The compute engine was closed.'));
  expect(heldBytes).toBeUndefined();
});

for (const lacking of ['nothing', 'OffscreenCanvas'] as const) {
  const place = lacking === 'nothing' ? 'a worker' : 'the page';
  test(`the engine's limits of GPU memory hold in ${place}`, async ({ computing }) => {
    const { fits, refused } = await computing.evaluate(what => computePage.withLittleGpuMemory(what), lacking);
    expect(fits).toMatchObject({ isEqual: true, producer: 'webgl2', onPage: lacking !== 'nothing' });
    expect(refused.producer).toBe('wasm');
    expect(refused.notes[0]).toContain('the limit is 128 KiB');
  });
}

test('limits of GPU memory that cannot be are refused with a sentence', async ({ computing }) => {
  for (const bytes of [0, -1, Number.NaN]) {
    const said = await computing.evaluate(budget => computePage.impossibleGpuMemory(budget), bytes);
    expect(said).toBe(`budgetBytes of the GPU memory is a positive number of bytes; ${bytes} cannot be.`);
  }
});

test('engines of one thread share a device, which is closed with the last of them', async ({ computing }) => {
  const { bytes, isContextGivenBack } = await computing.evaluate(() => computePage.enginesShareDevice());
  const [one, two, afterFirst, afterBoth] = bytes;
  expect(one).toBeGreaterThan(0);
  expect(two).toBeGreaterThan(one!);
  expect(afterFirst).toBeGreaterThan(0);
  expect(afterBoth).toBeUndefined();
  expect(isContextGivenBack).toBe(true);
});
