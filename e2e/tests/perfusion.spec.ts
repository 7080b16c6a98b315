import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { MAPS, PerfusionPage, SOURCE } from '../support/perfusion-page.ts';
import { type PerfusionStudy, writePerfusionStudy } from '../support/perfusion-study.ts';
import { startTestViewer } from '../support/viewer.ts';

test.describe.configure({ mode: 'serial' });

/** A slice in the middle, by ascending z. */
const SLICE = 1;
/** White matter of the healthy side, and of the core. */
const HEALTHY = [62, 60, SLICE] as const;
const CORE = [30, 47, SLICE] as const;

let folder: string;
let viewer: Viewer;
let study: PerfusionStudy;
let page: Page;
let perfusion: PerfusionPage;

test.beforeAll(async ({ browser }) => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-perfusion-'));
  study = await writePerfusionStudy(folder);
  viewer = await startTestViewer({ samples: false, importFolders: [folder] });
  page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  perfusion = new PerfusionPage(page);
});

test.afterAll(async () => {
  await page.close();
  await viewer.close();
  await rm(folder, { recursive: true });
});

test('a CT series that is split by acquisition time alone opens with its maps and volumes', async () => {
  await perfusion.open(viewer.url, study.studyUid);
  const { coreMl, hypoperfusionMl } = study.phantom;
  expect(Math.abs((await perfusion.value('perfusion-core')) / coreMl - 1)).toBeLessThan(0.1);
  expect(Math.abs((await perfusion.value('perfusion-hypoperfusion')) / hypoperfusionMl - 1)).toBeLessThan(0.1);
  await expect(perfusion.panel.getByTestId('perfusion-volume-method')).toContainText('Block-circulant SVD');
  await expect(perfusion.panel).toContainText('Not for diagnostic use');
  await expect(perfusion.panel.getByTestId('perfusion-legend')).toContainText('AIF');
});

test('the maps are in Viridis with the lowest color in the core, and the views scroll together', async () => {
  await page.keyboard.press('o'); // without outlines
  const [cbf = '', , , tmax = ''] = MAPS;
  expect(await perfusion.colorAt(cbf, CORE)).toMatch(/^#4[0-9a-f]{5}$/);
  expect(await perfusion.colorAt(cbf, CORE)).not.toBe(await perfusion.colorAt(cbf, HEALTHY));
  expect(await perfusion.colorAt(tmax, CORE)).not.toBe(await perfusion.colorAt(tmax, HEALTHY));
  const { x, y } = await perfusion.pointOf(cbf, HEALTHY);
  const [before = -1] = await perfusion.shownSlices();
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, before === 0 ? 100 : -100);
  await expect.poll(async () => new Set(await perfusion.shownSlices()).size).toBe(1);
  await expect.poll(async () => (await perfusion.shownSlices())[0]).not.toBe(before);
});

test('the timeline changes the source alone, by slider and by arrow keys', async () => {
  const artery = study.phantom.arteryVoxels[0] ?? 0;
  const voxel = [artery % 96, Math.floor(artery / 96) % 96, Math.floor(artery / 96 ** 2)] as const;
  const scrubber = perfusion.panel.getByTestId('perfusion-scrubber');
  await scrubber.fill('0');
  const [source, map] = [await perfusion.colorAt(SOURCE, voxel), await perfusion.colorAt(MAPS[0] ?? '', voxel)];
  await scrubber.fill('10');
  await expect(perfusion.panel.getByTestId('perfusion-time')).toHaveText('15.0 s (11 of 40)');
  await expect.poll(() => perfusion.colorAt(SOURCE, voxel)).not.toBe(source);
  expect(await perfusion.colorAt(MAPS[0] ?? '', voxel)).toBe(map);
  await scrubber.blur();
  await page.keyboard.press('ArrowRight');
  await expect(perfusion.panel.getByTestId('perfusion-time')).toHaveText('16.5 s (12 of 40)');
  await page.keyboard.press(' ');
  await expect(perfusion.panel.getByTestId('perfusion-time')).not.toHaveText('16.5 s (12 of 40)');
  await page.keyboard.press(' ');
});

