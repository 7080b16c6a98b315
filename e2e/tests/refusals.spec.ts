import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
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
