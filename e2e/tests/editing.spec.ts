import { expect, type Page, test } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { CalciumPage } from '../support/calcium-page.ts';
import { sampleTruth, startTestViewer, type Truth } from '../support/viewer.ts';

test.describe.configure({ mode: 'serial' });

let viewer: Viewer;
let truth: Truth;
let page: Page;
let calcium: CalciumPage;

const vesselTruth = (vessel: string) => truth.vessels.find(({ name }) => name === vessel)!;
/** The first calcification of a vessel. */
const seed = (vessel: string) => vesselTruth(vessel).calcifications[0]!.seedVoxel;
const agatston = async (vessel: 'LM' | 'LAD' | 'LCX' | 'RCA' | 'total') => (await calcium.score(vessel)).agatston ?? 0;
const candidates = async () => Number(await calcium.panel.getByTestId('calcium-candidate-count').textContent());
const hint = () => calcium.panel.getByTestId('calcium-hint');
const tool = (name: string) => calcium.panel.getByTestId(`calcium-tool-${name}`);
const open = async (section: string) => {
  const details = calcium.panel.getByTestId(`calcium-${section}-section`);
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
};

test.beforeAll(async ({ browser }) => {
  viewer = await startTestViewer();
  truth = await sampleTruth();
  page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  calcium = new CalciumPage(page);
  await calcium.open(viewer.url, truth.studyInstanceUid);
});

test.afterAll(async () => {
  await page.close();
  await viewer.close();
});

test('a line splits a lesion in all its slices; its parts go to two vessels and add up to it', async () => {
  const [column, row, slice] = seed('LAD');
  await calcium.magnify([column, row, slice], 5);
  await page.keyboard.press('2');
  await calcium.clickVoxel([column, row, slice]);
  const whole = await calcium.score('LAD');
  await page.keyboard.press('s');
  await expect(tool('split')).toHaveAttribute('aria-pressed', 'true');

  await calcium.drag(slice, [column - 12, row - 8], [column - 12, row + 8]); // beside it
  await expect(hint()).toContainText('divides no lesion');
  await calcium.drag(slice, [column, row - 12], [column, row + 12]);
  await expect(hint()).toHaveCount(0);
  expect(await calcium.score('LAD')).toEqual(whole); // both parts are the LAD's still

  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await calcium.clickVoxel([column + 2, row, slice]);
  const [lm, lad] = [await calcium.score('LM'), await calcium.score('LAD')];
  expect(lm.agatston).toBeGreaterThan(0);
  expect(lad.agatston).toBeGreaterThan(0);
  expect((lm.agatston ?? 0) + (lad.agatston ?? 0)).toBeCloseTo(whole.agatston ?? 0, 9);
  expect((lm.volumeMm3 ?? 0) + (lad.volumeMm3 ?? 0)).toBeCloseTo(whole.volumeMm3 ?? 0, 9);
  expect((await calcium.score('total')).lesions).toBe(1);
  await calcium.clickVoxel([column + 2, row, slice - 1]); // the next slice of the same part
  expect(await calcium.score('LM')).toEqual(lm);

  await page.keyboard.press('Control+z');
  expect(await calcium.score('LAD')).toEqual(whole);
  await page.keyboard.press('Control+y');
  expect(await calcium.score('LM')).toEqual(lm);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
  expect(await agatston('total')).toBe(0);
  await expect(calcium.panel.getByTestId('calcium-undo')).toBeDisabled();
});

