import { globSync } from 'node:fs';
import path from 'node:path';
import { createLocalEngine } from '@voxelwise/compute';
import type { EqualitySuite } from '@voxelwise/compute/testing';

jest.setTimeout(60_000);

/** Every kernel of every extension, held to its twin. A new kernel is found by the suite in its folder. */
const root = path.join(__dirname, '..');
const suites = globSync('extensions/*/src/kernels/*/equality.test-support.ts', { cwd: root })
  .sort()
  .map(file => {
    const [, extension, , , folder] = file.split(path.sep);
    const { equality } = require(path.join(root, file)) as { readonly equality: EqualitySuite };
    return [`${extension}.${folder}`, equality] as const;
  });

test('every kernel is named after its extension and its folder', () => {
  expect(suites.map(([, { kernelName }]) => kernelName)).toEqual(suites.map(([name]) => name));
  expect(suites.length).toBeGreaterThan(7);
});

// WebGL2 needs a browser: e2e/compute runs the same suites there.
describe.each(suites)('%s', (_, suite) => {
  const inNode = suite.producers.filter(producer => producer !== 'webgl2');

  test.each(inNode)('%s equals the twin', async producer => {
    const { checked, ran, problems } = await suite.check({ producer }, createLocalEngine());
    expect(problems).toEqual([]);
    expect(ran).toEqual([producer]);
    expect(checked).toBeGreaterThan(0);
  });

  test.each(inNode)('%s takes steps, and can be cancelled at the first, the last and others', async producer => {
    const { steps, problems } = await suite.cancelled(producer);
    expect(problems).toEqual([]);
    expect(steps).toBeGreaterThan(1);
  });
});
