import { dicomObject, newUid } from '../dicom.test-support.ts';
import { type Answer, send } from '../http.test-support.ts';
import { cleanUp, serveArchive } from '../viewer.test-support.ts';
import type { Dataset } from './dicom-json.ts';
import { textOf } from './dicom-json.ts';

const studyA = newUid();
const studyB = newUid();
const [ctSeries, srSeries] = [newUid(), newUid()];
let url: string;

beforeAll(async () => {
  const common = { StudyInstanceUID: studyA, StudyDate: '20240229', StudyDescription: 'Cardiac, gated' };
  const of = (attributes: Record<string, unknown>) => dicomObject({ attributes }).bytes;
  ({ url } = await serveArchive({
    'a/1.dcm': of({ ...common, SeriesInstanceUID: ctSeries, SeriesNumber: 2, InstanceNumber: 1 }),
    'a/2.dcm': of({ ...common, SeriesInstanceUID: ctSeries, SeriesNumber: 2, InstanceNumber: 2 }),
    'a/3.dcm': of({ ...common, SeriesInstanceUID: srSeries, SeriesNumber: 1, Modality: 'SR' }),
    'b/1.dcm': of({
      StudyInstanceUID: studyB,
      StudyDate: '20230101',
      Modality: 'MR',
      PatientName: 'Müller^Jörg=山田^太郎',
      PatientID: 'P-2',
    }),
    'c/1.dcm': of({ StudyDate: '20220101', PatientName: 'Roe^Richard', PatientID: 'P-3' }),
  }));
});
afterAll(cleanUp);

const get = (path: string): Promise<Answer> => send(url, `/dicom-web${path}`);
const patientIds = (answer: Answer): string[] => answer.datasets.map(dataset => textOf(dataset, '00100020'));

test('without conditions: all studies, newest first, with their counted attributes', async () => {
  const answer = await get('/studies');
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/dicom\+json/);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(patientIds(answer)).toEqual(['P-1', 'P-2', 'P-3']);
  const [study] = answer.datasets as [Dataset];
  expect(study['0020000D']).toEqual({ vr: 'UI', Value: [studyA] });
  expect(study['00080061']).toEqual({ vr: 'CS', Value: ['CT', 'SR'] });
  expect(study['00201206']).toEqual({ vr: 'IS', Value: [2] });
  expect(study['00201208']).toEqual({ vr: 'IS', Value: [3] });
  expect(study['00081190']).toEqual({ vr: 'UR', Value: [`${url}/dicom-web/studies/${studyA}`] });
  expect(study['00080090']).toEqual({ vr: 'PN' }); // known to have no value
});

test.each([
  ['PatientID=P-2', ['P-2']],
  ['00100020=P-2', ['P-2']],
  ['PatientID=P-*', ['P-1', 'P-2', 'P-3']],
  ['PatientID=p-?&StudyDate=20230101-', ['P-1', 'P-2']],
  ['StudyDate=20240229', ['P-1']],
  ['StudyDate=-20230101', ['P-2', 'P-3']],
  ['StudyDate=20220601-20230601', ['P-2']],
  [`StudyInstanceUID=${studyA},${studyB}`, ['P-1', 'P-2']],
  [`StudyInstanceUID=${studyA}&StudyInstanceUID=${studyB}`, ['P-1', 'P-2']],
  ['ModalitiesInStudy=SR', ['P-1']],
  ['ModalitiesInStudy=SR,MR', ['P-1', 'P-2']],
  ['ModalitiesInStudy=US', []],
  [`PatientName=${encodeURIComponent('Müller*')}`, ['P-2']],
  [`PatientName=${encodeURIComponent('山田*')}`, ['P-2']],
  ['PatientName=doe%5EJANE', ['P-1']],
  ['PatientName=', ['P-1', 'P-2', 'P-3']],
  ['PatientName=*', ['P-1', 'P-2', 'P-3']],
  [`StudyDescription=${encodeURIComponent('Cardiac, *')}`, ['P-1']],
  ['limit=2', ['P-1', 'P-2']],
  ['limit=2&offset=2', ['P-3']],
  ['offset=3', []],
  ['limit=0', []],
  ['limit=x&offset=-1', ['P-1', 'P-2', 'P-3']],
  ['includefield=all&includefield=00081030', ['P-1', 'P-2', 'P-3']],
])('studies?%s', async (conditions, expected) => {
  const answer = await get(`/studies?${conditions}`);
  expect(answer.status).toBe(200);
  expect(patientIds(answer)).toEqual(expected);
});

