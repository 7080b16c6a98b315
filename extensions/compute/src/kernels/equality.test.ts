import { readdirSync } from 'node:fs';
import { createLocalEngine } from '../engine/local-engine.ts';
import { EQUALITY_SUITES } from './registered.test-support.ts';
import { COMPUTE_KERNELS } from './registered.ts';

test('every kernel folder is registered and compared with its twin', () => {
  const folders = readdirSync(__dirname, { withFileTypes: true }).filter(entry => entry.isDirectory());
  const names = folders.map(({ name }) => `compute.${name}`).sort();
  expect(COMPUTE_KERNELS.map(({ name }) => name).sort()).toEqual(names);
  expect(EQUALITY_SUITES.map(({ kernelName }) => kernelName).sort()).toEqual(names);
});

// WebGL2 needs a browser: e2e/compute runs the same suites there.
describe.each(EQUALITY_SUITES.map(suite => [suite.kernelName, suite] as const))('%s', (_, suite) => {
  test.each(suite.producers.filter(producer => producer !== 'webgl2'))('%s equals the twin', async producer => {
    const { checked, problems } = await suite.check(producer, createLocalEngine());
    expect(problems).toEqual([]);
    expect(checked).toBeGreaterThan(0);
  });
});
