import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { CalciumPage } from '../support/calcium-page.ts';
import { type CtImage, ctImageFile, newUid } from '../support/ct-image.ts';
import { DATA_FOLDER } from '../support/paths.ts';
import { sampleTruth, startTestViewer } from '../support/viewer.ts';

test('a series with a missing slice is refused with the reason, not scored', async ({ page }) => {
  await (await startTestViewer()).close(); // writes the sample study
  const incomplete = await mkdtemp(path.join(tmpdir(), 'voxelwise-incomplete-'));
  await cp(path.join(DATA_FOLDER, 'samples', 'cardiac-calcium'), incomplete, { recursive: true });
  // Whichever file this is, neither end of the stack: its absence must leave a gap.
  const files = (await readdir(incomplete)).filter(name => name.endsWith('.dcm')).sort();
  await rm(path.join(incomplete, files[files.length >> 1] ?? ''));
  const viewer = await startTestViewer({ samples: false, importFolders: [incomplete] });
  try {
    const { studyInstanceUid } = await sampleTruth();
    await page.goto(`${viewer.url}/voxelwise-calcium?StudyInstanceUIDs=${studyInstanceUid}`);
    await expect(page.getByTestId('calcium-refused')).toContainText('slice', { timeout: 60_000 });
    await expect(page.getByTestId('calcium-refused')).toContainText('missing between image');
    await expect(page.getByTestId('calcium-table')).toHaveCount(0);
    await expect(page.getByTestId('calcium-export-pdf')).toBeDisabled();
  } finally {
    await viewer.close();
    await rm(incomplete, { recursive: true });
  }
});

test('a slice that the archive cannot deliver is named, and nothing is scored', async ({ page }) => {
  const viewer = await startTestViewer();
  try {
    const { studyInstanceUid } = await sampleTruth();
    let refused = '';
    await page.route('**/frames/1', async (route, request) => {
      refused ||= request.url();
      if (request.url() === refused) await route.fulfill({ status: 500, body: 'disk error' });
      else await route.continue();
    });
    await page.goto(`${viewer.url}/voxelwise-calcium?StudyInstanceUIDs=${studyInstanceUid}`);
    await expect(page.getByTestId('calcium-refused')).toContainText('could not be loaded', { timeout: 100_000 });
    await expect(page.getByTestId('calcium-table')).toHaveCount(0);
  } finally {
    await viewer.close();
  }
});

/** Ten slices with a calcified block of 300 and 450 HU, in a folder of their own. */
async function writeSeries(change: (slice: number) => Partial<CtImage>): Promise<{ folder: string; studyUid: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-series-'));
  const [size, studyUid, seriesUid, frameOfReferenceUid] = [64, newUid(), newUid(), newUid()];
  for (let slice = 0; slice < 10; slice++) {
    const hu = new Int16Array(size * size).fill(40);
    if (slice >= 4 && slice <= 6) {
      for (let row = 17; row < 24; row++) hu.fill(row < 20 ? 300 : 450, row * size + 18, row * size + 23);
    }
    const file = ctImageFile({
      studyUid,
      seriesUid,
      frameOfReferenceUid,
      seriesNumber: 3,
      seriesDescription: 'CAC 3.0',
      imageType: 'AXIAL',
      instanceNumber: slice + 1,
      positionMm: [0, 0, 3 * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacingMm: 0.5,
      hu,
      ...change(slice),
    });
    await writeFile(path.join(folder, `${slice}.dcm`), file);
  }
  return { folder, studyUid };
}

test('two acquisitions that alternate in one series are refused with the reason', async ({ page }) => {
  const { folder, studyUid } = await writeSeries(slice => ({ acquisitionNumber: 4 + (slice % 2) }));
  const viewer = await startTestViewer({ samples: false, importFolders: [folder] });
  try {
    await page.goto(`${viewer.url}/voxelwise-calcium?StudyInstanceUIDs=${studyUid}`);
    await expect(page.getByTestId('calcium-refused')).toContainText(
      'alternate along z, as image 1 (z 0 mm) and image 2 (z 3 mm) with AcquisitionNumber 4 and 5',
      { timeout: 60_000 },
    );
    await expect(page.getByTestId('calcium-table')).toHaveCount(0);
  } finally {
    await viewer.close();
    await rm(folder, { recursive: true });
  }
});

const UNKNOWN_VALUES: [what: string, change: Partial<CtImage>, sentence: RegExp][] = [
  [
    'without an intercept',
    { rescaleIntercept: null },
    /RescaleIntercept is missing in image \d+, so its Hounsfield units are unknown/,
  ],
  ['with a slope of 0', { rescaleSlope: '0' }, /RescaleSlope is not usable \(0\) in image \d+/],
  ['in another unit', { rescaleType: 'OD' }, /image \d+ has RescaleType OD, so its values are not Hounsfield units/],
  [
    'that was compressed with loss',
    { lossyImageCompression: '01' },
    /image \d+ is lossy compressed \(LossyImageCompression 01\)/,
  ],
  [
    'with its bits in the upper part of the word',
    { bitsStored: 12 },
    /The viewer does not read pixels with 12 stored bits up to bit 15/,
  ],
];

for (const [what, change, sentence] of UNKNOWN_VALUES) {
  test(`a series ${what} is refused with the reason, not scored`, async ({ page }) => {
    const { folder, studyUid } = await writeSeries(() => change);
    const viewer = await startTestViewer({ samples: false, importFolders: [folder] });
    try {
      await page.goto(`${viewer.url}/voxelwise-calcium?StudyInstanceUIDs=${studyUid}`);
      await expect(page.getByTestId('calcium-refused')).toContainText(sentence, { timeout: 60_000 });
      await expect(page.getByTestId('calcium-table')).toHaveCount(0);
      await expect(page.getByTestId('calcium-export-pdf')).toBeDisabled();
    } finally {
      await viewer.close();
      await rm(folder, { recursive: true });
    }
  });
}

test('calcium that the header calls padding is warned of', async ({ page }) => {
  const { folder, studyUid } = await writeSeries(() => ({ paddingHu: 300 }));
  const viewer = await startTestViewer({ samples: false, importFolders: [folder] });
  try {
    const calcium = new CalciumPage(page);
    await page.goto(`${viewer.url}/voxelwise-calcium?StudyInstanceUIDs=${studyUid}`);
    await calcium.ready();
    await expect(page.getByTestId('calcium-warnings')).toContainText(
      '45 voxels of 300 HU are padding by their header (PixelPaddingValue) and not scored',
    );
  } finally {
    await viewer.close();
    await rm(folder, { recursive: true });
  }
});
