import { expect, test } from './compute-test.ts';
import { SUITES } from './suites.ts';

const ON_GPU = { isEqual: true, producer: 'webgl2', notes: [] };
const onProcessor = (note: unknown) => ({ isEqual: true, producer: 'wasm', notes: [note] });

for (const warm of [false, true]) {
  const run = warm ? 'a run on a resident volume' : 'a first run';
  test(`the context is lost before every single step of ${run}: the same answer, and the GPU is used again`, async ({
    computing,
  }) => {
    const outcomes = await computing.evaluate(isWarm => computePage.lossBeforeEveryCall(isWarm), warm);
    const lost = onProcessor('webgl2 failed: the GPU context was lost');
    // When a loss comes after the last step, the answer is complete already.
    for (const { lossCall, hit, after, error } of outcomes) {
      expect([lost, ON_GPU], `call ${lossCall}: ${JSON.stringify(hit)}`).toContainEqual(hit);
      expect(after, `after call ${lossCall}`).toEqual(ON_GPU);
      expect(error).toBe(0);
    }
    expect(outcomes.length).toBeGreaterThan(20);
    expect(outcomes.filter(({ hit }) => hit.producer === 'wasm').length).toBeGreaterThan(20);
  });
}

for (const { kernelName, producers } of SUITES) {
  if (!producers.includes('webgl2')) continue;
  test(`${kernelName}: the context is lost at 10 points of runs: the same answer, and the GPU is used again`, async ({
    computing,
  }) => {
    const { calls, outcomes } = await computing.evaluate(name => computePage.lossUnderKernel(name, 10), kernelName);
    expect(calls).toBeGreaterThan(30);
    const lost = { isEqual: true, notes: ['webgl2 failed: the GPU context was lost'] };
    for (const { lossCall, hit, after } of outcomes) {
      // When a loss comes after the last step, the answer is complete already.
      expect(hit, `call ${lossCall} of ${calls}`).toMatchObject(hit.producer === 'webgl2' ? ON_GPU : lost);
      expect(after, `after call ${lossCall}`).toEqual(ON_GPU);
    }
    expect(outcomes.filter(({ hit }) => hit.producer !== 'webgl2').length).toBeGreaterThan(7);
  });
}

test('a context that stays lost is passed over with a reason until it is restored', async ({ computing }) => {
  const { atOnce, later, restored } = await computing.evaluate(() => computePage.lostAndNotRestored());
  const reason = onProcessor('webgl2 not used: the GPU context is lost and not restored yet');
  expect(atOnce).toEqual(reason);
  expect(later).toEqual(reason);
  expect(restored).toEqual(ON_GPU);
});

test('a device with 2048-texel limits computes deep, wide and tall volumes', async ({ computing }) => {
  const restrictions = { maximumTextureSize: 2048, maximumArrayLayers: 256 };
  for (const dimensions of [
    [64, 30, 300],
    [129, 5000, 2],
    [8192, 3, 2],
  ] as const) {
    const outcome = await computing.evaluate(([options, size]) => computePage.runOnLesserDevice(options, size), [
      { restrictions },
      dimensions,
    ] as const);
    expect(outcome).toEqual({ ...ON_GPU, error: 0 });
  }
});

test('a volume that the GPU cannot hold is computed elsewhere, with the reason', async ({ computing }) => {
  const run = (options: object, dimensions: readonly [number, number, number]) =>
    computing.evaluate(([device, size]) => computePage.runOnLesserDevice(device, size), [options, dimensions] as const);
  const wide = await run({ restrictions: { maximumTextureSize: 2048 } }, [8193, 2, 1]);
  expect(wide).toMatchObject(
    onProcessor("webgl2 not used: rows of more than 8192 voxels do not fit this GPU's textures"),
  );
  const deep = await run({ restrictions: { maximumTextureSize: 2048, maximumArrayLayers: 3 } }, [4, 2048, 4]);
  expect(deep).toMatchObject(
    onProcessor('webgl2 not used: the volume needs 4 texture layers and this GPU has at most 3'),
  );
  const large = await run({ operationLimitBytes: 1 << 20 }, [512, 512, 4]);
  expect(large).toMatchObject(
    onProcessor('webgl2 not used: the volume needs 2 MiB of GPU memory and the limit is 1 MiB'),
  );
  const exceeded = await run({ operationLimitBytes: 1 << 18 }, [512, 256, 1]);
  expect(exceeded).toMatchObject(
    onProcessor(
      expect.stringMatching(/^webgl2 failed: .* of GPU memory are needed beside .* but the limit is 256 KiB$/),
    ),
  );
});