test('a click shows the curve of a voxel, its mirrored curve, its residue function and its values', async () => {
  await perfusion.clickVoxel(MAPS[0] ?? '', HEALTHY);
  await expect(perfusion.panel.getByTestId('perfusion-legend')).toContainText('Voxel 63, 61, 2, mirrored');
  const values = await perfusion.panel.getByTestId('perfusion-residue-values').textContent();
  const [cbf = Number.NaN] =
    /CBF ([\d.]+)/
      .exec(values ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  const { CBF } = study.phantom.maps;
  const truth = CBF[(SLICE * 96 + HEALTHY[1]) * 96 + HEALTHY[0]] ?? 0;
  expect(Math.abs(cbf / truth - 1)).toBeLessThan(0.25);
});

test('an arterial input that is moved computes everything anew, and undo brings the numbers back', async () => {
  const before = await perfusion.value('perfusion-core');
  await perfusion.unfold('perfusion-vessels-section');
  const aif = perfusion.panel.getByTestId('perfusion-aif');
  const automatic = await aif.getAttribute('data-voxels');
  const sinus = study.phantom.sinusVoxels[0] ?? 0;
  await page.keyboard.press('a');
  await perfusion.clickVoxel(SOURCE, [sinus % 96, Math.floor(sinus / 96) % 96, Math.floor(sinus / 96 ** 2)]);
  await expect(aif).toHaveAttribute('data-voxels', String(sinus));
  await perfusion.settled();
  await expect(perfusion.panel.getByTestId('perfusion-warnings')).toContainText('rises after the tissue');
  expect(await perfusion.value('perfusion-core')).not.toBe(before);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect(aif).toHaveAttribute('data-voxels', automatic ?? '');
  await perfusion.settled();
  await expect.poll(() => perfusion.value('perfusion-core')).toBe(before);
});

test('another method changes the maps and not the volumes; one that delay biases says so', async () => {
  const [core, hypoperfusion] = [
    await perfusion.value('perfusion-core'),
    await perfusion.value('perfusion-hypoperfusion'),
  ];
  await perfusion.unfold('perfusion-method-section');
  await perfusion.panel.getByTestId('perfusion-method').selectOption('ssvd');
  await perfusion.settled();
  await expect(perfusion.panel.getByTestId('perfusion-convention')).toContainText('Standard SVD, truncated at 0.2');
  await expect(perfusion.panel.getByTestId('perfusion-warnings')).toContainText('too little flow');
  expect(await perfusion.value('perfusion-core')).toBe(core);
  expect(await perfusion.value('perfusion-hypoperfusion')).toBe(hypoperfusion);
  await perfusion.panel.getByTestId('perfusion-undo').click();
  await perfusion.settled();
  await expect(perfusion.panel.getByTestId('perfusion-convention')).toContainText('Lucy-Richardson');
});

test('thresholds change the volumes at once, and are printed beside the words', async () => {
  const before = await perfusion.value('perfusion-hypoperfusion');
  await perfusion.panel.getByTestId('perfusion-rules-section').locator('summary').click();
  const field = perfusion.panel.getByTestId('perfusion-rule-hypoperfusion');
  await field.fill('1');
  await field.press('Enter');
  await expect(perfusion.panel.getByTestId('perfusion-stroke')).toContainText('Tmax > 1 s');
  expect(await perfusion.value('perfusion-hypoperfusion')).toBeGreaterThan(1.5 * before);
  await field.blur();
  await page.keyboard.press('Control+z');
  await expect.poll(() => perfusion.value('perfusion-hypoperfusion')).toBe(before);
});

test('a drawn region has the statistics of every map beside the mirrored region', async () => {
  await page.keyboard.press('e');
  await perfusion.drag(MAPS[0] ?? '', SLICE, [26, 42], [34, 52]);
  await page.keyboard.press('Escape');
  const region = perfusion.panel.getByTestId('perfusion-region');
  await expect(region).toContainText('Region 1');
  const cells = region.locator('tr[data-map=CBF] td');
  const [own = 0, mirrored = 0] = await cells.evaluateAll(all =>
    all.slice(0, 2).map(cell => Number((cell as HTMLElement).dataset.value)),
  );
  expect(own).toBeLessThan(0.3 * mirrored);
  await expect(perfusion.panel.getByTestId('perfusion-hemispheres')).toContainText('CBF');
});

test('any map can be shown in any view, in other colors and between other values', async () => {
  await perfusion.unfold('perfusion-display-section');
  const [view = ''] = MAPS;
  const before = await perfusion.colorAt(view, HEALTHY);
  await perfusion.panel.getByTestId('perfusion-range-CBF-high').fill('20');
  await perfusion.panel.getByTestId('perfusion-range-CBF-high').press('Enter');
  await expect.poll(() => perfusion.colorAt(view, HEALTHY)).not.toBe(before);
  await perfusion.panel.getByTestId('perfusion-color-map').selectOption('gray');
  await expect.poll(() => perfusion.colorAt(view, HEALTHY)).toMatch(/^#(..)\1\1$/);
  await perfusion.panel.getByTestId('perfusion-color-map').selectOption('viridis');
  await perfusion.panel.getByTestId('perfusion-view-1').selectOption('TTP');
  await expect.poll(() => perfusion.colorAt(view, [2, 2, SLICE])).toBe('#000000'); // no value in air
  await perfusion.panel.getByTestId('perfusion-view-1').selectOption('CBF');
  await perfusion.panel.getByTestId('perfusion-range-CBF-low').fill('1000');
  await perfusion.panel.getByTestId('perfusion-range-CBF-low').press('Enter'); // above the upper end: not taken
  await expect(perfusion.panel.getByTestId('perfusion-range-CBF-low')).toHaveValue('0');
});

test("the viewer's window tool, dragged over a map, changes the map's range", async () => {
  const high = perfusion.panel.getByTestId('perfusion-range-CBV-high');
  await expect(high).toHaveValue('10');
  const { x, y } = await perfusion.pointOf(MAPS[1] ?? '', HEALTHY);
  await page.mouse.click(x, y); // the viewer's tools work in the view that is active
  await page.waitForTimeout(500);
  await page.mouse.down();
  await page.waitForTimeout(500); // the viewer waits whether it is a double click
  await page.mouse.move(x, y + 24, { steps: 12 });
  await page.mouse.up();
  await expect(high).not.toHaveValue('10');
  await expect(perfusion.panel.getByTestId('perfusion-range-CBF-high')).toHaveValue('20');
});

test('a map is exported as a PNG, and everything as a PDF', async () => {
  const downloadOf = async (testId: string) => {
    const downloading = page.waitForEvent('download');
    await perfusion.panel.getByTestId(testId).click();
    const download = await downloading;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const png = await downloadOf('perfusion-png-CBF');
  expect(png.name).toMatch(/^perfusion-CBF-slice-\d\.png$/);
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  const pdf = await downloadOf('perfusion-export-pdf');
  expect(pdf.name).toMatch(/^perfusion-.*\.pdf$/);
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
});

test('where a map fills the whole, the slice that it shows is exported', async () => {
  const [view = ''] = MAPS;
  const slicesShown = async () => (await perfusion.shownSlices()).filter(slice => slice >= 0);
  const pictureName = async () => {
    const downloading = page.waitForEvent('download');
    await perfusion.panel.getByTestId('perfusion-png-CBF').click();
    return (await downloading).suggestedFilename();
  };
  const before = await pictureName();
  const { x, y } = await perfusion.pointOf(view, HEALTHY);
  await page.mouse.dblclick(x, y);
  await expect.poll(slicesShown).toHaveLength(1);
  const [slice = -1] = await slicesShown();
  await page.mouse.wheel(0, slice === 0 ? 100 : -100);
  await expect.poll(async () => (await slicesShown())[0]).not.toBe(slice);
  await expect.poll(pictureName).not.toBe(before);
  await page.mouse.dblclick(x, y);
  await expect.poll(slicesShown).toHaveLength(5);
});

test('results are stored in the archive, and come back exactly as they were', async () => {
  const numbers = () =>
    perfusion.panel.evaluate(panel =>
      [...panel.querySelectorAll<HTMLElement>('[data-value]')].map(
        ({ dataset, textContent }) => `${dataset.value} ${textContent}`,
      ),
    );
  const before = await numbers();
  await perfusion.panel.getByTestId('perfusion-store').click();
  await expect(perfusion.panel.getByTestId('perfusion-store-message')).toHaveText('All 8 objects are stored.', {
    timeout: 60_000,
  });
  await perfusion.open(viewer.url, study.studyUid);
  await expect(perfusion.panel.getByTestId('perfusion-restored')).toContainText('as it was', { timeout: 60_000 });
  await perfusion.unfold('perfusion-display-section');
  await expect(perfusion.panel.getByTestId('perfusion-region')).toContainText('Region 1');
  await perfusion.unfold('perfusion-vessels-section');
  expect(await numbers()).toEqual(before);
  await expect(perfusion.panel.getByTestId('perfusion-range-CBF-high')).toHaveValue('20');
  await perfusion.panel.getByTestId('perfusion-start-over').click();
  await perfusion.settled();
  await expect(perfusion.panel.getByTestId('perfusion-region')).toHaveCount(0);
  await expect(perfusion.panel.getByTestId('perfusion-restored')).toHaveCount(0);
});

test('nothing was thrown', () => {
  expect(perfusion.uncaughtErrors()).toEqual([]);
});
