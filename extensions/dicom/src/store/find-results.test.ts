import { dicomJson, instance, startArchive, status, type TestArchive } from './archive.test-support.ts';
import { ArchiveError } from './dicom-web.ts';
import { findResults } from './find-results.ts';
import { encodeMultipart } from './multipart.ts';
import { retrieveInstance } from './retrieve-instance.ts';

let archive: TestArchive;
afterEach(() => archive.close());

const series = (uid: string, modality: string, manufacturer?: string) => ({
  '00080060': { vr: 'CS', Value: [modality] },
  ...(manufacturer && { '00080070': { vr: 'LO', Value: [manufacturer] } }),
  '0008103E': { vr: 'LO', Value: [`Series ${uid}`] },
  '0020000E': { vr: 'UI', Value: [uid] },
  '00200011': { vr: 'IS', Value: ['7'] },
});
const object = (uid: string) => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.66.4'] },
  '00080018': { vr: 'UI', Value: [uid] },
});

test('results are found by modality and manufacturer; where a series does not tell its manufacturer, its object does', async () => {
  archive = await startArchive((response, request) => {
    const answers: [RegExp, object[]][] = [
      [
        /^\/studies\/1\.2\/series\?/,
        [
          series('1', 'CT', 'A'),
          series('2', 'SEG', 'A'),
          series('3', 'SEG'),
          series('4', 'SEG'),
          series('5', 'SR', 'Us'),
        ],
      ],
      [/series\/3\/instances$/, [object('3.1')]],
      [/series\/3\/instances\/3\.1\/metadata$/, [{ '00080070': { vr: 'LO', Value: ['Us'] } }]],
      [/series\/4\/instances$/, [object('4.1')]],
      [/series\/4\/instances\/4\.1\/metadata$/, [{ '00080070': { vr: 'LO', Value: ['A'] } }]],
      [/series\/5\/instances$/, [object('5.1'), object('5.2')]],
    ];
    const [, datasets] = answers.find(([path]) => path.test(request.path)) ?? [];
    (datasets ? dicomJson(200, datasets) : status(404))(response, request);
  });
  const found = await findResults(archive, '1.2', { modalities: ['SEG', 'SR'], manufacturer: 'Us' });
  expect(found.map(one => [one.seriesInstanceUid, one.modality, one.manufacturer, one.instances.length])).toEqual([
    ['3', 'SEG', 'Us', 1],
    ['5', 'SR', 'Us', 2],
  ]);
  expect(found[0]).toEqual({
    studyInstanceUid: '1.2',
    seriesInstanceUid: '3',
    modality: 'SEG',
    seriesNumber: 7,
    seriesDescription: 'Series 3',
    manufacturer: 'Us',
    instances: [{ sopInstanceUid: '3.1', sopClassUid: '1.2.840.10008.5.1.4.1.1.66.4' }],
  });
});

test('what an answer leaves out is empty; series and objects without a UID cannot be fetched and are left out', async () => {
  archive = await startArchive((response, request) => {
    const isSeries = /\/series\?/.test(request.path);
    const nameless = { '00080060': { vr: 'CS', Value: ['SR'] } };
    const bare = { ...nameless, '0020000E': { vr: 'UI', Value: ['6'] } };
    dicomJson(200, isSeries ? [nameless, bare] : [{}, { '00080018': { vr: 'UI', Value: ['6.1'] } }])(response, request);
  });
  expect(await findResults(archive, '1.2', { modalities: ['SR'] })).toEqual([
    {
      studyInstanceUid: '1.2',
      seriesInstanceUid: '6',
      modality: 'SR',
      seriesNumber: undefined,
      seriesDescription: '',
      manufacturer: '',
      instances: [{ sopInstanceUid: '6.1', sopClassUid: '' }],
    },
  ]);
});

test('no results are an empty list, also where the archive says so by 204', async () => {
  archive = await startArchive(status(204), dicomJson(200, []));
  expect(await findResults(archive, '1.2')).toEqual([]);
  expect(await findResults(archive, '1.2')).toEqual([]);
});

test('a query that is refused or answered by something else is a sentence', async () => {
  archive = await startArchive(status(401), status(200, { 'Content-Type': 'text/html' }, '<html>'));
  await expect(findResults(archive, '1.2')).rejects.toThrow(/wants a login \(HTTP 401\)/);
  await expect(findResults(archive, '1.2')).rejects.toThrow(/did not answer a query in DICOM JSON\. Check .*qidoRoot/);
});

test('queries go to their own root where there is one', async () => {
  archive = await startArchive(dicomJson(200, []));
  await findResults({ url: 'http://127.0.0.1:1/wado', queryUrl: `${archive.url}/qido` }, '1.2');
  expect(archive.requests[0]?.path).toMatch(/^\/qido\/studies\/1\.2\/series\?/);
});

describe('retrieving', () => {
  const stored = instance('1.1', new Uint8Array([1, 2, 3, 13, 10, 13, 10]));

  test.each(['multipart', 'single part'])('one object, %s', async form => {
    const { contentType, body } =
      form === 'multipart'
        ? encodeMultipart([stored.bytes], 'application/dicom')
        : { contentType: 'application/dicom', body: new Blob([stored.bytes]) };
    archive = await startArchive(status(200, { 'Content-Type': contentType }, await body.bytes()));
    expect(Buffer.from(await retrieveInstance(archive, stored))).toEqual(Buffer.from(stored.bytes));
    expect(archive.requests[0]?.headers.accept).toBe('multipart/related; type="application/dicom"; transfer-syntax=*');
  });

  test.each([
    ['no part', []],
    ['two parts', [stored.bytes, stored.bytes]],
    ['something that is not DICOM', [new Uint8Array(200)]],
  ])('%s is an error', async (_name, files) => {
    const { contentType, body } = encodeMultipart(files, 'application/dicom');
    archive = await startArchive(status(200, { 'Content-Type': contentType }, await body.bytes()));
    await expect(retrieveInstance(archive, stored)).rejects.toThrow(/did not answer with one DICOM file/);
  });

  test('an object that is not there is an error with its status', async () => {
    archive = await startArchive(status(404));
    const error = await retrieveInstance(archive, stored).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error).toMatchObject({ status: 404 });
  });
});