test('a brush paints what it touches, on its slice or on slices around it', async () => {
  const [column, row, slice] = seed('LAD');
  await page.keyboard.press('2');
  await calcium.clickVoxel([column, row, slice]);
  const whole = await agatston('LAD');
  await page.keyboard.press('3');
  await page.keyboard.press('b');
  await calcium.panel.getByTestId('calcium-brush-radius').fill('1.5');
  await page.keyboard.press(']');
  await expect(calcium.panel.getByTestId('calcium-brush-radius')).toHaveValue('2');
  await calcium.drag(slice, [column + 3, row - 4], [column + 3, row + 4]);
  const oneSlice = await agatston('LCX');
  expect(oneSlice).toBeGreaterThan(0);
  expect(oneSlice + (await agatston('LAD'))).toBeCloseTo(whole, 9);

  await calcium.panel.getByTestId('calcium-brush-reach').selectOption('1');
  await calcium.drag(slice, [column + 3, row - 4], [column + 3, row + 4]);
  const threeSlices = await agatston('LCX');
  expect(threeSlices).toBeGreaterThan(oneSlice);
  expect(threeSlices + (await agatston('LAD'))).toBeCloseTo(whole, 9);

  await calcium.drag(slice, [column + 3, row - 4], [column + 3, row + 4]); // it is the LCX's already
  await expect(hint()).toContainText('no calcium that it could change');
  await page.keyboard.press('Control+z');
  expect(await agatston('LCX')).toBeCloseTo(oneSlice, 9);
  await page.keyboard.press('Control+z');
  expect(await agatston('LAD')).toBeCloseTo(whole, 9);

  // Escape while the button is down drops the stroke, a second one the brush.
  const from = await calcium.pointOf([column, row, slice]);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y, { steps: 4 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect(await agatston('LAD')).toBeCloseTo(whole, 9);
  await expect(tool('brush')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(tool('assign')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Control+z');
});

test('E excludes: the lesion keeps its place in the list, and counts for nothing', async () => {
  await page.keyboard.press('2');
  await calcium.clickVoxel(seed('LAD'));
  await page.keyboard.press('e');
  await expect(calcium.panel.getByTestId('calcium-vessel-excluded')).toHaveAttribute('aria-checked', 'true');
  await calcium.clickVoxel(seed('LAD'));
  expect(await agatston('total')).toBe(0);
  await calcium.panel.getByRole('button', { name: 'Show 1 excluded' }).click();
  await expect(calcium.panel.locator('li[data-vessel=excluded]')).toHaveCount(1);
  await page.keyboard.press('0'); // it is selected
  await expect(calcium.panel.locator('li[data-vessel=excluded]')).toHaveCount(0);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
});

test('an ellipse around the heart limits what is looked at, its handles and its ends move, and all of it can be undone', async () => {
  await calcium.magnify([280, 220, 28], 1.5);
  await calcium.expectTrueScores(truth);
  const all = await candidates();
  const before = await calcium.score('total');
  const left = ['LM', 'LAD', 'LCX'] as const;
  await page.keyboard.press('h');
  // From LM to LCX; the RCA is more than 30 columns to its left.
  await calcium.drag(28, [262, 120], [378, 300]);
  await expect.poll(candidates).toBeLessThan(all);
  expect(await agatston('RCA')).toBe(0);
  for (const vessel of left) expect(await agatston(vessel)).toBeCloseTo(vesselTruth(vessel).agatston, 6);

  await calcium.drag(28, [262, 210], [185, 210]); // the handle on its left side
  await expect.poll(() => agatston('RCA')).toBeCloseTo(vesselTruth('RCA').agatston, 6);
  await page.keyboard.press('Escape');
  await calcium.pointOf([280, 220, 22]);
  await calcium.panel.getByRole('button', { name: 'Bottom here' }).click();
  await expect.poll(() => agatston('RCA')).toBeCloseTo(vesselTruth('RCA').calcifications[0]!.agatston, 6);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(candidates).toBe(all);
  expect(await calcium.score('total')).toEqual(before);

  await page.keyboard.press('f');
  const [column, row, slice] = seed('LM');
  const around = [
    [column - 14, row - 12],
    [column + 10, row - 14],
    [column + 12, row + 12],
    [column - 10, row + 14],
  ] as const;
  await calcium.drag(slice, ...around);
  await expect.poll(candidates).toBe(1);
  expect(await agatston('total')).toBeCloseTo(vesselTruth('LM').agatston, 6);
  await calcium.panel.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(candidates).toBe(all);
  expect(await calcium.score('total')).toEqual(before);
  await page.keyboard.press('Escape');
});

test('every switch of the convention re-scores, says so, and going back gives the same score', async () => {
  const before = await calcium.score('total');
  const convention = calcium.panel.getByTestId('calcium-convention');
  await open('convention');
  await expect(calcium.panel.getByTestId('calcium-threshold-reason')).toContainText('120 kV');
  for (const [name, value, back, says] of [
    ['connectivity', '4', '8', '4-connected'],
    ['minimum', 'pixels', 'area', '>= 3 pixels'],
    ['equivalent', 'off', 'on', 'no 3 mm equivalence'],
    ['volume-method', 'isotropic', 'voxels', 'isotropic voxels'],
  ] as const) {
    await calcium.panel.getByTestId(`calcium-${name}`).selectOption(value);
    await expect(convention, name).toContainText(says);
    if (name === 'volume-method') expect((await calcium.score('total')).volumeMm3).not.toBe(before.volumeMm3);
    await calcium.panel.getByTestId(`calcium-${name}`).selectOption(back);
    await expect(convention, name).not.toContainText(says);
    expect(await calcium.score('total'), name).toEqual(before);
  }
  await calcium.panel.getByTestId('calcium-thresholds').selectOption('by-kvp');
  await expect(convention).toContainText('HU >= 130'); // at 120 kV the table is the standard
  await calcium.panel.getByTestId('calcium-thresholds').selectOption('standard-130');
});

test('the risk is given only when everything is entered, with and without calcium', async () => {
  await open('risk');
  const risk = calcium.panel.getByTestId('calcium-risk');
  const field = (name: string) => calcium.panel.getByTestId(`calcium-risk-${name}`);
  await expect(calcium.panel.getByTestId('calcium-cac-drs')).toHaveText('CAC-DRS A3/N4');
  await expect(calcium.panel.getByTestId('calcium-percentile')).toContainText('reference score');
  await expect(calcium.panel.getByTestId('calcium-percentile')).toContainText('Hoff 2001');
  await expect(field('sex')).toHaveValue('male'); // from the header
  await expect(risk).toContainText('needs race or ethnicity');
  await field('race').selectOption('white');
  await field('ageYears').fill('60');
  await field('systolicMmHg').fill('130');
  await field('totalCholesterolMgPerDl').fill('200');
  await field('hdlCholesterolMgPerDl').fill('50');
  for (const flag of ['hasDiabetes', 'isSmoker', 'hasFamilyHistory', 'takesLipidMedication']) {
    await field(flag).selectOption('no');
  }
  await expect(risk).toContainText('needs blood pressure medication');
  await expect(risk).not.toContainText('%');
  await field('takesBloodPressureMedication').selectOption('no');
  await expect(risk).toContainText(/with calcium\d+\.\d %/);
  await expect(risk).toContainText(/without calcium\d+\.\d %/);
  await field('totalCholesterolMgPerDl').fill('5.2');
  await expect(risk).toContainText('mmol/L');
  await expect(risk).not.toContainText('%');
});

test('there is no mass without a calibration, and none with an impossible one', async () => {
  const head = calcium.panel.locator('[data-testid=calcium-table] thead');
  await expect(head).not.toContainText('Mass');
  await open('calibration');
  await calcium.panel.getByTestId('calcium-calibration-factor').fill('800');
  await calcium.panel.getByTestId('calcium-calibration-apply').click();
  await expect(calcium.panel.getByTestId('calcium-calibration-problem')).toContainText('check its unit');
  await expect(head).not.toContainText('Mass');
  await calcium.panel.getByTestId('calcium-calibration-factor').fill('0.8');
  await calcium.panel.getByTestId('calcium-calibration-apply').click();
  await expect(head).toContainText('Mass');
  await expect(calcium.panel.getByTestId('calcium-convention')).toContainText('0.8 mg/cm³ per HU');
});

test('the 3D view shows lesions in the color of their vessel', async () => {
  const colors = () =>
    page.locator('.voxelwise-solid-overlay').evaluate(canvas => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data = [] } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? {};
      const seen = { LM: 0, LAD: 0, LCX: 0, RCA: 0 };
      for (let i = 0; i < data.length; i += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = [data[i], data[i + 1], data[i + 2], data[i + 3]];
        if (alpha < 255) continue;
        if (red > 2 * green && red > 2 * blue) seen.LAD++;
        else if (blue > 1.3 * green && blue > 2 * red) seen.LCX++;
        else if (green > 1.5 * red && green > 1.5 * blue) seen.RCA++;
        else if (red > 4 * blue && green > 4 * blue) seen.LM++;
      }
      return seen;
    });
  const seen = await colors();
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  await page.keyboard.press('Control+z'); // the last one that was assigned was the RCA's
  await expect.poll(async () => (await colors()).RCA).toBeLessThan(seen.RCA);
  await page.keyboard.press('Control+y');
});

test('a slab shows the same height without tint, and single slices come back', async () => {
  await open('view');
  const axial = () =>
    page.evaluate(() => {
      const { cornerstone } = window as unknown as {
        cornerstone: {
          getRenderingEngines(): { getViewports(): { id: string; type: string; getCurrentImageId(): string }[] }[];
        };
      };
      const viewports = cornerstone.getRenderingEngines().flatMap(engine => engine.getViewports());
      const viewport = viewports.find(({ id }) => id === 'voxelwise-calcium-axial');
      return { type: viewport?.type, imageId: viewport?.getCurrentImageId() };
    });
  await calcium.pointOf([280, 220, 19]);
  const { imageId } = await axial();
  await expect.poll(() => calcium.tintedPixels()).toBeGreaterThan(1000);
  await calcium.panel.getByTestId('calcium-slab').selectOption('20');
  await expect.poll(axial).toEqual({ type: 'orthographic', imageId });
  await expect(page.locator('.voxelwise-slice-overlay')).toHaveCount(0);
  await calcium.panel.getByTestId('calcium-slab').selectOption('0');
  await expect.poll(axial).toEqual({ type: 'stack', imageId });
  await expect.poll(() => calcium.tintedPixels()).toBeGreaterThan(1000);
  await calcium.panel.getByTestId('calcium-window-bone').click();
  await expect(page.getByText('2000').first()).toBeVisible();
});

test('the help lists the keys, and Escape closes it', async () => {
  await calcium.panel.getByTestId('calcium-help').click();
  const dialog = page.getByTestId('calcium-help-dialog');
  await expect(dialog).toContainText('Brush: paint part of a lesion');
  await page.keyboard.press('3');
  await expect(calcium.panel.getByTestId('calcium-vessel-RCA')).toHaveAttribute('aria-checked', 'true');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('3');
  await expect(calcium.panel.getByTestId('calcium-vessel-LCX')).toHaveAttribute('aria-checked', 'true');
  expect(calcium.uncaughtErrors()).toEqual([]);
});
