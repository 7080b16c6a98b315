import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { ViewerOptions } from '@voxelwise/viewer';
import { ctFiles, type DynamicImages, dynamicImages, enhancedMrFile, storedValue } from '../support/dynamic-images.ts';
import { addHost } from '../support/host-in-page.ts';
import { orthancBinary, startOrthanc } from '../support/orthanc.ts';
import { startTestViewer } from '../support/viewer.ts';

// 4D series in the stock viewer, which takes none of these for what they are; the plug-ins' own access to them.

/** Opens a study of the given files in the stock viewer, with @voxelwise/host in the page. */
async function withStudy(
  page: Page,
  images: DynamicImages,
  files: readonly Uint8Array[],
  check: () => Promise<void>,
  options: Partial<ViewerOptions> = {},
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-dynamic-'));
  for (const [index, bytes] of files.entries()) await writeFile(path.join(folder, `${index}.dcm`), bytes);
  const viewer = await startTestViewer({ samples: false, importFolders: [folder], ...options });
  try {
    await page.goto(`${viewer.url}/viewer?StudyInstanceUIDs=${images.studyUid}`);
    await page.waitForFunction(() => {
      const { services } = window as unknown as {
        services?: { displaySetService?: { getActiveDisplaySets(): unknown[] } };
      };
      return (services?.displaySetService?.getActiveDisplaySets().length ?? 0) > 0;
    });
    await addHost(page);
    await check();
  } finally {
    await viewer.close();
    await rm(folder, { recursive: true });
  }
}

/** All voxels of a series in the order of the dynamic layout, with its rescale intercept. */
function voxelsOf({ timePoints, slices, size }: DynamicImages, intercept: number): number[] {
  const voxels: number[] = [];
  for (let z = 0; z < slices; z++) {
    for (let t = 0; t < timePoints; t++) {
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) voxels.push(storedValue(t, z, y, x) + intercept);
      }
    }
  }
  return voxels;
}

/** Loads the likeliest 4D series of the page. */
async function load(page: Page) {
  return page.evaluate(async () => {
    const { host, dynamicDisplaySets, dynamicSeriesOf, dynamicLoading } = voxelwise;
    const [displaySet] = dynamicDisplaySets(host);
    if (!displaySet) throw new Error('There is no 4D series.');
    const series = dynamicSeriesOf(host, displaySet);
    const progress: [number, number][] = [];
    const voxels = await dynamicLoading(host, series).load({ onProgress: (...step) => progress.push(step) });
    const { splitBy, timesS, dimensions, spacingMm, signal } = series.stack;
    return {
      voxels: [...voxels],
      type: voxels.constructor.name,
      progress,
      ...{ splitBy, timesS, dimensions, spacingMm, signal },
    };
  });
}

const timesS = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18];

test('a CT series that only AcquisitionTime splits is loaded, each voxel once, in its place', async ({ page }) => {
  const images = dynamicImages();
  await withStudy(page, images, ctFiles(images), async () => {
    const loaded = await load(page);
    expect(loaded).toMatchObject({
      ...{ type: 'Int16Array', splitBy: 'AcquisitionTime', timesS },
      ...{ dimensions: [16, 16, 4], spacingMm: [0.5, 0.5, 3], signal: { kind: 'attenuation' } },
    });
    expect(loaded.voxels).toEqual(voxelsOf(images, -1024));
    expect(loaded.progress[0]).toEqual([0, 40]);
    expect(loaded.progress.at(-1)).toEqual([40, 40]);
  });
});

test('the frames of an Enhanced MR image are loaded likewise', async ({ page }) => {
  const images = dynamicImages();
  await withStudy(page, images, [enhancedMrFile(images)], async () => {
    const loaded = await load(page);
    expect(loaded).toMatchObject({
      ...{ splitBy: 'TemporalPositionIndex', timesS, dimensions: [16, 16, 4] },
      signal: { kind: 'susceptibility', echoTimeS: 0.03 },
    });
    expect(loaded.voxels).toEqual(voxelsOf(images, 0));
  });
});

