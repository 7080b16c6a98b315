import type { RunMeasurement } from '../../engine/kernel.ts';
import { assertRunSize, TooLargeError } from '../../engine/limits.ts';
import { bufferBytes } from '../../engine/memory.ts';
import type { RunControl } from '../../engine/run-control.ts';
import { runKernel } from '../../engine/run-kernel.ts';
import { randomInt16Volume, seededRandom } from '../../testing/random.ts';
import { comb, volumeOfShape } from '../../testing/shapes.ts';
import { gpuLabelsKernel } from '../gpu-labels/index.ts';
import { connectedComponentsKernel } from './index.ts';

jest.setTimeout(30_000);

/** Half a million runs: what comes after finding them takes longer than finding them. */
const dense = randomInt16Volume(seededRandom(1), [512, 512, 8], 0.5, 130);

function recording(): { readonly control: RunControl; readonly fractions: number[] } {
  const fractions: number[] = [];
  const control: RunControl = {
    signal: new AbortController().signal,
    waiting() {},
    step: async (done, total) => void fractions.push(done / total),
  };
  return { control, fractions };
}

describe.each([
  ['connected components', connectedComponentsKernel, ['ts', 'wasm']],
  ['labels of the GPU kernel, by its twin', gpuLabelsKernel, ['ts']],
] as const)('%s of a dense mask', (_, kernel, producers) => {
  test.each(producers)('by %s: steps all the way, which never go back', async producer => {
    const { control, fractions } = recording();
    await kernel.producers[producer]!.prepare?.();
    await kernel.producers[producer]!.run(dense, { threshold: 130, connectivity: 8 }, {}, control);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    // No tenth of it goes by in silence.
    for (let tenth = 0; tenth < 9; tenth++) {
      expect(fractions.some(fraction => fraction >= tenth / 10 && fraction <= (tenth + 1) / 10 + 0.05)).toBe(true);
    }
    expect(fractions.filter(fraction => fraction > 0.5).length).toBeGreaterThan(8);
  });
});

describe('memory', () => {
  const parameters = { threshold: 130, connectivity: 8 } as const;

  test('of a run counts what labels are made with, beside the values and the measures of runs', async () => {
    const measurement: RunMeasurement = {};
    const { runs } = await connectedComponentsKernel.producers.wasm!.run(dense, parameters, measurement);
    const valueBytes = 2 * runs.start.reduce((sum, start, run) => sum + runs.end[run]! - start, 0);
    expect(measurement.workBytes).toBe(valueBytes + 6 * runs.count + 8 * runs.count);
  });

  test('of a run counts arrays that grew, and were copied when they were full and when they were taken', async () => {
    const solid = volumeOfShape(() => true, [512, 256, 8]);
    const valueBytes = 2 * solid.voxels.length;
    const empty = volumeOfShape(() => false, [512, 256, 8]);
    await runKernel(connectedComponentsKernel, empty, parameters, { producer: 'wasm' });
    const heldBytes = connectedComponentsKernel.producers.wasm!.heldBytes!();
    const { report, output } = await runKernel(connectedComponentsKernel, solid, parameters, { producer: 'wasm' });
    const used = report.peakBytes! - solid.voxels.byteLength - heldBytes - bufferBytes(output);
    expect(used).toBeGreaterThan(1.9 * valueBytes);
    expect(used).toBeLessThan(3.1 * valueBytes);
  });

  test('that will be needed is estimated from the voxels, and not less than what is used', async () => {
    for (const volume of [
      dense,
      randomInt16Volume(seededRandom(2), [512, 512, 8], 0.02, 130),
      volumeOfShape(comb, [512, 64, 8]),
    ]) {
      for (const kernel of [connectedComponentsKernel, gpuLabelsKernel] as const) {
        const needed = kernel.neededBytes!(volume, parameters);
        for (const producer of Object.keys(kernel.producers).filter(name => name !== 'webgl2') as ('ts' | 'wasm')[]) {
          const { report } = await runKernel(kernel, volume, parameters, { producer });
          const heldBytes = connectedComponentsKernel.producers.wasm!.heldBytes!();
          const maskBytes = producer === 'ts' ? volume.voxels.length / 8 : 0;
          const held = kernel === connectedComponentsKernel ? heldBytes : 0;
          const used = report.peakBytes! - volume.voxels.byteLength - held - maskBytes;
          expect(needed).toBeGreaterThan(0.9 * used);
        }
      }
    }
  });

  test('of more than 2 GiB is refused where the voxels are; without them only what is certain counts', () => {
    // Every second voxel of 1 Gi: never touched beyond the few that are looked at.
    const voxels = new Int16Array(2 ** 29);
    const dimensions = [2 ** 10, 2 ** 10, 2 ** 9] as const;
    expect(() => assertRunSize(connectedComponentsKernel, { dimensions }, parameters)).not.toThrow();
    expect(() => assertRunSize(connectedComponentsKernel, { dimensions, voxels }, parameters)).not.toThrow();
    for (let voxel = 0; voxel < voxels.length; voxel += 2) voxels[voxel] = 200;
    expect(() => assertRunSize(connectedComponentsKernel, { dimensions, voxels }, parameters)).toThrow(TooLargeError);
  });
});
