import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { CalciumPage } from '../support/calcium-page.ts';
import { ctImageFile, newUid } from '../support/ct-image.ts';
import { sampleTruth, startTestViewer, type Truth } from '../support/viewer.ts';

/** What the page offers to look at: the host's Cornerstone and its commands. */
interface HostWindow {
  cornerstone: {
    getRenderingEngines(): { getViewports(): PageViewport[] }[];
    cache: {
      getImage(imageId: string): {
        rows: number;
        columns: number;
        voxelManager: { getScalarData(): ArrayLike<number> };
      };
    };
    metaData: { get(type: string, imageId: string): Record<string, number[] & number> };
  };
  commandsManager: { runCommand(name: string, options?: object): unknown };
}
interface PageViewport {
  id: string;
  type: string;
  element: HTMLElement;
  getCurrentImageId(): string | undefined;
  canvasToWorld(point: number[]): number[];
  setZoom(zoom: number): void;
  render(): void;
}

/**
 * Compares the tint over a viewport with the voxels under it, away from their edges.
 * @returns tinted points, and those whose tint contradicts their voxel
 */
function readTint(page: Page, viewportId = 'voxelwise-calcium-axial', thresholdHu = 130) {
  return page.evaluate(
    ([id, threshold]) => {
      const { cornerstone } = window as unknown as HostWindow;
      const viewport = cornerstone
        .getRenderingEngines()
        .flatMap(engine => engine.getViewports())
        .find(one => one.id === id);
      const canvas = viewport?.element.querySelector<HTMLCanvasElement>('.voxelwise-slice-overlay');
      const context = canvas?.getContext('2d');
      if (!viewport || !canvas || !context) return { tinted: 0, contradictions: 0 };
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const imageId = viewport.getCurrentImageId() ?? '';
      const image = cornerstone.cache.getImage(imageId);
      const plane = cornerstone.metaData.get('imagePlaneModule', imageId);
      const voxels = image.voxelManager.getScalarData();
      const offset = (world: number[], axis: number[]) =>
        world.reduce((sum, value, i) => sum + (value - (plane.imagePositionPatient?.[i] ?? 0)) * (axis[i] ?? 0), 0);
      let tinted = 0;
      let contradictions = 0;
      for (let y = 0; y < canvas.height; y += 2) {
        for (let x = 0; x < canvas.width; x += 2) {
          const isTinted = (data[4 * (y * canvas.width + x) + 3] ?? 0) > 0;
          if (isTinted) tinted++;
          const world = viewport.canvasToWorld([(x + 0.5) / devicePixelRatio, (y + 0.5) / devicePixelRatio]);
          const column = offset(world, plane.rowCosines ?? []) / (plane.columnPixelSpacing ?? 1);
          const row = offset(world, plane.columnCosines ?? []) / (plane.rowPixelSpacing ?? 1);
          if (Math.abs(column - Math.round(column)) > 0.4 || Math.abs(row - Math.round(row)) > 0.4) continue;
          const isInside = Math.min(column, row) > -0.5 && Math.max(column - image.columns, row - image.rows) < -0.5;
          const hu = isInside ? (voxels[Math.round(row) * image.columns + Math.round(column)] ?? 0) : -1024;
          if (isTinted !== hu >= threshold) contradictions++;
        }
      }
      return { tinted, contradictions };
    },
    [viewportId, thresholdHu] as const,
  );
}

function runCommand(page: Page, name: string, options: object = {}): Promise<unknown> {
  return page.evaluate(
    async ([command, parameters]) => {
      await (window as unknown as HostWindow).commandsManager.runCommand(command, parameters);
    },
    [name, options] as const,
  );
}

function calciumWorkers(page: Page): number {
  return page.workers().filter(worker => worker.url().includes('calcium-worker')).length;
}

