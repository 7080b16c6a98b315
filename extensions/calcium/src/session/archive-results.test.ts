import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DicomObject, type DicomWebTarget, readPart10, writePart10 } from '@voxelwise/dicom';
import { seededRandom } from '../core/calcium.test-support.ts';
import { newestInArchive } from './archive-results.ts';
import { NOW, randomResult } from './result-objects.test-support.ts';

const EARLIER = new Date(NOW.getTime() - 60_000);

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** An archive that holds these objects of one study. */
async function archiveWith(objects: readonly DicomObject[]): Promise<DicomWebTarget> {
  const of = (value: string, tag: string) => ({ [tag]: { vr: 'UN', Value: [value] } });
  const series = objects.map(({ bytes, seriesInstanceUid }) => ({
    ...of(String(readPart10(bytes).dataSet.Modality), '00080060'),
    ...of('Voxelwise', '00080070'),
    ...of(seriesInstanceUid, '0020000E'),
  }));
  server = createServer(({ url = '' }, response) => {
    const object = objects.find(({ seriesInstanceUid }) => url.includes(`/series/${seriesInstanceUid}/`));
    const json = (value: object) =>
      response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).end(JSON.stringify(value));
    if (url.includes('/series?')) json(series);
    else if (!object) response.writeHead(404).end();
    else if (url.endsWith('/instances')) json([of(object.sopInstanceUid, '00080018')]);
    else response.writeHead(200, { 'Content-Type': 'application/dicom' }).end(object.bytes);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('the newest of several results is reopened', async () => {
  const [older, newer] = [randomResult(seededRandom(3), EARLIER), randomResult(seededRandom(3), NOW)];
  const archive = await archiveWith([...Object.values(newer.objects), ...Object.values(older.objects)]);
  const { newest, problem } = await newestInArchive(archive, newer.series, {});
  expect([newest?.savedAt, problem]).toEqual([NOW, '']);
  expect(newest?.convention).toEqual(newer.convention);
});

test('results of another series are left alone', async () => {
  const { objects, series } = randomResult(seededRandom(4));
  const archive = await archiveWith(Object.values(objects));
  const other = series.loaded.instances.map(instance => ({ ...instance, SeriesInstanceUID: '9.9' }));
  const { newest, problem } = await newestInArchive(
    archive,
    { ...series, loaded: { ...series.loaded, instances: other } },
    {},
  );
  expect([newest, problem]).toEqual([null, '']);
});

test('a report that somebody has changed does not pass for none: the older one comes with a word about it', async () => {
  const [older, newer] = [randomResult(seededRandom(3), EARLIER), randomResult(seededRandom(3), NOW)];
  const { report } = newer.objects;
  const json = JSON.stringify(readPart10(report.bytes).dataSet).replace('"CodeValue":"mm3"', '"CodeValue":"ml"');
  const changed = { ...report, bytes: writePart10(JSON.parse(json)) };
  const archive = await archiveWith([...Object.values(older.objects), changed]);
  const { newest, problem } = await newestInArchive(archive, older.series, {});
  expect(newest?.savedAt).toEqual(EARLIER);
  expect(problem).toMatch(/says its Calcium Volume in another unit than cubic millimeter\.$/);
});

test('a newer report whose segmentation is gone does not keep back the older one, which comes with a word about it', async () => {
  const [older, newer] = [randomResult(seededRandom(3), EARLIER), randomResult(seededRandom(3), NOW)];
  const archive = await archiveWith([newer.objects.report, ...Object.values(older.objects)]);
  const { newest, problem } = await newestInArchive(archive, older.series, {});
  expect(newest?.savedAt).toEqual(EARLIER);
  expect(problem).toBe('A newer one was not reopened: its segmentation is not in the archive.');
});

test('a report whose segmentation is gone is not reopened', async () => {
  const { objects, series } = randomResult(seededRandom(5));
  const archive = await archiveWith([objects.report, objects.cardiovascularReport]);
  await expect(newestInArchive(archive, series, {})).rejects.toThrow('its segmentation is not in the archive');
});
