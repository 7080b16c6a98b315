import type { DeviceOptions } from '../../extensions/compute/src/webgl2/device.ts';
import { expect, test } from './compute-test.ts';
import { SUITES } from './suites.ts';

const NOTHING = { textures: 0, buffers: 0, programs: 0, framebuffers: 0, bytes: 0 };
const LESSER_DEVICES: Readonly<Record<string, DeviceOptions>> = {
  'textures of 2048 texels and 256 layers': { restrictions: { maximumTextureSize: 2048, maximumArrayLayers: 256 } },
  'no extensions': {
    restrictions: {
      withoutExtensions: [
        'EXT_color_buffer_float',
        'EXT_float_blend',
        'EXT_disjoint_timer_query_webgl2',
        'KHR_parallel_shader_compile',
        'WEBGL_debug_renderer_info',
      ],
    },
  },
  '1 MiB of memory': { operationLimitBytes: 1 << 20 },
};

// Every kernel, every producer, on the page's own thread, in a worker and in two: nothing to add for a new kernel.
for (const { kernelName, producers, canSplit } of SUITES) {
  for (const producer of producers) {
    for (const place of ['main thread', 'worker', 'two workers'] as const) {
      if (place === 'two workers' && (!canSplit || producer === 'webgl2')) continue;
      test(`${kernelName}: ${producer} equals the twin, ${place}`, async ({ computing }) => {
        const { checked, problems, leaked } = await computing.evaluate(
          ([name, by, where]) => computePage.checkEquality(name, by, where),
          [kernelName, producer, place] as const,
        );
        expect(problems).toEqual([]);
        expect(checked).toBeGreaterThan(0);
        expect(leaked).toEqual(place === 'main thread' ? NOTHING : null);
      });
    }
  }

  if (!producers.includes('webgl2')) continue;
  test(`${kernelName}: cancelled on the GPU at its steps, nothing is left there`, async ({ computing }) => {
    const { steps, problems, leaked } = await computing.evaluate(name => computePage.cancelOnGpu(name), kernelName);
    expect(problems).toEqual([]);
    expect(steps).toBeGreaterThan(0);
    expect(leaked).toEqual(NOTHING);
  });

  for (const [lack, options] of Object.entries(LESSER_DEVICES)) {
    test(`${kernelName}: the same answers on a device with ${lack}`, async ({ computing }) => {
      const outcome = await computing.evaluate(([name, device]) => computePage.checkOnLesserDevice(name, device), [
        kernelName,
        options,
      ] as const);
      expect(outcome).toMatchObject({ problems: [], leaked: NOTHING });
      expect(outcome.checked).toBeGreaterThan(0);
    });
  }
}