test.describe('on the sample study', () => {
  test.describe.configure({ mode: 'serial' });
  let viewer: Viewer;
  let truth: Truth;
  let page: Page;
  let calcium: CalciumPage;
  /** One calcification of a vessel. */
  const seed = (vessel: string) => truth.vessels.find(({ name }) => name === vessel)!.calcifications[0]!.seedVoxel;
  const lesions = async () => (await calcium.score('total')).lesions;

  test.beforeAll(async ({ browser }) => {
    viewer = await startTestViewer();
    truth = await sampleTruth();
    page = await browser.newPage();
    calcium = new CalciumPage(page);
    await page.goto(viewer.url);
  });

  test.afterAll(async () => {
    await page.close();
    await viewer.close();
  });

  const openFromWorkList = async (mode: string) => {
    const button = page.getByText(mode, { exact: true }).first();
    await expect(async () => {
      if (!(await button.isVisible())) await page.getByText('Phantom, Cardiac').first().click();
      await expect(button).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await button.click();
  };
  const backToWorkList = async () => {
    await page.locator('[data-cy=return-to-work-list]').first().click();
    await expect(page.getByText('Phantom, Cardiac').first()).toBeVisible();
  };

  test('the tint covers exactly the voxels at or above the threshold, turned, flipped and magnified', async () => {
    await openFromWorkList('Calcium score');
    await calcium.ready();
    for (const change of ['none', 'flipViewportHorizontal', 'rotateViewportCW', 'invertViewport', 'zoom']) {
      if (change === 'zoom') {
        await page.evaluate(() => {
          const { cornerstone } = window as unknown as HostWindow;
          const viewports = cornerstone.getRenderingEngines().flatMap(engine => engine.getViewports());
          const axial = viewports.find(({ type }) => type === 'stack');
          axial?.setZoom(2);
          axial?.render();
        });
      } else if (change !== 'none') await runCommand(page, change);
      await expect.poll(() => readTint(page), change).toEqual({ tinted: expect.any(Number), contradictions: 0 });
      expect((await readTint(page)).tinted, change).toBeGreaterThan(100);
    }
  });

  test('a click finds its voxel in a turned view; other buttons, modifiers and the length tool assign nothing', async () => {
    await page.keyboard.press('2');
    await calcium.clickVoxel(seed('LAD')); // flipped, rotated and magnified as the last test left the view
    expect(await lesions()).toBe(1);
    expect((await calcium.score('LAD')).lesions).toBe(1);
    await page.keyboard.press('Control+z');
    await runCommand(page, 'resetViewport');
    for (const modifier of ['Control', 'Shift', 'Alt']) {
      await page.keyboard.down(modifier);
      await calcium.clickVoxel(seed('LAD'));
      await page.keyboard.up(modifier);
    }
    expect(await lesions()).toBe(0);
    const activate = (toolName: string) =>
      runCommand(page, 'setToolActiveToolbar', { itemId: toolName, toolName, toolGroupIds: ['default'] });
    await activate('Length');
    await calcium.clickVoxel(seed('LAD'));
    expect(await lesions()).toBe(0);
    await page.keyboard.press('Escape');
    await activate('WindowLevel');
  });

  test('digits choose vessels while the slider has the focus, and three clicks on Export make one report', async () => {
    await calcium.threshold.focus();
    await page.keyboard.press('4');
    await expect(calcium.panel.getByTestId('calcium-vessel-RCA')).toHaveAttribute('aria-checked', 'true');
    await expect(calcium.threshold).toHaveValue('130');
    await calcium.panel.getByTestId('calcium-confirm-zero').check();
    const downloads: string[] = [];
    page.on('download', download => downloads.push(download.suggestedFilename()));
    const exportButton = calcium.panel.getByTestId('calcium-export-pdf');
    await exportButton.evaluate((button: HTMLButtonElement) => {
      for (let i = 0; i < 3; i++) button.click();
    });
    await expect.poll(() => downloads.length).toBe(1);
    await expect(exportButton).toHaveText('Export PDF');
    expect(downloads).toHaveLength(1);
    await calcium.threshold.fill('140'); // looked at under another threshold: no longer confirmed
    await expect(calcium.panel.getByTestId('calcium-confirm-zero')).not.toBeChecked();
    await calcium.threshold.fill('130');
  });

  test('other tabs and a closed side panel keep the assignments, and clicks still count', async () => {
    await page.keyboard.press('2');
    await calcium.clickVoxel(seed('LAD'));
    await page.locator('[data-cy=panelSegmentation-btn]').click();
    await expect(calcium.panel).toHaveCount(0);
    await page.keyboard.press('4');
    await calcium.clickVoxel(seed('RCA'));
    await page.locator('[data-cy=calcium-btn]').click();
    expect(await lesions()).toBe(2);
    await page.locator('[data-cy=side-panel-header-right]').first().click();
    await expect(calcium.panel).toHaveCount(0);
    await page.locator('[data-cy=side-panel-header-right]').first().click();
    await expect(calcium.panel).toBeVisible();
    expect(await lesions()).toBe(2);
    expect((await calcium.score('RCA')).lesions).toBe(1);
  });

  test('in the multiplanar layout only the axial view is tinted and takes clicks', async () => {
    const before = await calcium.score('total');
    await runCommand(page, 'setHangingProtocol', { protocolId: 'mpr' });
    await expect.poll(async () => (await readTint(page, 'mpr-axial')).tinted).toBeGreaterThan(100);
    expect((await readTint(page, 'mpr-axial')).contradictions).toBe(0);
    const boxes = await page.evaluate(() => {
      const { cornerstone } = window as unknown as HostWindow;
      return cornerstone
        .getRenderingEngines()
        .flatMap(engine => engine.getViewports())
        .filter(({ id }) => id === 'mpr-coronal' || id === 'mpr-sagittal')
        .map(({ element }) => element.getBoundingClientRect().toJSON() as DOMRect);
    });
    expect(boxes).toHaveLength(2);
    for (const { x, y, width, height } of boxes) {
      for (let i = 1; i < 8; i++) await page.mouse.click(x + (width * i) / 8, y + height / 2);
    }
    expect(await calcium.score('total')).toEqual(before);
    await expect(page.locator('.voxelwise-slice-overlay')).toHaveCount(1);
  });

  test('leaving the mode ends its session, digits are the host’s again, and the next session brings the result back', async () => {
    expect(calciumWorkers(page)).toBe(1);
    await backToWorkList();
    await expect.poll(() => calciumWorkers(page)).toBe(0);
    await openFromWorkList('Basic Viewer');
    const firstViewport = () =>
      page.evaluate(() => {
        const { cornerstone } = window as unknown as HostWindow;
        const [viewport] = cornerstone.getRenderingEngines().flatMap(engine => engine.getViewports());
        return JSON.stringify(
          (viewport as unknown as { getProperties(): { voiRange?: object } })?.getProperties().voiRange,
        );
      });
    await expect.poll(firstViewport).toBeTruthy();
    const tour = page.getByText('Skip all').first(); // every mode has one
    await tour.click({ timeout: 5_000 }).catch(() => undefined);
    await expect(page.locator('.vw-calcium, [class^=voxelwise-]')).toHaveCount(0);
    const atFirst = await firstViewport();
    await expect(async () => {
      await page.keyboard.press('2'); // the host's window preset for lungs
      expect(await firstViewport()).not.toBe(atFirst);
    }).toPass();
    await backToWorkList();
    await openFromWorkList('Calcium score');
    await calcium.ready();
    expect(calciumWorkers(page)).toBe(1);
    await expect.poll(lesions).toBe(2);
    await page.keyboard.press('Control+z');
    await expect.poll(lesions).toBe(0);
    await expect(calcium.panel.getByTestId('calcium-undo')).toBeDisabled();
    expect(calcium.uncaughtErrors()).toEqual([]);
  });
});

test('where the page may not compile WebAssembly, another producer gives the same scores and the panel says so', async ({
  page,
}) => {
  const viewer = await startTestViewer();
  try {
    const policy = "script-src 'self' 'unsafe-inline' blob: data:; worker-src 'self' blob:";
    await page.route(
      ({ pathname }) => pathname.startsWith('/voxelwise-calcium') || pathname.startsWith('/plugins/'),
      async route => {
        const response = await route.fetch();
        await route.fulfill({
          response,
          headers: { ...response.headers(), 'content-security-policy': policy },
        });
      },
    );
    const truth = await sampleTruth();
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, truth.studyInstanceUid);
    await expect(calcium.panel.getByTestId('calcium-producer')).toHaveAttribute('data-producer', /^(ts|webgl2)$/);
    await expect(calcium.panel.getByTestId('calcium-producer')).toContainText('wasm failed');
    await expect(calcium.panel.getByTestId('calcium-compute-notice')).toContainText(
      'WebAssembly could not compute this',
    );
    await calcium.expectTrueScores(truth);
  } finally {
    await viewer.close();
  }
});

test('of several series the calcium scan is opened, and looking at another one loses nothing', async ({ page }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-series-'));
  const study = await writeStudyOfThreeSeries(folder);
  const viewer = await startTestViewer({ samples: false, importFolders: [folder] });
  try {
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, study);
    const picker = calcium.panel.getByLabel('Series');
    const choose = async (name: RegExp) => {
      const option = picker.locator('option').filter({ hasText: name });
      await picker.selectOption(await option.getAttribute('value'));
    };
    await expect(picker.locator('option:checked')).toHaveText('5: CAC 3.0 (10 slices)');
    await expect.poll(() => readTint(page)).toEqual({ tinted: expect.any(Number), contradictions: 0 });
    await page.keyboard.press('2');
    await calcium.clickVoxel([20, 20, 5]);
    const scored = await calcium.score('LAD');
    expect(scored.lesions).toBe(1);
    const { panel } = calcium;
    const open = async (section: string) => {
      const details = panel.getByTestId(`calcium-${section}-section`);
      if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    };
    const mass = panel.locator('[data-testid=calcium-table] thead').getByText('Mass');
    for (const section of ['convention', 'risk', 'calibration']) await open(section);
    await panel.getByTestId('calcium-connectivity').selectOption('4');
    await panel.getByTestId('calcium-calibration-factor').fill('0.8');
    await panel.getByTestId('calcium-calibration-apply').click();
    await expect(mass).toBeVisible();
    await panel.getByTestId('calcium-risk-systolicMmHg').fill('135');

    await choose(/Topogram/);
    await expect(calcium.panel.getByTestId('calcium-refused')).toContainText('is a localizer');
    await expect(calcium.panel.getByTestId('calcium-table')).toHaveCount(0);
    await choose(/lung/);
    await choose(/CAC/); // while the other one is still loading
    await choose(/lung/);
    await calcium.ready();
    expect((await calcium.score('total')).lesions).toBe(0);
    await expect(mass).toHaveCount(0); // the calibration is of the other series
    for (const section of ['convention', 'risk']) await open(section);
    await expect(panel.getByTestId('calcium-risk-systolicMmHg')).toHaveValue('135'); // the person is the same
    await panel.getByTestId('calcium-confirm-zero').check();
    await panel.getByTestId('calcium-connectivity').selectOption('8');
    await expect(panel.getByTestId('calcium-confirm-zero')).not.toBeChecked();
    await panel.getByTestId('calcium-confirm-zero').check();
    await choose(/CAC/);
    await calcium.ready();
    const expectAll = async () => {
      expect(await calcium.score('LAD')).toEqual(scored);
      await expect(mass).toBeVisible();
      await expect(panel.getByTestId('calcium-connectivity')).toHaveValue('4');
    };
    await expectAll();
    await expect.poll(() => readTint(page)).toEqual({ tinted: expect.any(Number), contradictions: 0 });
    await choose(/lung/);
    await calcium.ready();
    await expect(panel.getByTestId('calcium-confirm-zero')).toBeChecked();
    await expect(panel.getByTestId('calcium-connectivity')).toHaveValue('8');
    // A faint lesion under a low threshold weighs nothing: that is not "no calcium", and nothing to print or store.
    await calcium.threshold.fill('90');
    await page.keyboard.press('2');
    await expect(async () => {
      await calcium.clickVoxel([20, 20, 5]);
      expect(await calcium.score('LAD')).toMatchObject({ lesions: 1, agatston: 0 });
    }).toPass();
    await expect(panel.getByTestId('calcium-below-weights')).toContainText('not an Agatston score');
    await expect(panel.getByTestId('calcium-category')).toHaveCount(0);
    await expect(panel.getByTestId('calcium-total')).toHaveText('–');
    await expect(panel.getByTestId('calcium-export-pdf')).toBeDisabled();
    await expect(panel.getByTestId('calcium-store')).toBeDisabled();
    await calcium.clickVoxel([50, 50, 5]);
    await expect(panel.getByTestId('calcium-hint')).toContainText('no candidate under the click');
    await choose(/CAC/);
    await calcium.ready();
    await page.waitForTimeout(1_000); // the browser keeps what stays for a moment

    await page.reload();
    await calcium.ready();
    await expect(panel.getByTestId('calcium-restored')).toHaveAttribute('data-keeper', 'browser');
    await expect(panel.getByTestId('calcium-restored-difference')).toHaveCount(0);
    await expectAll();
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
    await rm(folder, { recursive: true });
  }
});

