import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { PerfusionPayload, PredictionDetail, PredictionRecord } from '@voxelwise/contract';
import type { DataServiceProcess, Viewer } from '@voxelwise/viewer';
import { dataFolder, startTestDataService } from '../support/data-service.ts';
import { MAPS, PerfusionPage } from '../support/perfusion-page.ts';
import { type PerfusionStudy, writePerfusionStudy } from '../support/perfusion-study.ts';
import { startTestViewer } from '../support/viewer.ts';

let folder: string;
let study: PerfusionStudy;
let data: Awaited<ReturnType<typeof dataFolder>>;
let service: DataServiceProcess;
let viewer: Viewer;

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-perfusion-'));
  study = await writePerfusionStudy(folder);
  data = await dataFolder();
  service = await startTestDataService(data.path);
  viewer = await startTestViewer({ samples: false, importFolders: [folder], dataServiceUrl: service.url });
});
test.afterAll(async () => {
  await viewer?.close();
  await service?.stop();
  await data?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What the service says of the study, newest first. */
async function recordsOf(): Promise<PredictionDetail[]> {
  const get = async (address: string) => (await fetch(`${service.url}/api${address}`)).json();
  const { items } = await get(`/predictions?studyUid=${study.studyUid}`);
  return Promise.all(items.map(({ id }: { id: string }) => get(`/predictions/${id}`)));
}

test('a confirmed result is logged with what it rests on; a changed one is its review, and the records panel shows both', async ({
  page,
}) => {
  const perfusion = new PerfusionPage(page);
  await perfusion.open(viewer.url, study.studyUid);
  const confirmed = perfusion.panel.getByTestId('perfusion-confirmed');
  await page.keyboard.press('Control+Enter');
  await expect(confirmed).toHaveAttribute('data-status', 'confirmed');
  await perfusion.synced();
  const [logged, ...others] = await recordsOf();
  expect(others).toEqual([]);
  const record = logged?.prediction as PredictionRecord;
  const payload = record.payload as PerfusionPayload;
  expect(payload.coreVolumeMl).toBe(await perfusion.value('perfusion-core'));
  expect(payload.hypoperfusedVolumeMl).toBe(await perfusion.value('perfusion-hypoperfusion'));
  expect(record).toMatchObject({
    kind: 'perfusion',
    createdByMe: true,
    algorithm: { name: 'Voxelwise perfusion' },
    conventions: { method: 'lr', aifChosenBy: 'automatic', volumeMethod: 'csvd', hypoperfusionTmaxS: 6 },
    image: { studyUid: study.studyUid, modality: 'CT' },
    provenance: {
      extension: { name: '@voxelwise/perfusion' },
      producer: expect.stringMatching(/^(wasm|webgl2|typescript)$/),
      inputSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  expect(record.objects.map(({ name }) => name).sort()).toEqual(['mask-core', 'mask-hypoperfusion', 'settings']);

  // A region is more of the same result: a review of it, not another prediction.
  await page.keyboard.press('e');
  await perfusion.drag(MAPS[0] ?? '', 1, [26, 42], [34, 52]);
  await expect(confirmed).toHaveAttribute('data-status', 'changed');
  await perfusion.panel.getByTestId('perfusion-confirm').click();
  await expect(confirmed).toHaveAttribute('data-status', 'confirmed');
  await perfusion.synced();
  const [changed, ...more] = await recordsOf();
  expect(more).toEqual([]);
  expect(changed?.reviews).toMatchObject([{ action: 'edit', isMine: true, reasonCode: 'changed-by-reader' }]);

  await page.locator('[data-cy=records-btn]').click();
  const card = page.locator('.vw-records').getByTestId('records-card');
  await expect(card).toContainText('hypoperfusion');
  await expect(card).toContainText(`${payload.coreVolumeMl?.toFixed(1)} mL`);
  expect(perfusion.uncaughtErrors()).toEqual([]);
});