for (const ohifVersion of ['3.11.1', '3.12.10']) {
  test(`so are both in OHIF ${ohifVersion}`, async ({ page }) => {
    for (const [intercept, filesOf] of [
      [-1024, ctFiles],
      [0, (images: DynamicImages) => [enhancedMrFile(images)]],
    ] as const) {
      const images = dynamicImages();
      await withStudy(
        page,
        images,
        filesOf(images),
        async () => expect((await load(page)).voxels).toEqual(voxelsOf(images, intercept)),
        { ohifVersion },
      );
    }
  });
}

test('over Orthanc they are the same', async ({ page }) => {
  const binary = orthancBinary();
  test.skip(binary === null, 'Orthanc is not installed');
  const orthanc = await startOrthanc(binary ?? '');
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-dynamic-'));
  try {
    const series = [
      { images: dynamicImages(), filesOf: ctFiles, intercept: -1024 },
      { images: dynamicImages(), filesOf: (images: DynamicImages) => [enhancedMrFile(images)], intercept: 0 },
    ];
    for (const { images, filesOf } of series) {
      for (const [index, bytes] of filesOf(images).entries()) {
        await writeFile(path.join(folder, `${images.studyUid}-${index}.dcm`), bytes);
      }
    }
    await orthanc.upload(folder);
    for (const { images, intercept } of series) {
      await withStudy(
        page,
        images,
        [],
        async () => expect((await load(page)).voxels).toEqual(voxelsOf(images, intercept)),
        { orthancUrl: orthanc.url },
      );
    }
  } finally {
    await orthanc.close();
    await rm(folder, { recursive: true });
  }
});

const SHOWN = ['3.11.1', '3.12.10', '3.13.2'].flatMap(version =>
  (['CT', 'Enhanced MR'] as const).map(kind => [kind, version] as const),
);
for (const [kind, ohifVersion] of SHOWN) {
  test(`one time point of a series (${kind}) is shown as a stack of its slices in OHIF ${ohifVersion}`, async ({
    page,
  }) => {
    const images = dynamicImages();
    const files = kind === 'CT' ? ctFiles(images) : [enhancedMrFile(images)];
    await withStudy(
      page,
      images,
      files,
      async () => {
        const shown = await page.evaluate(async () => {
          const { host, dynamicDisplaySets, dynamicSeriesOf, referenceDisplaySet, timePointFrames } = voxelwise;
          const { displaySetService, viewportGridService } = host.services;
          const [source] = dynamicDisplaySets(host);
          if (!source) throw new Error('There is no 4D series.');
          const frames = timePointFrames(dynamicSeriesOf(host, source), 3);
          const made = referenceDisplaySet(host, source, frames, 'Perfusion, time point 4');
          const again = referenceDisplaySet(host, source, frames, 'Perfusion, time point 4');
          const [[viewportId = '', viewport] = []] = viewportGridService.getState().viewports;
          viewportGridService.setDisplaySetsForViewports([
            {
              viewportId,
              displaySetInstanceUIDs: [made.displaySetInstanceUID],
              viewportOptions: { ...viewport?.viewportOptions, viewportType: 'stack' },
            },
          ]);
          const wanted = frames.map(({ imageId }) => imageId);
          for (let waited = 0; waited < 20_000; waited += 100) {
            await new Promise(resolve => setTimeout(resolve, 100));
            const ids = voxelwise.allViewports(host)[0]?.getImageIds?.() ?? [];
            if (ids.length === wanted.length) break;
          }
          const [stack] = voxelwise.allViewports(host);
          const imageIds = stack?.getImageIds?.() ?? [];
          await stack?.setImageIdIndex?.(imageIds.indexOf(wanted[1] ?? ''));
          const image = host.cornerstone.cache.getImage(wanted[1] ?? '');
          const plane = voxelwise.imagePlane(
            host.cornerstone.metaData.get('instance', wanted[1] ?? '') as Record<string, unknown>,
          );
          return {
            isOne: made === again && displaySetService.getActiveDisplaySets().filter(set => set === made).length === 1,
            isReconstructable: made.isReconstructable,
            sameImages: [...imageIds].sort().join() === [...wanted].sort().join(),
            dynamic: dynamicDisplaySets(host).map(({ displaySetInstanceUID }) => displaySetInstanceUID),
            source: source.displaySetInstanceUID,
            values: [...(image?.voxelManager?.getScalarData() ?? [])].slice(0, 16),
            corner: plane.toWorld(0, 0),
          };
        });
        expect(shown).toMatchObject({ isOne: true, isReconstructable: true, sameImages: true, corner: [-4, -4, 3] });
        expect(shown.dynamic).toEqual([shown.source]);
        const intercept = kind === 'CT' ? -1024 : 0;
        expect(shown.values).toEqual(Array.from({ length: 16 }, (_, x) => storedValue(3, 1, 0, x) + intercept));
        await expect(page.getByText('Perfusion, time point 4').first()).toBeVisible();
      },
      { ohifVersion },
    );
  });
}

