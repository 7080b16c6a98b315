import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { PerfusionPage } from '../support/perfusion-page.ts';
import { type PerfusionStudyOptions, writePerfusionStudy } from '../support/perfusion-study.ts';
import { startTestViewer } from '../support/viewer.ts';

const TINY = { dimensions: [32, 32, 3], timePoints: 12, intervalS: 4 } as const;

/** What is wrong with a series, and what the reader is told of it. */
const CASES: Readonly<Record<string, PerfusionStudyOptions & { readonly sentence: string }>> = {
  'an image is missing': {
    phantom: TINY,
    changed: (t, z) => (t === 5 && z === 1 ? null : {}),
    sentence: 'Time point 6 of 12 (by AcquisitionTime) has no image of slice 2 of 3',
  },
  'two time points have the same time': {
    phantom: TINY,
    changed: t => ({ timeS: 4 * (t === 7 ? 6 : t) }),
    sentence: 'One time point has two images at one place',
  },
  'no contrast agent is seen': {
    phantom: { ...TINY, arrivalS: 500 },
    sentence: 'no contrast agent passes in these time points',
  },
};

let folder: string;
let viewer: Viewer;
const studies = new Map<string, string>();

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-perfusion-'));
  for (const [name, options] of Object.entries(CASES)) {
    studies.set(name, (await writePerfusionStudy(path.join(folder, name), options)).studyUid);
  }
  viewer = await startTestViewer({ samples: false, importFolders: [folder] });
});
test.afterAll(async () => {
  await viewer.close();
  await rm(folder, { recursive: true });
});

for (const [name, { sentence }] of Object.entries(CASES)) {
  test(`${name}: no maps, and one sentence that says why`, async ({ page }) => {
    const perfusion = new PerfusionPage(page);
    await page.goto(`${viewer.url}/voxelwise-perfusion?StudyInstanceUIDs=${studies.get(name)}`);
    const refusal = perfusion.panel.getByTestId('perfusion-refused');
    await expect(refusal).toContainText(sentence, { timeout: 60_000 });
    await expect(perfusion.panel.getByTestId('perfusion-stroke')).toHaveCount(0);
    await expect(perfusion.panel.getByTestId('perfusion-export-pdf')).toBeDisabled();
    expect(perfusion.uncaughtErrors()).toEqual([]);
  });
}

test('loading shows how far it is, can be cancelled, and goes on from there', async ({ page }) => {
  const slow = await writePerfusionStudy(path.join(folder, 'slow'), {
    phantom: { dimensions: [64, 64, 3], timePoints: 30, intervalS: 2 },
  });
  const other = await startTestViewer({ samples: false, importFolders: [path.join(folder, 'slow')] });
  try {
    const perfusion = new PerfusionPage(page);
    let delayMs = 300;
    await page.route('**/frames/**', async route => {
      await new Promise(resolve => setTimeout(resolve, delayMs));
      await route.continue();
    });
    await page.goto(`${other.url}/voxelwise-perfusion?StudyInstanceUIDs=${slow.studyUid}`);
    await expect(perfusion.panel.getByTestId('perfusion-loading')).toContainText(/Loading images: [1-9]\d* of 90/, {
      timeout: 60_000,
    });
    await perfusion.panel.getByTestId('perfusion-cancel-loading').click();
    await expect(perfusion.panel.getByTestId('perfusion-refused')).toContainText('Loading was cancelled');
    delayMs = 0;
    await perfusion.panel.getByRole('button', { name: 'Load again' }).click();
    await perfusion.ready();
    expect(perfusion.uncaughtErrors()).toEqual([]);
  } finally {
    await other.close();
  }
});

test('irregular times are brought to equal intervals, with a note', async ({ page }) => {
  const irregular = await writePerfusionStudy(path.join(folder, 'irregular'), {
    phantom: { dimensions: [64, 64, 2], timePoints: 40, intervalS: 1.5 },
    changed: t => ({ timeS: 1.5 * t + (t % 2 === 0 ? 0 : 0.4) }),
  });
  const other = await startTestViewer({ samples: false, importFolders: [path.join(folder, 'irregular')] });
  try {
    const perfusion = new PerfusionPage(page);
    await perfusion.open(other.url, irregular.studyUid);
    await expect(perfusion.panel.getByTestId('perfusion-notes')).toContainText(
      'The sampling is irregular (1.1 to 1.9 s between time points)',
    );
  } finally {
    await other.close();
  }
});
