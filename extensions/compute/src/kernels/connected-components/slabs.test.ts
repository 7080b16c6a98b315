import { runKernel } from '../../engine/run-kernel.ts';
import { forSeeds, integer, randomInt16Volume } from '../../testing/random.ts';
import type { Connectivity } from '../../twins/touching-runs.ts';
import { connectedComponentsKernel } from './index.ts';

test.each<Connectivity>([4, 8, 6, 26])(
  '%d-connected slabs are merged to exactly what the whole volume gives',
  async connectivity => {
    await forSeeds(10, async random => {
      const [nx, ny, nz] = [integer(random, 1, 70), integer(random, 1, 20), integer(random, 2, 8)] as const;
      const volume = randomInt16Volume(random, [nx, ny, nz], 0.1 + 0.6 * random(), 130);
      const parameters = { threshold: 130, connectivity };
      const whole = await runKernel(connectedComponentsKernel, volume, parameters);
      const cut = integer(random, 1, nz - 1);
      const parts = await Promise.all(
        [
          { firstSlice: 0, end: cut },
          { firstSlice: cut, end: nz },
        ].map(async ({ firstSlice, end }) => {
          const voxels = volume.voxels.subarray(firstSlice * nx * ny, end * nx * ny);
          const slab = { voxels, dimensions: [nx, ny, end - firstSlice] } as const;
          return { output: (await runKernel(connectedComponentsKernel, slab, parameters)).output, firstSlice };
        }),
      );
      expect(connectedComponentsKernel.slabs!.merge(parts, volume, parameters)).toEqual(whole.output);
    });
  },
);

test('the output can be moved', async () => {
  await forSeeds(2, async random => {
    const volume = randomInt16Volume(random, [40, 20, 3], 0.3, 130);
    const { output } = await runKernel(connectedComponentsKernel, volume, { threshold: 130, connectivity: 8 });
    const copy = structuredClone(output);
    const transfer = connectedComponentsKernel.transferables!(output) as ArrayBuffer[];
    expect(structuredClone(output, { transfer })).toEqual(copy);
    expect(transfer.every(({ byteLength }) => byteLength === 0)).toBe(true);
  });
});
