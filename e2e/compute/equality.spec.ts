import { expect, test } from './compute-test.ts';
import { SUITES } from './page/suites.ts';

// Every registered kernel, every producer, on the page's own thread, in a worker and in two: nothing to add for a new kernel.
for (const { kernelName, producers, canSplit } of SUITES) {
  for (const producer of producers) {
    for (const place of ['main thread', 'worker', 'two workers'] as const) {
      if (place === 'two workers' && (!canSplit || producer === 'webgl2')) continue;
      test(`${kernelName}: ${producer} equals the twin, ${place}`, async ({ computing }) => {
        const { checked, problems } = await computing.evaluate(
          ([name, by, where]) => computePage.checkEquality(name, by, where),
          [kernelName, producer, place] as const,
        );
        expect(problems).toEqual([]);
        expect(checked).toBeGreaterThan(0);
        const nothing = { textures: 0, buffers: 0, programs: 0, framebuffers: 0, bytes: 0 };
        expect(await computing.evaluate(() => computePage.leaked())).toEqual(nothing);
      });
    }
  }
}
