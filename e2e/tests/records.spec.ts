import { type Browser, expect, test } from '@playwright/test';
import type { CalciumPayload, PredictionDetail, PredictionRecord } from '@voxelwise/contract';
import type { DataServiceProcess, Viewer } from '@voxelwise/viewer';
import {
  dataFolder,
  type Person,
  type Provider,
  startProvider,
  startTestDataService,
} from '../support/data-service.ts';
import { orthancBinary, startOrthanc } from '../support/orthanc.ts';
import { RecordsReader } from '../support/records-panel.ts';
import { sampleTruth, startTestViewer, type Truth } from '../support/viewer.ts';

/** Confirmed scores and their reviews: in the real viewer, by the real data service with its database, signed in at a real provider. */

let truth: Truth;
test.beforeAll(async () => {
  // The sample study is made when a viewer starts.
  const viewer = await startTestViewer();
  await viewer.close();
  truth = await sampleTruth();
});

/** What the service says of the study, newest first. */
async function recordsOf(
  service: DataServiceProcess,
  headers: Record<string, string> = {},
): Promise<PredictionDetail[]> {
  const get = async (path: string) => (await fetch(`${service.url}/api${path}`, { headers })).json();
  const { items } = await get(`/predictions?studyUid=${truth.studyInstanceUid}`);
  return Promise.all(items.map(({ id }: { id: string }) => get(`/predictions/${id}`)));
}