test('an image that the archive refuses twice is asked for again, and one that it always refuses is named', async ({
  page,
}) => {
  const images = dynamicImages();
  let refusals = 2;
  // Of the last time point, which the stock viewer has not asked for while only the first slices are on screen.
  await page.route(`**/${images.seriesUid}.38/frames/1`, async route => {
    if (refusals-- > 0) await route.fulfill({ status: 500, body: 'disk error' });
    else await route.continue();
  });
  await withStudy(page, images, ctFiles(images), async () => {
    refusals = 2;
    await page.evaluate(() => voxelwise.host.cornerstone.cache.purgeCache());
    expect((await load(page)).voxels).toEqual(voxelsOf(images, -1024));
    refusals = Number.POSITIVE_INFINITY;
    await page.evaluate(() => voxelwise.host.cornerstone.cache.purgeCache());
    await expect(load(page)).rejects.toThrow(/image 39 could not be loaded \(the archive answered with status 500\)/);
  });
});

test('loading is cancelled, stops when nothing arrives, and goes on where it was', async ({ page }) => {
  const images = dynamicImages();
  let isStuck = true;
  await page.route(`**/${images.seriesUid}.38/frames/1`, async route => {
    if (isStuck) await new Promise(resolve => setTimeout(resolve, 20_000));
    await route.continue().catch(() => undefined);
  });
  await withStudy(page, images, ctFiles(images), async () => {
    await page.evaluate(() => voxelwise.host.cornerstone.cache.purgeCache());
    const messages = await page.evaluate(async () => {
      const { host, dynamicDisplaySets, dynamicSeriesOf, dynamicLoading } = voxelwise;
      const [displaySet] = dynamicDisplaySets(host);
      if (!displaySet) throw new Error('There is no 4D series.');
      const loading = dynamicLoading(host, dynamicSeriesOf(host, displaySet), { stallMs: 1500 });
      Object.assign(window, { loading });
      const messageOf = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.message);
      const aborting = new AbortController();
      const cancelled = messageOf(
        loading.load({
          signal: aborting.signal,
          onProgress: done => {
            if (done === 10) aborting.abort(new Error('closed'));
          },
        }),
      );
      return [await cancelled, await messageOf(loading.load())];
    });
    expect(messages).toEqual(['closed', expect.stringMatching(/^Loading has stopped: 39 of 40 images arrived\./)]);
    isStuck = false;
    const { voxels, first } = await page.evaluate(async () => {
      const { loading } = window as unknown as {
        loading: {
          load(options: { onProgress(done: number): void }): Promise<Int16Array>;
        };
      };
      const steps: number[] = [];
      return { voxels: [...(await loading.load({ onProgress: done => steps.push(done) }))], first: steps[0] };
    });
    expect(first).toBe(39);
    expect(voxels).toEqual(voxelsOf(images, -1024));
  });
});
