import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { servePages } from '@voxelwise/viewer';
import { PAGES } from '../support/paths.ts';
import type { BenchReport } from './page/rows.ts';

let server: Awaited<ReturnType<typeof servePages>>;
test.beforeAll(async () => {
  server = await servePages(PAGES);
});
test.afterAll(() => server.close());

test('the benchmark runs in the page: ours and the peers give equal answers, and the report can be kept', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.url}/bench.html`);
  await page.getByLabel('Volume').selectOption('16');
  await page.getByLabel('quick').check();
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('body')).toHaveAttribute('data-phase', 'done', { timeout: 150_000 });

  const rows = page.locator('tbody tr');
  expect(await rows.count()).toBeGreaterThanOrEqual(14);
  // Every row was compared with the twins; a row that differs has no time and another status.
  for (const row of await rows.all())
    await expect(row, (await row.textContent()) ?? '').toHaveAttribute('data-status', 'measured');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download JSON' }).click(),
  ]);
  const report = JSON.parse(await readFile(await download.path(), 'utf8')) as BenchReport;
  expect(report.dimensions).toEqual([512, 512, 16]);
  expect(report.machine.isolated).toBe(true);
  const sizes = report.rows.map(row => (row.status === 'measured' ? row.answer.voxels : row.reason));
  expect(new Set(sizes).size).toBe(1);
  // The phantom is a chest: about 3.6 % of its voxels are bone or calcium.
  expect(Number(sizes[0]) / (512 * 512 * 16)).toBeCloseTo(0.033, 2);
});

test('a library that is not installed has a row that says so, and a run can be cancelled', async ({ page }) => {
  await page.route('**/bench/peers.json', route => route.fulfill({ json: {} }));
  await page.goto(`${server.url}/bench.html`);
  await page.getByLabel('Volume').selectOption('16');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('tr[data-status=measured]').first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('body')).toHaveAttribute('data-phase', 'done');
  await expect(page.locator('tr[data-contender=opencv-js]')).toContainText(
    'opencv-js is not installed; npm install brings it',
  );
  await expect(page.locator('tr[data-contender=ours-wasm-mask]')).toHaveAttribute('data-status', 'cancelled');

  // While it runs again there is nothing to copy or to download.
  await expect(page.getByRole('button', { name: 'Download JSON' })).toBeVisible();
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('body')).toHaveAttribute('data-phase', 'running');
  await expect(page.getByRole('button', { name: 'Download JSON' })).toBeHidden();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Download JSON' })).toBeVisible();
});

test('a wrong answer gets a sentence and no time, and running out of memory is a result', async ({ page }) => {
  const script = (body: string) => ({ contentType: 'text/javascript', body });
  const ISOLATED = { 'cross-origin-embedder-policy': 'require-corp' };
  await page.route('**/bench/peers/niivue.js', route =>
    route.fulfill({
      ...script('export class Niivue { bwlabel(mask) { return [1, mask]; } }'), // one component: all of them
      headers: ISOLATED,
    }),
  );
  await page.route('**/bench/peers/gpu.js.js', route =>
    route.fulfill({
      ...script('globalThis.GPU = class { constructor() { new ArrayBuffer(2 ** 40); } };'),
      headers: ISOLATED,
    }),
  );
  await page.goto(`${server.url}/bench.html`);
  await page.waitForFunction(() => 'benchPage' in globalThis);
  const { rows } = await page.evaluate(() =>
    benchPage.run({ slices: 4, effort: 'quick', contenderIds: ['niivue', 'gpu.js-cpu'] }),
  );
  expect(rows).toEqual([
    expect.objectContaining({
      id: 'niivue',
      status: 'wrong',
      reason: expect.stringMatching(/^1 components, .* instead of/),
    }),
    expect.objectContaining({ id: 'gpu.js-cpu', status: 'out of memory' }),
  ]);
  await expect(page.locator('tr[data-contender=niivue]')).toContainText('WRONG, no time is given');
  await expect(page.locator('tr[data-contender=niivue] .median')).toHaveCount(0);
});
