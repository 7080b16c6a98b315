import type { Kernel } from './kernel.ts';
import { createLocalEngine } from './local-engine.ts';
import { bufferBytes } from './memory.ts';

test('every buffer of a value is counted once, wherever it is', () => {
  const words = new Uint32Array(10);
  const other = new Float64Array(3);
  const value = { mask: { words }, again: words.subarray(2, 4), list: [other, null, 'text', 7], nested: { other } };
  expect(bufferBytes(value)).toBe(40 + 24);
  const loop: { self?: unknown; bytes: Uint8Array } = { bytes: new Uint8Array(5) };
  loop.self = loop;
  expect(bufferBytes(loop)).toBe(5);
  expect(bufferBytes(7)).toBe(0);
});

test('a report counts all resident volumes, the output, work arrays and WebAssembly memory', async () => {
  const kernel: Kernel<null, Uint8Array> = {
    name: 'test.memory',
    producers: {
      ts: {
        heldBytes: () => 1000,
        run: (_volume, _parameters, measurement) => {
          if (measurement) measurement.workBytes = 300;
          return new Uint8Array(20);
        },
      },
    },
  };
  const engine = createLocalEngine();
  await engine.loadVolume('a', () => ({ voxels: new Int16Array(6), dimensions: [3, 2, 1] }));
  const run = async () => (await engine.run(kernel, 'a', null)).report;
  expect(await run()).toMatchObject({ peakBytes: 12 + 20 + 300 + 1000, gpuPeakBytes: 0 });
  await engine.loadVolume('b', () => ({ voxels: new Float32Array(4), dimensions: [2, 2, 1] }));
  expect(await run()).toMatchObject({ peakBytes: 28 + 20 + 300 + 1000 });
  await engine.unloadVolume('b');
  expect(await run()).toMatchObject({ peakBytes: 12 + 20 + 300 + 1000 });
});
