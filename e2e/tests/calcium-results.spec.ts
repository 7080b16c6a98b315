import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { findResults, readMeasurementReport, retrieveInstance } from '@voxelwise/dicom';
import { CalciumPage } from '../support/calcium-page.ts';
import { orthancBinary, startOrthanc } from '../support/orthanc.ts';
import { DATA_FOLDER } from '../support/paths.ts';
import { sampleTruth, startTestViewer, type Truth } from '../support/viewer.ts';

const ROWS = ['LM', 'LAD', 'LCX', 'RCA', 'total'] as const;

/** The panel's numbers, unrounded. */
async function scoresOf(calcium: CalciumPage) {
  return Promise.all(ROWS.map(row => calcium.score(row)));
}

/** Gives one lesion each to LAD and RCA. */
async function assignTwo(calcium: CalciumPage, { vessels }: Truth): Promise<void> {
  for (const [key, name] of [
    ['2', 'LAD'],
    ['4', 'RCA'],
  ] as const) {
    await calcium.page.keyboard.press(key);
    await calcium.clickVoxel(vessels.find(vessel => vessel.name === name)!.calcifications[0]!.seedVoxel);
    expect((await calcium.score(name)).lesions).toBe(1);
  }
}

/** Presses the button and waits until everything is stored. */
async function store({ panel }: CalciumPage): Promise<void> {
  await panel.getByTestId('calcium-store').click();
  await expect(panel.getByTestId('calcium-store-message')).toHaveText('All 4 objects are stored.', { timeout: 60_000 });
}

/** Forgets what the browser keeps, as another browser would not know it. */
async function forgetBrowser({ page }: CalciumPage): Promise<void> {
  await page.evaluate(
    () =>
      new Promise(resolve => {
        const open = indexedDB.open('voxelwise-calcium');
        open.onsuccess = () => {
          const clearing = open.result.transaction('results', 'readwrite').objectStore('results').clear();
          clearing.onsuccess = resolve;
        };
      }),
  );
}

/** Gives the page a function by which somebody signs in, as OHIF does it with what an OpenID provider says of a user. */
async function withSignIn(page: Page): Promise<void> {
  await page.route('**/app-config.js', async route => {
    const response = await route.fetch();
    const body = `${await response.text()}
      const configure = window.config;
      const preRegistration = ({ servicesManager }) => {
        window.signIn = profile => servicesManager.services.userAuthenticationService.setUser({ profile });
      };
      window.config = async () => ({ ...(await configure()), extensions: [{ id: 'sign-in', preRegistration }] });`;
    await route.fulfill({ response, body });
  });
}

/** Names of the readers of all measurement reports that the archive has of the study. */
async function readersOf(url: string, { studyInstanceUid }: Truth): Promise<string[]> {
  const archive = { url: `${url}/dicom-web` };
  const found = await findResults(archive, studyInstanceUid, { modalities: ['SR'] });
  const reports = found.filter(({ seriesDescription }) => seriesDescription === 'Coronary calcium measurements');
  const files = reports.flatMap(({ seriesInstanceUid, instances }) =>
    instances.map(one => retrieveInstance(archive, { studyInstanceUid, seriesInstanceUid, ...one })),
  );
  return (await Promise.all(files)).map(file => readMeasurementReport(file).readerName).sort();
}

/** Another visit to the same study. */
async function reopen(calcium: CalciumPage): Promise<void> {
  await calcium.page.reload();
  await calcium.ready();
}

test('a stored result is restored from the archive when the study is reopened: same numbers, same convention', async ({
  page,
}) => {
  const viewer = await startTestViewer();
  try {
    const truth = await sampleTruth();
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, truth.studyInstanceUid);
    await calcium.expectTrueScores(truth);
    const before = await scoresOf(calcium);
    await store(calcium);
    await forgetBrowser(calcium);

    await reopen(calcium);
    const restored = calcium.panel.getByTestId('calcium-restored');
    await expect(restored).toHaveAttribute('data-keeper', 'archive');
    await expect(calcium.panel.getByTestId('calcium-restored-difference')).toHaveCount(0);
    expect(await scoresOf(calcium)).toEqual(before);
    expect(before[4]?.agatston).toBeCloseTo(truth.total.agatston, 6);

    // Discarding is a decision like any other: undo brings the result back.
    await calcium.panel.getByTestId('calcium-start-over').click();
    expect((await calcium.score('total')).lesions).toBe(0);
    await page.keyboard.press('Control+z');
    expect(await scoresOf(calcium)).toEqual(before);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});

