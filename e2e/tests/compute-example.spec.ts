import { expect, test } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { PAGES } from '../support/paths.ts';
import { startTestViewer } from '../support/viewer.ts';

let viewer: Viewer;
test.beforeAll(async () => {
  viewer = await startTestViewer({ pagesFolder: PAGES });
});
test.afterAll(() => viewer.close());

// Points of the integer lattice within a ball of radius 10, 14, 6 and 9: terms of OEIS A000605.
const BRIGHT = ['4169', '11513', '925'];
const FAINT = '3071';

test('the engine computes without OHIF: components and histogram of spheres of known size, by every producer', async ({
  page,
}) => {
  const failures: string[] = [];
  page.on('pageerror', error => failures.push(error.message));
  await page.goto(`${viewer.url}/examples/compute/`);
  const voxels = page.locator('#components td:nth-child(2)');
  const report = page.locator('#components-report');
  await expect(voxels).toHaveText(BRIGHT);
  await expect(report).toContainText(/Computed by (wasm|webgl2|ts) on .+ in [\d.]+ ms/);

  for (const producer of ['ts', 'webgl2', 'wasm']) {
    await page.getByLabel('Producer').selectOption(producer);
    await expect(report).toContainText(`Computed by ${producer} on`);
    await expect(voxels).toHaveText(BRIGHT);
  }
  const counts = await page
    .locator('#histogram i')
    .evaluateAll(bars => bars.map(bar => Number((bar as HTMLElement).dataset.count)));
  // Values 60, 200, 350 and 900 in bins of 50 from 0 on.
  const expected = new Array<number>(20).fill(0);
  for (const [bin, count] of [
    [1, FAINT],
    [4, BRIGHT[0]],
    [7, BRIGHT[1]],
    [18, BRIGHT[2]],
  ] as const) {
    expected[bin] = Number(count);
  }
  expect(counts).toEqual(expected);

  await page.getByLabel('Threshold').fill('50');
  await expect(voxels).toHaveText([FAINT, ...BRIGHT]);
  await page.getByLabel('Threshold').fill('901');
  await expect(voxels).toHaveCount(0);
  await expect(page.locator('#error')).toBeEmpty();
  expect(failures).toEqual([]);
});