test.describe('in local single-user mode', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let service: DataServiceProcess;
  let viewer: Viewer;

  test.beforeEach(async () => {
    folder = await dataFolder();
    service = await startTestDataService(folder.path);
    viewer = await startTestViewer({ dataServiceUrl: service.url });
  });
  test.afterEach(async () => {
    await viewer.close();
    await service.stop();
    await folder.remove();
  });

  test('a confirmed score is logged with everything it takes to run it again; a changed one is its review', async ({
    page,
  }) => {
    const reader = new RecordsReader(page);
    await reader.open(viewer.url, truth);
    await expect(page.getByTestId('records-local')).toHaveText('Local single-user mode: nobody has signed in');
    await expect(reader.confirmButton).toBeDisabled(); // nothing to confirm yet
    await reader.calcium.expectTrueScores(truth);
    await page.keyboard.press('Control+Enter');
    await expect(reader.confirmed).toHaveAttribute('data-status', 'confirmed');
    await reader.synced();

    const [logged, ...others] = await recordsOf(service);
    expect(others).toEqual([]);
    const record = logged?.prediction as PredictionRecord;
    const payload = record.payload as CalciumPayload;
    expect(payload.agatston).toBeCloseTo(truth.total.agatston, 6);
    for (const { name, agatston, volumeMm3, lesions } of truth.vessels) {
      const row = payload.vessels.find(({ vessel }) => vessel === name);
      expect(row).toMatchObject({ lesions, massMg: null });
      expect(row?.agatston).toBeCloseTo(agatston, 6);
      expect(row?.volumeMm3).toBeCloseTo(volumeMm3, 6);
    }
    expect(record).toMatchObject({
      kind: 'calcium',
      createdByMe: true,
      confidence: null,
      algorithm: { name: 'Voxelwise calcium' },
      conventions: { thresholdHu: 130, connectivity: 8, minimumLesionAreaMm2: 1, equivalent3mm: true },
      image: { studyUid: truth.studyInstanceUid, modality: 'CT', scanner: { manufacturer: expect.any(String) } },
      provenance: {
        viewer: { name: 'OHIF', version: '3.13.2' },
        extension: { name: '@voxelwise/calcium' },
        producer: expect.stringMatching(/^(wasm|webgl2|typescript)$/),
        device: { userAgent: expect.stringContaining('Chrome'), logicalProcessors: expect.any(Number) },
        timingsMs: { lesions: expect.any(Number) },
        inputSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        parameters: { edits: expect.any(Number), voxelType: 'int16' },
      },
      review: { count: 0, status: 'unreviewed' },
    });
    expect(record.subject.patient).not.toBeNull();
    expect(record.image.instances).toHaveLength(48);
    const masks = ['LM', 'LAD', 'LCX', 'RCA'].map(vessel => `mask-${vessel}`);
    expect(record.objects.map(({ name }) => name).sort()).toEqual(['decisions', ...masks].sort());

    // The same again is nothing new.
    await reader.confirmButton.click();
    await expect(reader.calcium.panel.getByTestId('calcium-confirm-message')).toContainText('nothing has changed');
    expect(await recordsOf(service)).toHaveLength(1);

    await reader.giveTo('3', 'LAD', truth);
    await expect(reader.confirmed).toHaveAttribute('data-status', 'changed');
    await reader.confirm();
    const [changed, ...more] = await recordsOf(service);
    expect(more).toEqual([]);
    expect(changed?.reviews).toMatchObject([
      { part: 'first', isMine: true, action: 'edit', reasonCode: 'changed-by-reader' },
    ]);
    const lcx = (changed!.reviews[0]!.correction!.payload as CalciumPayload).vessels.find(
      ({ vessel }) => vessel === 'LCX',
    );
    expect(lcx?.agatston).toBeCloseTo((await reader.calcium.score('LCX')).agatston!, 6);

    // Another convention makes another prediction, not a correction of this one.
    await reader.calcium.threshold.fill('150');
    await expect(reader.confirmed).toHaveAttribute('data-status', 'changed');
    await expect(reader.confirmButton).toBeEnabled();
    await reader.confirm();
    const both = await recordsOf(service);
    expect(
      both.map(({ prediction, reviews }) => [(prediction as PredictionRecord).conventions.thresholdHu, reviews.length]),
    ).toEqual([
      [150, 0],
      [130, 1],
    ]);
    expect(reader.calcium.uncaughtErrors()).toEqual([]);
  });

  test('what was confirmed is known at the next visit, also after the reader has gone on', async ({ page }) => {
    const reader = new RecordsReader(page);
    await reader.open(viewer.url, truth);
    await reader.assignTwo(truth);
    await reader.confirm();
    await page.waitForTimeout(1_000); // the browser keeps what stays for a moment

    await page.reload();
    await reader.calcium.ready();
    await expect(reader.calcium.panel.getByTestId('calcium-restored')).toBeVisible();
    await expect(reader.confirmed).toHaveAttribute('data-status', 'confirmed');
    await reader.giveTo('3', 'LAD', truth);
    await expect(reader.confirmed).toHaveAttribute('data-status', 'changed');
    await reader.confirm();
    const [record, ...others] = await recordsOf(service);
    expect(others).toEqual([]);
    expect(record?.reviews).toHaveLength(1);
  });

  test('storing a score confirms it', async ({ page }) => {
    const reader = new RecordsReader(page);
    await reader.open(viewer.url, truth);
    await reader.assignTwo(truth);
    await reader.calcium.panel.getByTestId('calcium-store').click();
    await expect(reader.calcium.panel.getByTestId('calcium-store-message')).toHaveText('All 4 objects are stored.', {
      timeout: 60_000,
    });
    await expect(reader.confirmed).toHaveAttribute('data-status', 'confirmed');
    await reader.synced();
    expect(await recordsOf(service)).toHaveLength(1);
  });

  test('a score that is confirmed while the service is down arrives once, after the browser has been closed and it is back', async ({
    browser,
  }) => {
    const { port } = viewer;
    const context = await browser.newContext();
    const reader = new RecordsReader(await context.newPage());
    await reader.open(viewer.url, truth);
    await reader.assignTwo(truth);
    await service.stop();
    await reader.confirmButton.click();
    await expect(reader.status).toHaveText('Records: waiting 1');
    await expect(reader.confirmed).toHaveAttribute('data-status', 'confirmed');
    await reader.giveTo('3', 'LAD', truth);
    await reader.confirmButton.click();
    await expect(reader.status).toHaveText('Records: waiting 2');
    await reader.status.click();
    await expect(reader.calcium.panel.getByTestId('records-entry').first()).toContainText(/does not answer/);
    await reader.page.close();

    await viewer.close();
    service = await startTestDataService(folder.path);
    viewer = await startTestViewer({ dataServiceUrl: service.url, port });
    const next = new RecordsReader(await context.newPage());
    await next.open(viewer.url, truth);
    await next.synced();
    const [record, ...others] = await recordsOf(service);
    expect(others).toEqual([]);
    expect(record?.reviews).toHaveLength(1);
    await context.close();
  });
});

