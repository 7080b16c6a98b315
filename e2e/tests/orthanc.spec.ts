import path from 'node:path';
import { expect, test } from '@playwright/test';
import { CalciumPage } from '../support/calcium-page.ts';
import { orthancBinary, startOrthanc } from '../support/orthanc.ts';
import { DATA_FOLDER } from '../support/paths.ts';
import { sampleTruth, startTestViewer } from '../support/viewer.ts';

test('the mode scores the sample study from Orthanc instead of the sample archive', async ({ page }) => {
  const binary = orthancBinary();
  test.skip(binary === null, 'Orthanc is not installed');
  if (binary === null) return;
  await (await startTestViewer()).close(); // writes the sample study
  const truth = await sampleTruth();
  const orthanc = await startOrthanc(binary);
  await orthanc.upload(path.join(DATA_FOLDER, 'samples', 'cardiac-calcium'));
  const viewer = await startTestViewer({ orthancUrl: orthanc.url });
  try {
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, truth.studyInstanceUid);
    await calcium.expectTrueScores(truth);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
    await orthanc.close();
  }
});
