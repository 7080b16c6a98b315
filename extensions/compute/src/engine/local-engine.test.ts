import type { VoxelVolume } from '../volume.ts';
import { UnknownVolumeError } from './engine.ts';
import { steppingKernel, sumKernel, throwingKernel } from './kernels.test-support.ts';
import { createLocalEngine } from './local-engine.ts';

const volumeOf = (...values: number[]): VoxelVolume => ({
  voxels: Int16Array.from(values),
  dimensions: [values.length, 1, 1],
});

describe('createLocalEngine', () => {
  test('runs kernels on the volume of the given id', async () => {
    const engine = createLocalEngine();
    await engine.loadVolume('a', () => volumeOf(1, 2));
    await engine.loadVolume('b', () => volumeOf(10, 20));
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(3);
    expect((await engine.run(sumKernel, 'b', { plus: 5 })).output).toBe(35);
  });

  test('reads a volume once and keeps it', async () => {
    const engine = createLocalEngine();
    let reads = 0;
    await engine.loadVolume('a', () => {
      reads++;
      return volumeOf(1, 2);
    });
    for (let i = 0; i < 3; i++) await engine.run(sumKernel, 'a', { plus: i });
    expect(reads).toBe(1);
  });

  test('replaces a volume that is loaded again under the same id', async () => {
    const engine = createLocalEngine();
    await engine.loadVolume('a', () => volumeOf(1));
    await engine.loadVolume('a', () => volumeOf(7));
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(7);
  });

  test('says which volume is missing: never loaded, or unloaded', async () => {
    const engine = createLocalEngine();
    const sentence = 'The volume a is not loaded in the compute engine.';
    await expect(engine.run(sumKernel, 'a', { plus: 0 })).rejects.toThrow(new UnknownVolumeError('a'));
    await engine.loadVolume('a', () => volumeOf(1));
    await engine.unloadVolume('a');
    await expect(engine.run(sumKernel, 'a', { plus: 0 })).rejects.toThrow(sentence);
  });

  test('refuses a volume of the wrong length and keeps the one it has', async () => {
    const engine = createLocalEngine();
    await engine.loadVolume('a', () => volumeOf(1));
    await expect(engine.loadVolume('a', () => ({ voxels: new Int16Array(5), dimensions: [2, 3, 1] }))).rejects.toThrow(
      'A volume of 2 x 3 x 1 voxels cannot have 5 values.',
    );
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(1);
  });

  test('passes on the failure of a source, of a kernel, and of a forced producer', async () => {
    const engine = createLocalEngine();
    const unreadable = () => {
      throw new Error('slice 3 is missing');
    };
    await expect(engine.loadVolume('a', unreadable)).rejects.toThrow('slice 3 is missing');
    await engine.loadVolume('a', () => volumeOf(1));
    await expect(engine.run(throwingKernel, 'a', null)).rejects.toThrow('the twin does not like this volume');
    await expect(engine.run(sumKernel, 'a', { plus: 0 }, { producer: 'wasm' })).rejects.toThrow('wasm not used');
  });

  test('rejects runs under way when it is closed, and everything asked later', async () => {
    const engine = createLocalEngine();
    await engine.loadVolume('a', () => volumeOf(1, 2));
    const { signal } = new AbortController();
    const runs = [
      engine.run(steppingKernel, 'a', { steps: 50, stepMs: 2 }, { signal }),
      engine.run(sumKernel, 'a', { plus: 0 }),
    ];
    engine.destroy();
    engine.destroy();
    runs.push(engine.run(sumKernel, 'a', { plus: 0 }));
    const others = [engine.loadVolume('a', () => volumeOf(1)), engine.unloadVolume('a')];
    for (const rejected of [...runs, ...others]) {
      await expect(rejected).rejects.toThrow('The compute engine was closed.');
    }
  });
});