test('no result is an empty list', async () => {
  const answer = await get('/studies?PatientID=nobody');
  expect([answer.status, answer.text]).toEqual([200, '[]']);
  expect((await get(`/studies/1.2.3/series`)).text).toBe('[]');
});

test('text comes back as Unicode, whatever the characters', async () => {
  const [dataset] = (await get('/studies?PatientID=P-2')).datasets;
  expect(dataset?.['00100010']).toEqual({
    vr: 'PN',
    Value: [{ Alphabetic: 'Müller^Jörg', Ideographic: '山田^太郎' }],
  });
});

test('series, in the order of their numbers, and instances of a study', async () => {
  const series = await get(`/studies/${studyA}/series`);
  expect(series.datasets.map(dataset => textOf(dataset, '0020000E'))).toEqual([srSeries, ctSeries]);
  expect(series.datasets.map(dataset => textOf(dataset, '00201209'))).toEqual(['1', '2']);
  expect((await get(`/studies/${studyA}/series?Modality=CT`)).datasets).toHaveLength(1);
  expect((await get('/series?Modality=CT')).datasets).toHaveLength(2);
  const instances = await get(`/studies/${studyA}/series/${ctSeries}/instances`);
  expect(instances.datasets.map(dataset => textOf(dataset, '00200013'))).toEqual(['1', '2']);
  expect((await get(`/studies/${studyA}/instances`)).datasets).toHaveLength(3);
  expect((await get('/instances')).datasets).toHaveLength(5);
  expect((await get(`/instances?InstanceNumber=2&PatientID=P-1`)).datasets).toHaveLength(1);
});

test('more results than asked for, and unknown attributes, are said in the Warning header', async () => {
  expect((await get('/studies?limit=1')).headers.warning).toMatch(/additional results/);
  expect((await get('/studies?limit=3')).headers.warning).toBeUndefined();
  const unknown = await get('/studies?EyeColor=blue&00400275.00400009=1&fuzzymatching=true');
  expect(unknown.datasets).toHaveLength(3);
  expect(unknown.headers.warning).toMatch(/ignored: EyeColor, 00400275.00400009/);
  expect(unknown.headers.warning).toMatch(/fuzzymatching/);
});

test('thousands of unknown attributes do not make a header that no client can read', async () => {
  const names = Array.from({ length: 2500 }, (_, index) => `x${index}`).join('&');
  const answer = await get(`/studies?${names}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.warning).toMatch(/x9 and 2490 more/);
  expect((await get(`/studies?${encodeURIComponent('"\r\nSet-Cookie: a')}=1`)).headers['set-cookie']).toBeUndefined();
});

test('a query of megabytes is refused, and the server lives on', async () => {
  const answer = await get(`/studies?PatientName=${'x'.repeat(10_000_000)}`).catch((error: Error) => error);
  if ('status' in answer) expect(answer.status).toBe(431);
  else expect(answer.message).toMatch(/ECONNRESET|EPIPE/);
  expect((await get('/studies')).status).toBe(200);
});

test('other media types than DICOM JSON are not served', async () => {
  const accept = (type: string) => send(url, '/dicom-web/studies', { headers: { Accept: type } });
  expect((await accept('multipart/related; type="application/dicom+xml"')).status).toBe(406);
  for (const type of ['application/dicom+json', 'application/json', '*/*', 'application/*', 'text/html, */*;q=0.1']) {
    expect((await accept(type)).status).toBe(200);
  }
});

test('what the archive does not do is said', async () => {
  expect((await send(url, `/dicom-web/studies/${studyA}`, { method: 'DELETE' })).status).toBe(405);
  expect((await get('/patients')).status).toBe(405);
  expect((await get(`/studies/${studyA}/series/${ctSeries}/rendered`)).detail).toMatch(/does not render/);
  expect((await get('/studies/%E0%A4%A')).status).toBe(400);
});
