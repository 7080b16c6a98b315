import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { CalciumPage } from '../support/calcium-page.ts';
import { REPOSITORY } from '../support/paths.ts';
import { sampleTruth, startTestViewer, type Truth } from '../support/viewer.ts';

test.describe.configure({ mode: 'serial' });

let viewer: Viewer;
let truth: Truth;
let page: Page;
let calcium: CalciumPage;

test.beforeAll(async ({ browser }) => {
  viewer = await startTestViewer();
  truth = await sampleTruth();
  page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  calcium = new CalciumPage(page);
});

test.afterAll(async () => {
  await page.close();
  await viewer.close();
});

test('the mode is offered on the work list for the CT study, and opens it scored', async () => {
  await page.goto(viewer.url);
  await page.getByText('Phantom, Cardiac').first().click();
  await page.getByText('Calcium score', { exact: true }).first().click();
  await calcium.ready();
  await expect(calcium.total).toHaveText('–');
  await expect(calcium.panel.getByTestId('calcium-producer')).toHaveAttribute('data-producer', /^(wasm|webgl2|ts)$/);
  await expect(calcium.panel.getByTestId('calcium-convention')).toContainText('8-connected');
  await expect(calcium.panel).toContainText('Not for diagnostic use');
  await expect(calcium.panel.getByTestId('calcium-export-pdf')).toBeDisabled();
});

test('every candidate of the visible slice is tinted', async () => {
  expect(await calcium.tintedPixels()).toBeGreaterThan(1000);
});

test('clicking each calcification with its vessel chosen by key gives the true scores', async () => {
  await calcium.expectTrueScores(truth);
  await expect(calcium.panel.getByTestId('calcium-category')).toContainText('Severe');
  if (process.env.UPDATE_SCREENSHOT) {
    // The slice with the left main artery has calcium of three vessels.
    await calcium.panel
      .locator('li[data-vessel=LM]')
      .getByRole('button', { name: /^Show the slice/ })
      .click();
    await page.waitForTimeout(2_000); // until the viewports have drawn it
    await page.screenshot({ path: path.join(REPOSITORY, 'docs', 'images', 'calcium-mode.png'), timeout: 60_000 });
    await calcium.clickVoxel(truth.vessels.at(-1)!.calcifications.at(-1)!.seedVoxel); // selected again, as it was
  }
});

test('undo, redo and clear', async () => {
  const before = await calcium.score('total');
  await page.keyboard.press('Control+z');
  const undone = await calcium.score('total');
  expect(undone.lesions).toBe((before.lesions ?? 0) - 1);
  await page.keyboard.press('Control+Shift+z');
  expect(await calcium.score('total')).toEqual(before);
  await page.keyboard.press('0'); // the lesion that was chosen last
  expect(await calcium.score('total')).toEqual(undone);
  await calcium.panel.getByTestId('calcium-undo').click();
  expect(await calcium.score('total')).toEqual(before);
});

test('the threshold slider re-scores, and coming back restores every assignment', async () => {
  const before = await calcium.score('total');
  await calcium.threshold.fill('250');
  await expect(calcium.panel.getByTestId('calcium-convention')).toContainText('HU >= 250');
  await expect.poll(async () => (await calcium.score('total')).volumeMm3).toBeLessThan(before.volumeMm3 ?? 0);
  await expect(calcium.panel.getByTestId('calcium-warnings')).toContainText('Threshold 250 HU instead of 130');
  await calcium.threshold.fill('130');
  await expect.poll(() => calcium.score('total')).toEqual(before);
});

test('while the threshold is dragged, score and tint are at once what the whole search gives', async () => {
  for (const thresholdHu of ['115', '180', '240', '130']) {
    // Read in the same task as the event, before anything can have come back from the worker.
    const atOnce = await calcium.threshold.evaluate((slider: HTMLInputElement, value) => {
      const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
      setValue?.call(slider, value);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      const canvas = document.querySelector<HTMLCanvasElement>('.voxelwise-slice-overlay')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 0);
    }, thresholdHu);
    const dragged = await calcium.score('total');
    await expect(calcium.panel.getByTestId('calcium-convention')).toContainText(`HU >= ${thresholdHu}`);
    expect(await calcium.score('total'), thresholdHu).toEqual(dragged);
    const settled = await page.locator('.voxelwise-slice-overlay').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 0);
    });
    expect(settled, thresholdHu).toBe(atOnce);
  }
});

test('choosing a lesion in the list assigns it and shows its slice', async () => {
  await page.keyboard.press('2');
  const before = await calcium.score('LAD');
  await calcium.panel.getByRole('button', { name: /^Show all 14/ }).click();
  const unassigned = calcium.panel.locator('[data-testid=calcium-lesions] li[data-vessel=""]').first();
  await unassigned.locator('button').first().click();
  await expect.poll(async () => (await calcium.score('LAD')).lesions).toBe((before.lesions ?? 0) + 1);
  await page.keyboard.press('Control+z');
  expect(await calcium.score('LAD')).toEqual(before);
});

test('the exported PDF is one page with the table, the convention and the patient', async () => {
  const downloading = page.waitForEvent('download');
  await calcium.panel.getByTestId('calcium-export-pdf').click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^calcium-VW-CALCIUM-1.*\.pdf$/);
  const file = test.info().outputPath('report.pdf');
  await download.saveAs(file);
  const canRead = existsSync('/usr/bin/pdftotext');
  if (!canRead && process.env.CI) throw new Error('CI is set, but pdftotext (poppler-utils) is missing.');
  test.skip(!canRead, 'pdftotext is not installed');
  const text = execFileSync('/usr/bin/pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
  expect(text).toContain('Not for diagnostic use');
  expect(text).toContain('VW-CALCIUM-1');
  expect(text).toContain('Threshold: HU >= 130');
  for (const { name, agatston } of truth.vessels) {
    expect(text).toMatch(new RegExp(`${name}\\s+\\d+\\s+${agatston.toFixed(1).replace('.', '\\.')}`));
  }
  expect(text.split('\f').filter(one => one.trim() !== '')).toHaveLength(1);
});

test('nothing was thrown', () => {
  expect(calcium.uncaughtErrors()).toEqual([]);
});
