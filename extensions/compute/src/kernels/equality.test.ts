import { readdirSync } from 'node:fs';
import type { EqualitySuite } from '../engine/equality.test-support.ts';
import { createLocalEngine } from '../engine/local-engine.ts';
import { COMPUTE_KERNELS } from './registered.ts';

jest.setTimeout(60_000);

// Nothing to add for a new kernel: its folder is found here.
const folders = readdirSync(__dirname, { withFileTypes: true }).filter(entry => entry.isDirectory());
const suites = folders.map(
  ({ name }) => (require(`./${name}/equality.test-support.ts`) as { readonly equality: EqualitySuite }).equality,
);

test('every kernel folder has a kernel of its name, which is registered', () => {
  const names = folders.map(({ name }) => `compute.${name}`);
  expect(suites.map(({ kernelName }) => kernelName)).toEqual(names);
  expect(COMPUTE_KERNELS.map(({ name }) => name).sort()).toEqual([...names].sort());
});

// WebGL2 needs a browser: e2e/compute runs the same suites there.
describe.each(suites.map(suite => [suite.kernelName, suite] as const))('%s', (_, suite) => {
  const inNode = suite.producers.filter(producer => producer !== 'webgl2');

  test.each(inNode)('%s equals the twin', async producer => {
    const { checked, ran, problems } = await suite.check({ producer }, createLocalEngine());
    expect(problems).toEqual([]);
    expect(ran).toEqual([producer]);
    expect(checked).toBeGreaterThan(0);
  });

  test.each(inNode)('%s takes steps, and can be cancelled at each', async producer => {
    const { steps, problems } = await suite.cancelled(producer);
    expect(problems).toEqual([]);
    expect(steps).toBeGreaterThan(1);
  });
});