for (const [refusal, noticed] of [
  ['upload', 'INVALID_VALUE, noticed while uploading'],
  ['draw', 'INVALID_ENUM, noticed while making a buffer'], // into which its target is read
  ['copy to a pixel buffer', 'INVALID_ENUM, noticed while computing'],
  ['copy out of a pixel buffer', 'INVALID_VALUE, noticed while computing'],
  ['new texture', 'INVALID_ENUM, noticed while making a RGBA32UI texture'],
  ['new texture of a volume', 'INVALID_ENUM, noticed while making a RGBA16I texture'],
  ['new buffer', 'INVALID_ENUM, noticed while making a buffer'],
] as const) {
  test(`WebGL refuses a call (${refusal}): the next producer with the reason, and nothing wrong stays on the GPU`, async ({
    computing,
  }) => {
    const { hit, after, refused, codes } = await computing.evaluate(kind => computePage.refusedCalls(kind), refusal);
    expect(refused).toBeGreaterThan(0);
    expect(codes.length).toBeGreaterThan(0);
    expect(hit).toEqual(onProcessor(`webgl2 failed: WebGL refused a call (${noticed})`));
    expect(after).toEqual(ON_GPU);
  });
}

for (const what of ['fence', 'query'] as const) {
  test(`a run that waits for a GPU which never finishes (${what}) says that it lives, and can be cancelled`, async ({
    computing,
  }) => {
    const outcome = await computing.evaluate(by => computePage.cancelledWhileWaiting(by), what);
    expect(outcome.error).toBe('AbortError: The computation was cancelled.');
    expect(outcome.signsOfLife).toBeGreaterThan(1);
    expect(outcome.after).toEqual({ producer: 'webgl2', notes: [] });
  });
}

for (const what of ['fence', 'query'] as const) {
  test(`a GPU that never finishes (${what}) is given up after a while, and not waited for again until it is restored`, async ({
    computing,
  }) => {
    const { first, second, restored } = await computing.evaluate(by => computePage.givenUpWaiting(by), what);
    const silent = 'the GPU did not finish within 0.3 seconds';
    expect(first).toEqual({ isEqual: true, producer: 'ts', notes: [`webgl2 failed: ${silent}`] });
    expect(second).toEqual({ isEqual: true, producer: 'ts', notes: [`webgl2 not used: ${silent} before`] });
    expect(restored).toEqual(ON_GPU);
  });
}

test('what the GPU cannot count is no failure of it', async ({ computing }) => {
  const { between, onIntegers } = await computing.evaluate(() => computePage.binsBetweenIntegers());
  const notes = ['webgl2 not used: it counts bins on integers only'];
  for (const run of between) expect(run).toEqual({ isEqual: true, producer: 'ts', notes });
  expect(onIntegers).toEqual(ON_GPU);
});

test('a compiler that refuses the shader: the next producer, with line and reason', async ({ computing }) => {
  const { broken, repaired } = await computing.evaluate(() => computePage.brokenCompiler());
  expect(broken).toEqual(onProcessor(expect.stringContaining('webgl2 failed: the vertex shader does not compile')));
  expect(repaired).toEqual(ON_GPU);
});

test('without WebGL2, and without OffscreenCanvas', async ({ computing }) => {
  expect(await computing.evaluate(() => computePage.withoutWebgl2())).toEqual(
    onProcessor('webgl2 not used: this browser or machine gives no WebGL2 context'),
  );
  expect(await computing.evaluate(() => computePage.withoutOffscreenCanvas())).toEqual(ON_GPU);
});