test('without storing, the browser restores the result, and what is newer wins', async ({ page }) => {
  const viewer = await startTestViewer();
  try {
    const truth = await sampleTruth();
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, truth.studyInstanceUid);
    await assignTwo(calcium, truth);
    await calcium.threshold.fill('150');
    await expect(calcium.panel.getByTestId('calcium-convention')).toContainText('HU >= 150');
    const kept = await scoresOf(calcium);
    await page.waitForTimeout(1_000); // the browser keeps what stays for a moment

    await reopen(calcium);
    const restored = calcium.panel.getByTestId('calcium-restored');
    await expect(restored).toHaveAttribute('data-keeper', 'browser');
    await expect(calcium.panel.getByTestId('calcium-convention')).toContainText('HU >= 150');
    expect(await scoresOf(calcium)).toEqual(kept);

    // Stored, then changed: the browser's is the newer one.
    await store(calcium);
    await page.keyboard.press('3');
    await calcium.clickVoxel(truth.vessels[1]!.calcifications[0]!.seedVoxel);
    const changed = await scoresOf(calcium);
    expect(changed).not.toEqual(kept);
    await expect(calcium.panel.getByTestId('calcium-store-message')).toHaveCount(0); // this is not stored
    await page.waitForTimeout(1_000);
    await reopen(calcium);
    await expect(restored).toHaveAttribute('data-keeper', 'browser');
    expect(await scoresOf(calcium)).toEqual(changed);

    // Stored again: now the archive's is.
    await store(calcium);
    await reopen(calcium);
    await expect(restored).toHaveAttribute('data-keeper', 'archive');
    expect(await scoresOf(calcium)).toEqual(changed);

    // Begun anew with a calibration alone: it comes back, and the result before it is offered.
    await calcium.panel.getByTestId('calcium-start-over').click();
    await calcium.panel.getByTestId('calcium-calibration-section').locator('summary').click();
    await calcium.panel.getByTestId('calcium-calibration-factor').fill('0.8');
    await calcium.panel.getByTestId('calcium-calibration-apply').click();
    await page.waitForTimeout(1_000);
    await reopen(calcium);
    await expect(restored).toHaveAttribute('data-keeper', 'browser');
    await expect(calcium.panel.getByTestId('calcium-convention')).toContainText('0.8 mg/cm³ per HU');
    await calcium.panel.getByTestId('calcium-offered').getByRole('button').click();
    await expect(restored).toHaveAttribute('data-keeper', 'archive');
    expect(await scoresOf(calcium)).toEqual(changed);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});

test('a report names the reader who has signed in, and nobody where nobody has', async ({ page }) => {
  const viewer = await startTestViewer();
  try {
    const truth = await sampleTruth();
    const calcium = new CalciumPage(page);
    await withSignIn(page);
    await calcium.open(viewer.url, truth.studyInstanceUid);
    await assignTwo(calcium, truth);
    await store(calcium);
    expect(await readersOf(viewer.url, truth)).toEqual(['']);

    await page.evaluate(() => {
      const { signIn } = window as unknown as { signIn(profile: object): void };
      signIn({ family_name: 'Müller', given_name: 'Jörg' });
    });
    await page.keyboard.press('3');
    await calcium.clickVoxel(truth.vessels[1]!.calcifications[0]!.seedVoxel);
    await store(calcium);
    expect(await readersOf(viewer.url, truth)).toEqual(['', 'Müller^Jörg']);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});

test('a refusal is told, storing can be cancelled, and tried again', async ({ page }) => {
  const viewer = await startTestViewer();
  try {
    const truth = await sampleTruth();
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, truth.studyInstanceUid);
    await expect(calcium.panel.getByTestId('calcium-store')).toBeDisabled(); // nothing to store yet
    await assignTwo(calcium, truth);
    const isStore = (url: URL) => url.pathname.endsWith('/dicom-web/studies');
    const message = calcium.panel.getByTestId('calcium-store-message');

    await page.route(isStore, route =>
      route.request().method() === 'POST' ? route.fulfill({ status: 403 }) : route.fallback(),
    );
    await calcium.panel.getByTestId('calcium-store').click();
    await expect(message).toHaveAttribute('data-kind', 'problem');
    await expect(message).toContainText('0 of 4 objects are stored.');
    await expect(message).toContainText('does not allow you this (HTTP 403)');
    await page.unroute(isStore);

    await page.route(isStore, () => undefined); // an archive that never answers
    await calcium.panel.getByTestId('calcium-store').click();
    await calcium.panel.getByTestId('calcium-store-cancel').click();
    await expect(message).toHaveText(
      /^Storing was cancelled\. Perhaps stored.*: the segmentation.* Storing the same result again completes it/,
    );
    await page.unroute(isStore);

    await store(calcium);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
  }
});

test('a result stored in Orthanc is restored from there', async ({ page }) => {
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
    await assignTwo(calcium, truth);
    const before = await scoresOf(calcium);
    await store(calcium);
    await forgetBrowser(calcium);
    await reopen(calcium);
    await expect(calcium.panel.getByTestId('calcium-restored')).toHaveAttribute('data-keeper', 'archive');
    expect(await scoresOf(calcium)).toEqual(before);
    expect(calcium.uncaughtErrors()).toEqual([]);
  } finally {
    await viewer.close();
    await orthanc.close();
  }
});