test('without a data service nothing of it is shown, and nothing is asked again', async ({ page }) => {
  const alone = await startTestViewer();
  try {
    const asked: string[] = [];
    page.on('request', request => {
      if (new URL(request.url()).pathname.startsWith('/api')) asked.push(request.url());
    });
    const reader = new RecordsReader(page);
    await reader.open(alone.url, truth);
    await reader.assignTwo(truth);
    await expect(reader.confirmButton).toHaveCount(0);
    await expect(reader.status).toHaveCount(0);
    expect(asked).toEqual([`${alone.url}/api/session`]);
    await reader.showRecords();
    await expect(reader.panel.getByTestId('records-off')).toContainText('There is no data service here');
  } finally {
    await alone.close();
  }
});

test.describe('where people sign in', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let provider: Provider;
  let service: DataServiceProcess;
  let viewer: Viewer;

  const start = async (environment: Record<string, string> = {}) => {
    folder = await dataFolder();
    provider = await startProvider();
    service = await startTestDataService(folder.path, { ...provider.environment, ...environment });
    viewer = await startTestViewer({ dataServiceUrl: service.url });
  };
  test.afterEach(async () => {
    await viewer.close();
    await service.stop();
    await provider.close();
    await folder.remove();
  });

  const person = (sub: string, ...roles: string[]): Person => ({ sub, roles, sites: ['north'] });
  const tokenOf = async (one: Person) => ({ Authorization: `Bearer ${await provider.token(one)}` });

  /** Somebody at a machine of their own. */
  async function personAt(browser: Browser, one: Person): Promise<RecordsReader> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const reader = new RecordsReader(await context.newPage());
    await reader.signIn(await provider.token(one));
    await reader.open(viewer.url, truth);
    return reader;
  }

  test('two read independently, a third decides between them; who may not see records is told so', async ({
    browser,
  }) => {
    test.setTimeout(400_000);
    await start();
    const maker = person('maker', 'reader');

    // The maker confirms, then accepts the own score: the first read.
    const first = await personAt(browser, maker);
    await expect(first.page.getByTestId('records-local')).toHaveCount(0);
    await first.assignTwo(truth);
    await first.confirm();
    await first.showRecords();
    await expect(first.cards).toHaveCount(1);
    await expect(first.cards).toContainText('by you');
    await first.cards.getByRole('button', { name: 'Accept' }).click();
    await first.cards.getByRole('button', { name: 'File review' }).click();
    await expect(first.cards.getByTestId('records-review-status')).toHaveText('One read, agreement 100 %');
    await first.page.close();

    // The second reader learns that there is a read, and not which one, and corrects by numbers.
    const second = await personAt(browser, person('second', 'reviewer'));
    await second.showRecords();
    await expect(second.cards).toContainText('by another reader');
    const status = second.cards.getByTestId('records-review-status');
    await expect(status).toHaveText('1 read filed; hidden until you have filed yours');
    await second.cards.getByText('Details').click();
    await expect(second.cards.getByTestId('records-calcium-table')).toBeVisible();
    await expect(second.cards.getByTestId('records-reviews')).toHaveCount(0);
    await second.cards.getByRole('button', { name: 'Correct' }).click();
    const file = second.cards.getByRole('button', { name: 'File review' });
    await expect(file).toBeDisabled(); // nothing is corrected yet
    await second.cards.getByLabel('Agatston of RCA').fill('-1');
    await expect(file).toBeDisabled();
    await second.cards.getByLabel('Agatston of RCA').fill('900');
    await second.cards.getByLabel('Why').selectOption('wrong-measurement');
    await file.click();
    await expect(status).toHaveText('Two reads that disagree');
    await expect(second.cards.getByTestId('records-reviews')).toContainText('Second read, by you: corrected');
    await second.page.close();

    // The third person sees both, and takes the second one's.
    const third = await personAt(browser, person('third', 'reviewer'));
    await third.showRecords();
    await third.cards.getByRole('button', { name: 'Correct' }).click();
    const form = third.panel.getByTestId('records-review-form');
    await expect(form).toContainText('First read, by another reader: accepted');
    await form.getByRole('button', { name: 'Take the second read' }).click();
    await expect(form.getByLabel('Agatston of RCA')).toHaveValue('900');
    await form.getByRole('button', { name: 'File adjudication' }).click();
    await expect(third.cards.getByTestId('records-review-status')).toContainText('Adjudicated');
    await third.page.close();

    const [record] = await recordsOf(service, await tokenOf(maker));
    expect(record?.reviews.map(({ part, action }) => [part, action])).toEqual([
      ['first', 'accept'],
      ['second', 'edit'],
      ['adjudication', 'edit'],
    ]);
    expect((record!.prediction as PredictionRecord).review.groundTruth).toMatchObject({ level: 'adjudicated' });

    // Two have read it: what the maker confirms now is a score of its own.
    const again = await personAt(browser, maker);
    await again.assignTwo(truth);
    await again.giveTo('3', 'LAD', truth);
    await again.confirm();
    expect(await recordsOf(service, await tokenOf(maker))).toHaveLength(2);
    await again.page.close();

    const auditor = await personAt(browser, person('auditor', 'auditor'));
    await auditor.assignTwo(truth);
    await expect(auditor.confirmButton).toBeDisabled();
    await expect(auditor.confirmButton).toHaveAttribute('title', 'Your role may not log results');
    await auditor.showRecords();
    await expect(auditor.panel.getByTestId('records-no-permission')).toBeVisible();
    await auditor.page.close();
  });

  test('a reviewer rejects with a reason, or takes the score on the screen as the correction', async ({ browser }) => {
    test.setTimeout(300_000);
    await start();
    const maker = await personAt(browser, person('maker', 'reader'));
    await maker.assignTwo(truth);
    await maker.confirm();
    await maker.page.close();

    const reviewer = await personAt(browser, person('reviewer', 'reviewer'));
    await reviewer.showRecords();
    await reviewer.cards.getByRole('button', { name: 'Correct' }).click();
    await reviewer.panel.getByTestId('records-from-screen').click();
    await expect(reviewer.cards).toContainText('Nothing can be taken from the screen: there is no result yet');
    await reviewer.cards.getByRole('button', { name: 'Cancel' }).click();
    await reviewer.cards.getByRole('button', { name: 'Reject' }).click();
    const file = reviewer.cards.getByRole('button', { name: 'File review' });
    await expect(file).toBeDisabled(); // without a reason
    await reviewer.cards.getByLabel('Why').selectOption('poor-image-quality');
    await file.click();
    await expect(reviewer.cards.getByTestId('records-review-status')).toHaveText('One read, agreement 0 %');

    // The read may be changed until the second one is there.
    await reviewer.showCalcium();
    await reviewer.assignTwo(truth);
    await reviewer.giveTo('3', 'LAD', truth);
    await reviewer.showRecords();
    await reviewer.cards.getByRole('button', { name: 'Correct' }).click();
    await reviewer.panel.getByTestId('records-from-screen').click();
    await expect(reviewer.cards).toContainText('Taken from the screen.');
    await reviewer.cards.getByRole('button', { name: 'File review' }).click();
    await expect(reviewer.cards.getByTestId('records-review-status')).toHaveText(/^One read, agreement [1-9]\d? %$/);
    const [record] = await recordsOf(service, await tokenOf(person('reviewer', 'reviewer')));
    expect(record?.reviews.map(({ action }) => action)).toEqual(['reject', 'edit']);
    const corrected = record?.reviews[1]?.correction;
    expect(corrected?.objects?.map(({ name }) => name)).toContain('mask-LCX');
    await reviewer.page.close();
  });

  test('a study that the archive does not show is refused, and opened in an emergency, with a reason', async ({
    browser,
  }) => {
    const binary = orthancBinary();
    test.skip(binary === null, 'Orthanc is not installed');
    const archive = await startOrthanc(binary ?? '', { nobody: 'knows' });
    try {
      await start({ ARCHIVE_URL: `${archive.url}/dicom-web` });
      const reader = await personAt(browser, person('reader', 'reader'));
      await reader.assignTwo(truth);
      await reader.confirmButton.click();
      await expect(reader.status).toHaveText('Records: refused 1');
      await reader.showRecords();
      await expect(reader.panel.getByTestId('records-empty')).toContainText('none that you may see');
      await expect(reader.panel.getByTestId('records-waiting')).toContainText('The archive does not show this study');
      await reader.panel.getByTestId('records-emergency-open').click();
      const take = reader.panel.getByRole('button', { name: 'Take emergency access' });
      await expect(take).toBeDisabled(); // without a reason
      await reader.panel.getByLabel('Reason').fill('The patient is in the emergency room.');
      await take.click();
      await expect(reader.panel.getByTestId('records-emergency')).toContainText('Emergency access until');
      await reader.panel.getByTestId('records-waiting').getByRole('button', { name: 'Try again' }).click();
      await expect(reader.cards).toHaveCount(1);
      await reader.synced();
      await reader.page.close();
    } finally {
      await archive.close();
    }
  });
});
