import path from 'node:path';
import { expect, test } from '@playwright/test';
import { REPOSITORY } from '../support/paths.ts';
import { MAPS, PerfusionPage } from '../support/perfusion-page.ts';
import { startTestViewer, strokeTruth } from '../support/viewer.ts';

test('the mode is offered on the work list for the sample stroke study, and its volumes are near the truth', async ({
  page,
}) => {
  const viewer = await startTestViewer();
  try {
    const truth = await strokeTruth();
    await page.setViewportSize({ width: 1920, height: 1080 });
    const perfusion = new PerfusionPage(page);
    await page.goto(viewer.url);
    await page.getByText('Phantom, Stroke').first().click();
    await page.getByText('Perfusion', { exact: true }).first().click();
    await perfusion.ready();
    const [core, hypoperfusion] = [
      await perfusion.value('perfusion-core'),
      await perfusion.value('perfusion-hypoperfusion'),
    ];
    console.log(
      `core ${core.toFixed(1)} mL of ${truth.coreMl.toFixed(1)}, hypoperfusion ${hypoperfusion.toFixed(1)} mL of ${truth.hypoperfusionMl.toFixed(1)}`,
    );
    expect(Math.abs(core / truth.coreMl - 1)).toBeLessThan(0.1);
    expect(Math.abs(hypoperfusion / truth.hypoperfusionMl - 1)).toBeLessThan(0.1);
    expect(Math.abs((await perfusion.value('perfusion-mismatch-ratio')) / truth.mismatchRatio - 1)).toBeLessThan(0.1);

    // The artery that was found is one of the phantom's.
    await perfusion.unfold('perfusion-vessels-section');
    const found = await perfusion.panel.getByTestId('perfusion-aif').getAttribute('data-voxels');
    const arteries = new Set(truth.arteryVoxels);
    const voxels = (found ?? '').split(' ').map(Number);
    expect(voxels.filter(voxel => arteries.has(voxel)).length).toBeGreaterThan(0.8 * voxels.length);

    if (process.env.UPDATE_SCREENSHOT) {
      await perfusion.clickVoxel(MAPS[0] ?? '', [40, 64, 3]);
      await page.waitForTimeout(2_000); // until the viewports have drawn it
      await page.screenshot({ path: path.join(REPOSITORY, 'docs', 'images', 'perfusion-mode.png'), timeout: 60_000 });
    }
    expect(perfusion.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});
