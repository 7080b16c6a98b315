import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { CalciumPage } from '../support/calcium-page.ts';
import { testData } from '../support/paths.ts';
import { startTestViewer } from '../support/viewer.ts';

const PHANTOM_STUDY = '1.2.392.200036.9116.2.6.1.3268.2051117512.1455183481.419226';
/** The phantom's rods in slice 32, as [column, row, radius] in pixels: 200 mg/cm3 of hydroxyapatite, and water. */
const SLICE = 32;
const HYDROXYAPATITE = [258, 218, 14] as const;
const WATER = [232, 176, 10] as const;
const INSERT_COLOR = [0xfb, 0x92, 0x3c];
const WATER_COLOR = [0x5e, 0xea, 0xd4];
/** The three large inserts, of 800, 400 and 200 mg/cm3. */
const LARGE_INSERTS = ['Large_HD', 'Large_MD', 'Large_LD'];

test('two regions drawn on the phantom’s rods give the published calibration, and masses as published', async ({
  page,
}) => {
  const folder = testData('calcium/qrm-phantom');
  test.skip(folder === null, '../shared/data/calcium/qrm-phantom is not here');
  if (folder === null) return;
  const read = async (name: string) => JSON.parse(await readFile(path.join(folder, name), 'utf8'));
  const truth: { massCalibrationFactor: number; inserts: { name: string; centre: number[]; mass: number }[] } =
    await read('truth.json');

  const viewer = await startTestViewer({ samples: false, importFolders: [path.join(folder, 'dicom')] });
  try {
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, PHANTOM_STUDY);
    const { panel } = calcium;
    const roi = (material: 'insert' | 'water') => panel.getByTestId(`calcium-roi-${material}`);
    const factor = panel.getByTestId('calcium-roi-factor');
    const problem = panel.getByTestId('calcium-roi-problem');
    const convention = panel.getByTestId('calcium-convention');
    const pixelsOf = async (color: readonly number[]) =>
      page.locator('.voxelwise-drawing-overlay').evaluate((canvas, [red = 0, green = 0, blue = 0]) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const { data = [] } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? {};
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
          if (data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] === 255) count++;
        }
        return count;
      }, color);
    const draw = ([column, row, radius]: readonly [number, number, number]) =>
      calcium.drag(SLICE, [column - radius, row - radius], [column + radius, row + radius]);
    /** Where the drawn ellipse is, to the pixel of a slow hand. */
    const means = async () => ({
      insert: Number.parseFloat((await roi('insert').locator('output').textContent()) ?? ''),
      water: Number.parseFloat((await roi('water').locator('output').textContent()) ?? ''),
    });

    // The tools are chosen by their keys, and the section opens by itself.
    await calcium.magnify([...HYDROXYAPATITE.slice(0, 2), SLICE] as unknown as [number, number, number], 3);
    await page.keyboard.press('i');
    await expect(panel.getByTestId('calcium-tool-calibration-insert')).toHaveAttribute('aria-pressed', 'true');
    await expect(roi('insert')).toContainText('not drawn yet');
    await draw(HYDROXYAPATITE);
    await expect(roi('insert')).toContainText('image 15'); // of 47 that the scanner numbers from the head
    await page.keyboard.press('w');
    await calcium.drag(SLICE, [230, 174], [233, 177]);
    await expect(panel.getByTestId('calcium-hint')).toContainText('too few to measure');
    await expect(roi('water')).toContainText('not drawn yet');
    await draw(WATER);
    await expect(roi('water')).toContainText(/3\d\.\d ± 2\d\.\d HU, 3\d\d px/);
    const { insert, water } = await means();
    // A disc of whole pixels holds 312.64 and 36.53 HU; the published mean of the water is 36.56 HU.
    expect(Math.abs(insert - 312.64)).toBeLessThan(1);
    expect(Math.abs(water - 36.53)).toBeLessThan(1);

    await panel.getByTestId('calcium-calibration-densityMgPerCm3').fill('200');
    const measured = Number(await factor.getAttribute('data-value'));
    expect(measured).toBeCloseTo(200 / (insert - water), 3);
    expect(Math.abs(measured / truth.massCalibrationFactor - 1)).toBeLessThan(0.01);

    // A region over the rim is refused in words; undo takes the drawing back.
    await calcium.drag(SLICE, [238, 160], [258, 186]);
    expect((await means()).water).not.toBe(water);
    await calcium.drag(SLICE, [222, 200], [252, 230]);
    await expect(problem).toContainText('spreads too much');
    await expect(factor).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect(Number(await factor.getAttribute('data-value'))).toBe(measured);

    // The handle in the middle moves the ellipse, and with it what it holds.
    await calcium.drag(SLICE, [WATER[0], WATER[1]], [WATER[0] - 30, WATER[1]]);
    await expect.poll(async () => (await means()).water).toBeGreaterThan(water + 20); // the phantom's own material
    await page.keyboard.press('Control+z');

    // Drawn on its slice, and on no other.
    await page.keyboard.press('Escape');
    expect(await pixelsOf(INSERT_COLOR)).toBeGreaterThan(100);
    expect(await pixelsOf(WATER_COLOR)).toBeGreaterThan(100);
    await calcium.pointOf([258, 218, SLICE - 1]);
    await expect.poll(() => pixelsOf(INSERT_COLOR)).toBe(0);

    await panel.getByTestId('calcium-calibration-apply').click();
    await expect(convention).toContainText('measured on 200 mg/cm³ HA');
    await expect(convention).toContainText('at [258, 218] in image 15');

    await page.keyboard.press('2');
    const massOf = async () => {
      const cell = panel.locator('[data-testid=calcium-table] tr[data-vessel=LAD] td').last();
      return Number(await cell.getAttribute('data-value'));
    };
    let before = 0;
    await calcium.magnify([240, 216, 22], 1);
    for (const name of LARGE_INSERTS) {
      const { centre, mass } = truth.inserts.find(one => one.name === name)!;
      await calcium.clickVoxel([centre[1]!, centre[0]!, 22]);
      const total = await massOf();
      expect.soft(Math.abs((total - before) / mass - measured / truth.massCalibrationFactor), name).toBeLessThan(0.001);
      before = total;
    }

    // Another visit: calibration and regions are there again, and drawn.
    await page.waitForTimeout(1_000);
    await page.reload();
    await calcium.ready();
    await expect(panel.getByTestId('calcium-restored')).toHaveAttribute('data-keeper', 'browser');
    await expect(convention).toContainText('at [258, 218] in image 15');
    expect(await massOf()).toBe(before);
    await calcium.pointOf([258, 218, SLICE]);
    await expect.poll(() => pixelsOf(INSERT_COLOR)).toBeGreaterThan(30);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});