test('a site’s own percentile table is used by its own groups', async ({ page }) => {
  const viewer = await startTestViewer();
  try {
    const rows = (scores: number[]) => [{ ages: [20, 100], scores }];
    const table = {
      format: 'voxelwise-percentiles-1',
      name: 'Our region',
      source: 'made up for a test',
      population: 'nobody',
      verified: false,
      percentiles: [25, 50],
      groups: ['North', 'South'].flatMap(race => [
        { sex: 'female', race, rows: rows([1, 2]) },
        { sex: 'male', race, rows: rows(race === 'North' ? [1, 5000] : [1, 2]) },
      ]),
    };
    await page.route('**/our-percentiles.json', route => route.fulfill({ json: table }));
    await page.route('**/app-config.js', async route => {
      const response = await route.fetch();
      const setting = "{ '@voxelwise/calcium': { percentileTable: '/our-percentiles.json' } }";
      const body = `${await response.text()}
        ;(() => {
          const site = window.config;
          window.config = async () => ({ ...(typeof site === 'function' ? await site() : site), ...${setting} });
        })();`;
      await route.fulfill({ response, body });
    });
    const truth = await sampleTruth();
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, truth.studyInstanceUid);
    await calcium.expectTrueScores(truth);
    await calcium.panel.getByTestId('calcium-risk-section').locator('summary').click();
    const percentile = calcium.panel.getByTestId('calcium-percentile');
    await expect(percentile).toHaveText('Our region needs one of its groups: North, South.');
    await calcium.panel.getByTestId('calcium-risk-race').selectOption('white');
    await expect(percentile).toContainText('needs one of its groups');
    const group = calcium.panel.getByLabel('Group in Our region');
    await group.selectOption('North');
    await expect(percentile).toContainText('between the 25th (1) and 50th (5000) reference score');
    await expect(percentile).toContainText('Of male, North, 20 to 100 years.');
    await group.selectOption('South');
    await expect(percentile).toContainText('above the 50th (2) reference score');
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});

