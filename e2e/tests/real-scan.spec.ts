import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { CalciumPage } from '../support/calcium-page.ts';
import { testData } from '../support/paths.ts';
import { startTestViewer } from '../support/viewer.ts';

interface Region {
  readonly name: string;
  readonly centre: readonly [row: number, column: number];
  readonly slices: readonly [first: number, last: number];
}
interface Insert {
  readonly name: string;
  readonly agatston: number;
  readonly volume: number;
}

const PHANTOM_STUDY = '1.2.392.200036.9116.2.6.1.3268.2051117512.1455183481.419226';
/** Agreement that the published figures, given to three decimals, allow. */
const TOLERANCE = 1e-3;

test('the real scan of the QRM phantom, insert by insert, gives the published scores', async ({ page }) => {
  const folder = testData('calcium/qrm-phantom');
  test.skip(folder === null, '../shared/data/calcium/qrm-phantom is not here');
  if (folder === null) return;
  const read = async (name: string) => JSON.parse(await readFile(path.join(folder, name), 'utf8'));
  const regions: Region[] = await read('rois.json');
  const { inserts }: { inserts: Insert[] } = await read('truth.json');

  const viewer = await startTestViewer({ samples: false, importFolders: [path.join(folder, 'dicom')] });
  try {
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, PHANTOM_STUDY);
    await page.keyboard.press('2');
    let agatston = 0;
    let volumeMm3 = 0;
    for (const { name, centre, slices } of regions) {
      const insert = inserts.find(one => one.name === name);
      const middle = (slices[0] + slices[1]) / 2;
      await calcium.clickVoxel([centre[1], centre[0], middle]);
      const score = await calcium.score('LAD');
      expect
        .soft(Math.abs((score.agatston ?? 0) - agatston - (insert?.agatston ?? Number.NaN)), name)
        .toBeLessThan(TOLERANCE);
      expect
        .soft(Math.abs((score.volumeMm3 ?? 0) - volumeMm3 - (insert?.volume ?? Number.NaN)), name)
        .toBeLessThan(TOLERANCE);
      agatston = score.agatston ?? 0;
      volumeMm3 = score.volumeMm3 ?? 0;
    }
    expect(Math.abs(agatston - 966.6263)).toBeLessThan(TOLERANCE);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});
