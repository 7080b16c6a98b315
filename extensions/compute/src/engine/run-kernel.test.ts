import type { VoxelVolume } from '../volume.ts';
import { type Kernel, PRODUCER_ORDER, type Producer, type ProducerImplementation } from './kernel.ts';
import { sumOf } from './kernels.test-support.ts';
import { runKernel } from './run-kernel.ts';

const volume: VoxelVolume = { voxels: Int16Array.of(1, 2, 3, 4), dimensions: [2, 2, 1] };

type Sum = ProducerImplementation<{ plus: number }, number>;
const sums: Sum = { run: (given, { plus }) => sumOf(given) + plus };
const throws = (reason: unknown): Sum => ({
  run: () => {
    throw reason;
  },
});

const kernelOf = (producers: Kernel<{ plus: number }, number>['producers']) => ({ name: 'test.sum', producers });
const run = (producers: Kernel<{ plus: number }, number>['producers'], producer?: Producer) =>
  runKernel(kernelOf(producers), volume, { plus: 0.5 }, producer && { producer });

describe('runKernel', () => {
  test('without a measurement tries WASM, then WebGL2, then the twin', () => {
    expect(PRODUCER_ORDER).toEqual(['wasm', 'webgl2', 'ts']);
  });

  test('runs the first producer that the kernel has', async () => {
    const all = { ts: sums, wasm: sums, webgl2: sums };
    expect((await run(all)).report).toMatchObject({ producer: 'wasm', notes: [] });
    expect((await run({ ts: sums, webgl2: sums })).report).toMatchObject({ producer: 'webgl2', notes: [] });
    expect((await run({ ts: sums })).report).toMatchObject({ producer: 'ts', notes: [] });
  });

  test('gives the output and how long it took', async () => {
    const { output, report } = await run({ ts: sums });
    expect(output).toBe(10.5);
    expect(report.milliseconds).toBeGreaterThanOrEqual(0);
  });

  test('waits for producers that answer later', async () => {
    const later: Sum = {
      run: async (given, parameters) => {
        await null;
        return sums.run(given, parameters);
      },
    };
    expect((await run({ ts: throws('never run'), wasm: later })).output).toBe(10.5);
  });

  test('passes over a producer that cannot run this volume and notes the reason', async () => {
    const picky: Sum = { ...throws('never run'), unavailable: ({ dimensions }) => `it has ${dimensions[0]} columns` };
    const { output, report } = await run({ ts: sums, wasm: picky });
    expect(output).toBe(10.5);
    expect(report).toMatchObject({ producer: 'ts', notes: ['wasm not used: it has 2 columns'] });
  });

  test('passes over a producer that this runtime can never have without a note', async () => {
    const { report } = await run({ ts: sums, wasm: { ...sums, supported: () => false } });
    expect(report).toMatchObject({ producer: 'ts', notes: [] });
  });

  test('uses a producer that says it is available', async () => {
    expect((await run({ ts: throws('never run'), wasm: { ...sums, unavailable: () => null } })).report.notes).toEqual(
      [],
    );
  });

  test.each([
    ['throws', throws(new Error('out of memory')), 'out of memory'],
    ['throws something that is no error', throws('context lost'), 'context lost'],
    ['rejects', { run: () => Promise.reject(new Error('no SIMD here')) }, 'no SIMD here'],
  ] as const)('falls back to the twin when a producer %s, with the same answer', async (_, failing, reason) => {
    const { output, report } = await run({ ts: sums, wasm: failing });
    expect(output).toBe(10.5);
    expect(report).toMatchObject({ producer: 'ts', notes: [`wasm failed: ${reason}`] });
  });

  test('notes every producer that was passed over, in order', async () => {
    const { report } = await run({
      ts: sums,
      wasm: throws(new Error('b')),
      webgl2: { ...sums, unavailable: () => 'a' },
    });
    expect(report).toMatchObject({ producer: 'ts', notes: ['wasm failed: b', 'webgl2 not used: a'] });
  });

  test('runs a forced producer although a faster one exists', async () => {
    expect((await run({ ts: sums, wasm: sums }, 'ts')).report).toMatchObject({ producer: 'ts', notes: [] });
  });

  test('runs a preferred producer first, and falls back from it', async () => {
    const preferring = (webgl2: Sum) =>
      runKernel(kernelOf({ ts: sums, wasm: sums, webgl2 }), volume, { plus: 0.5 }, { prefer: 'webgl2' });
    expect((await preferring(sums)).report).toMatchObject({ producer: 'webgl2', notes: [] });
    const notes = [['webgl2 failed: context lost'], ['webgl2 not used: no GPU']];
    expect((await preferring(throws('context lost'))).report).toMatchObject({ producer: 'wasm', notes: notes[0] });
    const missing = { ...sums, unavailable: () => 'no GPU' };
    expect((await preferring(missing)).report).toMatchObject({ producer: 'wasm', notes: notes[1] });
  });

  test('says why a preferred producer that is not there at all was not used', async () => {
    const preferring = (webgl2?: Sum) =>
      runKernel(kernelOf({ ts: sums, ...(webgl2 && { webgl2 }) }), volume, { plus: 0.5 }, { prefer: 'webgl2' });
    const notes = async (webgl2?: Sum) => (await preferring(webgl2)).report.notes;
    expect(await notes()).toEqual(['webgl2 not used: this kernel does not have it']);
    expect(await notes({ ...sums, supported: () => false })).toEqual(['webgl2 not used: this runtime cannot have it']);
  });

  test('puts producers that have stopped a worker last, also a preferred one, and never forgets the twin', async () => {
    const distrusting = (options: object, ts = sums) =>
      runKernel(
        kernelOf({ ts, wasm: sums, webgl2: sums }),
        volume,
        { plus: 0.5 },
        { distrusted: ['wasm'], ...options },
      );
    const note = 'wasm not used: it has stopped a worker before';
    expect((await distrusting({})).report).toMatchObject({ producer: 'webgl2', notes: [note] });
    expect((await distrusting({ prefer: 'wasm' })).report).toMatchObject({ producer: 'webgl2', notes: [note] });
    expect((await distrusting({ producer: 'wasm' })).report).toMatchObject({ producer: 'wasm', notes: [] });
    const { report } = await distrusting({ distrusted: ['wasm', 'webgl2'] }, throws(new Error('no')));
    expect(report.producer).toBe('wasm');
  });

  test('tells which producer is about to compute', async () => {
    const told: Producer[] = [];
    const onProducer = (producer: Producer) => void told.push(producer);
    await runKernel(kernelOf({ ts: sums, wasm: throws('never mind') }), volume, { plus: 0.5 }, { onProducer });
    expect([...new Set(told)]).toEqual(['wasm', 'ts']);
  });

  test('reports the device and where the time went, as far as the producer tells', async () => {
    const device: Sum = {
      deviceName: () => 'some GPU',
      run: (given, parameters, measurement) => {
        Object.assign(measurement ?? {}, { uploadMs: 1, computeMs: 2, readbackMs: 3 });
        return sums.run(given, parameters);
      },
    };
    const split = { deviceName: 'some GPU', uploadMs: 1, computeMs: 2, readbackMs: 3 };
    expect((await run({ ts: sums, webgl2: device }, 'webgl2')).report).toMatchObject(split);
    const { report } = await run({ ts: sums, webgl2: device }, 'ts');
    expect(report.deviceName).toBe('CPU');
    expect(report.uploadMs).toBeUndefined();
  });

  test('does not fall back from a forced producer', async () => {
    await expect(run({ ts: sums, wasm: throws(new Error('no SIMD here')) }, 'wasm')).rejects.toThrow(
      'test.sum could not be computed (wasm failed: no SIMD here).',
    );
    await expect(run({ ts: sums }, 'webgl2')).rejects.toThrow(
      'test.sum could not be computed (webgl2 not used: this kernel does not have it).',
    );
  });

  test('fails with every reason when the twin fails too', async () => {
    await expect(run({ ts: throws(new Error('b')), wasm: throws(new Error('a')) })).rejects.toThrow(
      'test.sum could not be computed (wasm failed: a; ts failed: b).',
    );
  });

  test('prepares a producer before each run of it, and no other', async () => {
    const order: string[] = [];
    const noted = (name: string): Sum => ({
      prepare: async () => void order.push(`prepare ${name}`),
      run: (given, parameters) => {
        order.push(`run ${name}`);
        return sums.run(given, parameters);
      },
    });
    await run({ ts: noted('ts'), wasm: noted('wasm') });
    expect(order).toEqual(['prepare wasm', 'run wasm']);
  });

  test('falls back when preparing fails, as where a security policy forbids WebAssembly', async () => {
    const forbidden: Sum = { ...throws('never run'), prepare: () => Promise.reject(new Error('blocked by CSP')) };
    const { output, report } = await run({ ts: sums, wasm: forbidden });
    expect(output).toBe(10.5);
    expect(report).toMatchObject({ producer: 'ts', notes: ['wasm failed: blocked by CSP'] });
  });
});
