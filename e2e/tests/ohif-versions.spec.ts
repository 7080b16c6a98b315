import { expect, test } from '@playwright/test';
import { CalciumPage } from '../support/calcium-page.ts';
import { PerfusionPage } from '../support/perfusion-page.ts';
import { sampleTruth, startTestViewer, strokeTruth } from '../support/viewer.ts';

// 3.13.2 runs in every other test as well; here the same plug-in files meet the older viewers.
for (const ohifVersion of ['3.11.1', '3.12.10', '3.13.2']) {
  test(`the same plug-in files on OHIF ${ohifVersion}`, async ({ page }) => {
    const viewer = await startTestViewer({ ohifVersion });
    try {
      const truth = await sampleTruth();
      const calcium = new CalciumPage(page);
      await calcium.open(viewer.url, truth.studyInstanceUid);
      await calcium.expectTrueScores(truth);
      await calcium.threshold.fill('200');
      await expect(calcium.panel.getByTestId('calcium-convention')).toContainText('HU >= 200');
      await expect(page.locator('.voxelwise-slice-overlay')).not.toHaveCount(0);
      expect(calcium.uncaughtErrors()).toEqual([]);

      const { studyInstanceUid, hypoperfusionMl } = await strokeTruth();
      const perfusion = new PerfusionPage(page);
      await perfusion.open(viewer.url, studyInstanceUid);
      const hypoperfusion = await perfusion.value('perfusion-hypoperfusion');
      expect(Math.abs(hypoperfusion / hypoperfusionMl - 1)).toBeLessThan(0.1);
      await expect(page.locator('.voxelwise-slice-overlay')).toHaveCount(5);
      expect(perfusion.uncaughtErrors()).toEqual([]);
    } finally {
      await viewer.close();
    }
  });
}
