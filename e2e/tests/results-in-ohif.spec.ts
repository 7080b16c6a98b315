import { expect, type Page, test } from '@playwright/test';
import { storeInstances } from '@voxelwise/dicom';
import { ctSeries, postSeries, resultsOf } from '../support/results.ts';
import { startTestViewer } from '../support/viewer.ts';

/** What is asked of the running viewer. */
interface RunningOhif {
  readonly services: {
    readonly displaySetService: {
      getActiveDisplaySets(): {
        readonly displaySetInstanceUID: string;
        readonly SeriesDescription: string;
        readonly SOPClassHandlerId: string;
        load?(options: object): Promise<unknown>;
      }[];
    };
    readonly viewportGridService: {
      getState(): { readonly activeViewportId: string };
      setDisplaySetsForViewport(viewport: object): void;
    };
  };
  readonly cornerstone: {
    readonly cache: {
      getVolumes(): {
        readonly volumeId: string;
        readonly loadStatus?: { readonly loaded?: boolean };
        readonly voxelManager: { getCompleteScalarDataArray(): Float32Array };
      }[];
    };
  };
}

test('stock OHIF knows every kind of result, and reads the map frame by frame', async ({ page }) => {
  const viewer = await startTestViewer({ samples: false });
  try {
    const target = { url: `${viewer.url}/dicom-web` };
    const files = ctSeries();
    const { objects, source, mapVoxels } = resultsOf(files);
    await postSeries(target.url, files);
    expect((await storeInstances(Object.values(objects), target)).allStored).toBe(true);

    await page.goto(`${viewer.url}/viewer?StudyInstanceUIDs=${source.studyInstanceUid}`);
    await expect
      .poll(() => handlersOf(page))
      .toEqual([
        'Axial: stack',
        'Document: dicom-pdf',
        'Map: dicom-pmap',
        'Picture: stack',
        'Pictures: stack',
        'Report: dicom-sr-3d',
        'Segmentation: dicom-seg',
      ]);

    await showAsVolume(page, 'Axial');
    const shown = await loadMap(page, 'Map');
    // OHIF 3.13 holds maps times 100. Where the map has no value, so has OHIF.
    expect(shown.length).toBe(mapVoxels.length);
    shown.forEach((value, voxel) => {
      if (value === null) expect(mapVoxels[voxel]).toBeNaN();
      else expect(value).toBeCloseTo(100 * mapVoxels[voxel]!, 3);
    });
  } finally {
    await viewer.close();
  }
});

/** Which part of OHIF takes care of each series. */
function handlersOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { services } = globalThis as unknown as Partial<RunningOhif>;
    return (services?.displaySetService.getActiveDisplaySets() ?? [])
      .map(({ SeriesDescription, SOPClassHandlerId }) => `${SeriesDescription}: ${SOPClassHandlerId.split('.').at(-1)}`)
      .sort();
  });
}

/** Shows a series as a volume, on which OHIF lays maps, and waits until it is loaded. */
async function showAsVolume(page: Page, seriesDescription: string): Promise<void> {
  await page.evaluate(description => {
    const { services } = globalThis as unknown as RunningOhif;
    const sets = services.displaySetService.getActiveDisplaySets();
    services.viewportGridService.setDisplaySetsForViewport({
      viewportId: services.viewportGridService.getState().activeViewportId,
      displaySetInstanceUIDs: [sets.find(set => set.SeriesDescription === description)?.displaySetInstanceUID],
      viewportOptions: { viewportType: 'volume', orientation: 'acquisition' },
    });
  }, seriesDescription);
  await page.waitForFunction(() => {
    const { cornerstone } = globalThis as unknown as RunningOhif;
    return cornerstone.cache.getVolumes().some(volume => volume.loadStatus?.loaded);
  });
}

/** Values of a map as OHIF loads them; null for NaN, which does not cross over to the test. */
function loadMap(page: Page, seriesDescription: string): Promise<(number | null)[]> {
  return page.evaluate(async description => {
    const { services, cornerstone } = globalThis as unknown as RunningOhif;
    const sets = services.displaySetService.getActiveDisplaySets();
    await sets.find(set => set.SeriesDescription === description)?.load?.({ headers: {} });
    const map = cornerstone.cache.getVolumes().find(volume => volume.volumeId.startsWith('pmap'));
    const values = Array.from(map?.voxelManager.getCompleteScalarDataArray() ?? []);
    return values.map(value => (Number.isNaN(value) ? null : value));
  }, seriesDescription);
}