/**
 * A topogram that the host takes for a volume, a lung series with one faint block, and a calcium scan with one calcified block,
 * which comes last by number. @returns the study's UID
 */
async function writeStudyOfThreeSeries(folder: string): Promise<string> {
  const size = 64;
  const studyUid = newUid();
  const frameOfReferenceUid = newUid();
  const axial = [1, 0, 0, 0, 1, 0];
  const coronal = [1, 0, 0, 0, 0, -1];
  const write = async (
    seriesNumber: number,
    seriesDescription: string,
    { slices = 10, isLocalizer = false, blockHu = 40 },
  ) => {
    const seriesUid = newUid();
    for (let slice = 0; slice < slices; slice++) {
      const hu = new Int16Array(size * size).fill(40);
      if (slice >= 4 && slice <= 6) {
        for (let row = 17; row < 24; row++) hu.fill(blockHu, row * size + 18, row * size + 23);
      }
      const file = ctImageFile({
        studyUid,
        seriesUid,
        frameOfReferenceUid,
        seriesNumber,
        seriesDescription,
        imageType: isLocalizer ? 'LOCALIZER' : 'AXIAL',
        instanceNumber: slice + 1,
        positionMm: isLocalizer ? [0, 3 * slice, 0] : [0, 0, 3 * slice],
        orientation: isLocalizer ? coronal : axial,
        pixelSpacingMm: 0.5,
        hu,
      });
      await writeFile(path.join(folder, `${seriesNumber}-${slice}.dcm`), file);
    }
  };
  await write(1, 'Topogram', { slices: 2, isLocalizer: true });
  await write(3, 'Thorax lung', { blockHu: 99 });
  await write(5, 'CAC 3.0', { blockHu: 450 });
  return studyUid;
}
