import { expect, test } from '@playwright/test';
import type * as Dicom from '@voxelwise/dicom';
import {
  type DicomObject,
  findResults,
  readEncapsulatedPdf,
  readMeasurementReport,
  readParametricMap,
  readSegmentation,
  retrieveInstance,
  storeInstances,
} from '@voxelwise/dicom';
import type { Viewer } from '@voxelwise/viewer';
import { build } from 'esbuild';
import { orthancBinary, startOrthanc } from '../support/orthanc.ts';
import { ctSeries, postSeries, resultsOf } from '../support/results.ts';
import { startTestViewer } from '../support/viewer.ts';

declare global {
  var dicom: typeof Dicom;
}

const bitsOf = (values: ArrayLike<number>) => Array.from(new Uint32Array(Float32Array.from(values).buffer));
const ARCHIVES = ['the sample archive', 'Orthanc'] as const;

/** The viewer over one of the archives. */
async function startOver(archive: (typeof ARCHIVES)[number]): Promise<Viewer> {
  if (archive === 'the sample archive') return startTestViewer({ samples: false });
  const binary = orthancBinary();
  test.skip(binary === null, 'Orthanc is not installed');
  const orthanc = await startOrthanc(binary ?? '');
  const viewer = await startTestViewer({ orthancUrl: orthanc.url });
  return {
    ...viewer,
    async close() {
      await viewer.close();
      await orthanc.close();
    },
  };
}

for (const archive of ARCHIVES) {
  test.describe(archive, () => {
    let viewer: Viewer;
    test.beforeAll(async () => {
      viewer = await startOver(archive);
    });
    test.afterAll(() => viewer?.close());
    const target = () => ({ url: `${viewer.url}/dicom-web` });

    test('stores every kind of result, finds it again and hands out the same bytes and values', async () => {
      const files = ctSeries();
      const { objects, source, mapVoxels, pdf } = resultsOf(files);
      const results = Object.values(objects);
      await postSeries(target().url, files);
      const report = await storeInstances(results, target());
      expect(report.message).toBe(`All ${results.length} objects are stored.`);

      const found = await findResults(target(), source.studyInstanceUid, { manufacturer: 'Voxelwise' });
      expect(found.map(series => [series.modality, series.seriesNumber, series.seriesDescription]).sort()).toEqual([
        ['CT', 1002, 'Map'],
        ['DOC', 1003, 'Document'],
        ['OT', 1004, 'Picture'],
        ['OT', 1005, 'Pictures'],
        ['SEG', 1000, 'Segmentation'],
        ['SR', 1001, 'Report'],
      ]);
      const foundUids = found.flatMap(series => series.instances.map(one => [one.sopClassUid, one.sopInstanceUid]));
      expect(foundUids.sort()).toEqual(results.map(one => [one.sopClassUid, one.sopInstanceUid]).sort());
      expect(await findResults(target(), source.studyInstanceUid, { modalities: ['SEG', 'SR'] })).toHaveLength(2);

      const fetched = async (object: DicomObject) => {
        const bytes = await retrieveInstance(target(), object);
        expect(Buffer.from(bytes).equals(object.bytes)).toBe(true);
        return bytes;
      };
      expect(bitsOf(readParametricMap(await fetched(objects.map)).voxels)).toEqual(bitsOf(mapVoxels));
      expect(Buffer.from(readEncapsulatedPdf(await fetched(objects.pdf)).pdf).equals(pdf)).toBe(true);
      const [segment] = readSegmentation(await fetched(objects.segmentation), source).segments;
      expect([segment?.voxels.row, segment?.voxels.start, segment?.voxels.end].map(String)).toEqual(['20', '3', '9']);
      const [group] = readMeasurementReport(await fetched(objects.report)).groups;
      expect(group?.measurements[0]?.value).toBe(12.5);
      await fetched(objects.picture);
      await fetched(objects.pictures);
    });

    test('the same results again count as stored', async () => {
      const { objects } = resultsOf(ctSeries());
      const results = Object.values(objects);
      expect((await storeInstances(results, target())).allStored).toBe(true);
      expect((await storeInstances(results, target())).allStored).toBe(true);
    });

    test('an object that is cut off is refused in a sentence, and what follows is not sent', async () => {
      const { objects } = resultsOf(ctSeries());
      const cut = { ...objects.map, bytes: objects.map.bytes.slice(0, 600), name: 'the map' };
      const report = await storeInstances([objects.segmentation, cut, objects.pdf], {
        ...target(),
        maxRequestBytes: 0,
      });
      expect(report.outcomes.map(({ result }) => result)).toEqual(['stored', 'refused', 'not sent']);
      expect(report.message).toMatch(/^1 of 3 objects is stored\. The archive refused the map: .+ 1 was not sent\.$/);
    });

    test('metadata of every result is readable JSON, as the viewer asks for it', async () => {
      const { objects, source } = resultsOf(ctSeries());
      await storeInstances(Object.values(objects), target());
      for (const { seriesInstanceUid } of Object.values(objects)) {
        const url = `${target().url}/studies/${source.studyInstanceUid}/series/${seriesInstanceUid}/metadata`;
        const answer = await fetch(url, { headers: { Accept: 'application/dicom+json' } });
        const [dataset] = (await answer.json()) as Record<string, { Value?: unknown[] }>[];
        expect(dataset?.['0020000E']?.Value).toEqual([seriesInstanceUid]);
      }
    });

    test('a page of the viewer stores and fetches', async ({ page }) => {
      const files = ctSeries();
      await page.goto(`${viewer.url}/healthz`);
      await page.addScriptTag({ content: await dicomBundle() });
      const outcome = await page.evaluate(
        async slices => {
          const source = dicom.sourceFromFiles(slices.map(slice => Uint8Array.from(slice)));
          const pdf = new TextEncoder().encode('%PDF-1.7 from a page');
          const object = dicom.writeEncapsulatedPdf(source, pdf, {
            seriesNumber: 1,
            seriesDescription: 'Document',
            software: { modelName: 'Voxelwise test', versions: [] },
            title: 'Document',
            identifiesPatient: false,
          });
          const report = await dicom.storeInstances([object], { url: '/dicom-web' });
          const bytes = await dicom.retrieveInstance({ url: '/dicom-web' }, object);
          const read = new TextDecoder().decode(dicom.readEncapsulatedPdf(bytes).pdf);
          return { message: report.message, read };
        },
        files.map(file => Array.from(file)),
      );
      expect(outcome).toEqual({ message: 'The object is stored.', read: '%PDF-1.7 from a page' });
    });
  });
}

/** The package as a script that puts it into the global `dicom`. */
async function dicomBundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: "import * as dicom from '@voxelwise/dicom'; globalThis.dicom = dicom;",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    conditions: ['voxelwise-source'],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
