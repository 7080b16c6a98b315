import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type DicomObject, dicomObject, newUid, PIXELS } from '../dicom.test-support.ts';
import { partsOf, send } from '../http.test-support.ts';
import { cleanUp, serveArchive, type TestArchive } from '../viewer.test-support.ts';

const studyUid = newUid();
const seriesUid = newUid();
const inStudy = (attributes: Record<string, unknown> = {}) =>
  dicomObject({ attributes: { StudyInstanceUID: studyUid, SeriesInstanceUID: seriesUid, ...attributes } });
const first = inStudy({ InstanceNumber: 1 });
const second = inStudy({ InstanceNumber: 2 });
const otherSeries = inStudy({ SeriesInstanceUID: newUid() });
const pdfBytes = new Uint8Array(5000).map((_, index) => index % 251);
const pdf = dicomObject({
  pixels: undefined,
  attributes: {
    StudyInstanceUID: newUid(),
    MIMETypeOfEncapsulatedDocument: 'application/pdf',
    EncapsulatedDocument: pdfBytes.buffer,
  },
});

let server: TestArchive;
beforeAll(async () => {
  server = await serveArchive({
    '1.dcm': first.bytes,
    '2.dcm': second.bytes,
    '3.dcm': otherSeries.bytes,
    'pdf.dcm': pdf.bytes,
  });
});
afterAll(cleanUp);

const get = (path: string, accept?: string) =>
  send(server.url, `/dicom-web${path}`, { headers: accept ? { Accept: accept } : {} });
const pathOf = (object: DicomObject) =>
  `/studies/${object.studyUid}/series/${object.seriesUid}/instances/${object.uid}`;

test('metadata of an instance: every attribute, pixel data as a link that works', async () => {
  const answer = await get(`${pathOf(first)}/metadata`, 'application/dicom+json');
  expect(answer.headers['content-type']).toMatch(/^application\/dicom\+json/);
  const [dataset] = answer.datasets;
  expect(dataset?.['00080018']).toEqual({ vr: 'UI', Value: [first.uid] });
  expect(dataset?.['00280010']).toEqual({ vr: 'US', Value: [4] });
  expect(dataset?.['00083002']).toEqual({ vr: 'UI', Value: ['1.2.840.10008.1.2.1'] });
  const link = dataset?.['7FE00010']?.BulkDataURI ?? '';
  expect(link).toBe(`${server.url}/dicom-web${pathOf(first)}/bulkdata/7FE00010`);
  const pixels = await send(server.url, new URL(link).pathname, { headers: { Accept: 'application/octet-stream' } });
  expect([...pixels.body]).toEqual([...PIXELS]);
});

test('metadata of a series and of a study', async () => {
  expect((await get(`/studies/${studyUid}/series/${seriesUid}/metadata`)).datasets).toHaveLength(2);
  expect((await get(`/studies/${studyUid}/metadata`)).datasets).toHaveLength(3);
  expect((await get(`/studies/${studyUid}/metadata`, 'application/dicom+xml')).status).toBe(406);
});

test('links name the address that the client used, also behind a proxy that ends TLS', async () => {
  const { port } = new URL(server.url);
  const headers = { Host: `localhost:${port}`, 'X-Forwarded-Proto': 'https' };
  const { datasets } = await send(server.url, `/dicom-web${pathOf(first)}/metadata`, { headers });
  expect(datasets[0]?.['7FE00010']?.BulkDataURI).toMatch(`https://localhost:${port}/dicom-web/studies/`);
});

test('a study, a series and an instance come back byte for byte', async () => {
  const sorted = (buffers: Buffer[]) => buffers.map(one => one.toString('base64')).sort();
  const study = partsOf(await get(`/studies/${studyUid}`, 'multipart/related; type="application/dicom"'));
  expect(sorted(study.map(part => part.body))).toEqual(sorted([first.bytes, second.bytes, otherSeries.bytes]));
  expect(study[0]?.headers['content-type']).toBe('application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
  const series = partsOf(await get(`/studies/${studyUid}/series/${seriesUid}`));
  expect(sorted(series.map(part => part.body))).toEqual(sorted([first.bytes, second.bytes]));
  const single = await get(pathOf(first), 'application/dicom');
  expect(single.headers['content-type']).toBe('application/dicom');
  expect(single.body.equals(first.bytes)).toBe(true);
  expect((await get(pathOf(first), 'image/jpeg')).status).toBe(406);
});

test('HEAD sends the headers alone', async () => {
  const answer = await send(server.url, `/dicom-web${pathOf(first)}`, { method: 'HEAD' });
  expect([answer.status, answer.body.length]).toEqual([200, 0]);
});

test('a large value that is not pixels is a link; bytes come under the type that was asked for, unless it is a page', async () => {
  const [dataset] = (await get(`${pathOf(pdf)}/metadata`)).datasets;
  const link = new URL(dataset?.['00420011']?.BulkDataURI ?? '').pathname.replace('/dicom-web', '');
  const answer = await get(link, 'application/pdf');
  expect(answer.headers['content-type']).toBe('application/pdf');
  expect([...answer.body]).toEqual([...pdfBytes]);
  for (const type of ['text/html', 'image/svg+xml', 'text/javascript']) {
    expect((await get(link, type)).headers['content-type']).toMatch(/^application\/octet-stream/);
  }
  expect(partsOf(await get(link))[0]?.body).toHaveLength(5000);
  for (const missing of ['00420010', '00420011/0/00080018', '__proto__', '00420011%2f..', 'x/0/y']) {
    expect((await get(`${pathOf(pdf)}/bulkdata/${missing}`)).status).toBe(404);
  }
});

test.each([
  '/studies/1.2.3',
  '/studies/1.2.3/metadata',
  '/studies/..%2f..%2fetc/metadata',
  '/studies/%2e%2e',
  `/studies/${studyUid}/series/1.2.3`,
  `/studies/${studyUid}/series/${seriesUid}/instances/1.2.3`,
  `/studies/${studyUid}/series/${seriesUid}/instances/1.2.3/frames/1`,
  `/studies/${studyUid}/series/${otherSeries.seriesUid}/instances/${first.uid}`,
  `${pathOf(pdf)}/frames/1`,
])('%s is not there', async missing => {
  const answer = await get(missing);
  expect(answer.status).toBe(404);
  expect(answer.detail).not.toBe('');
});

test('WADO-URI serves whole objects', async () => {
  const query = `requestType=WADO&studyUID=${studyUid}&seriesUID=${seriesUid}&objectUID=${first.uid}`;
  const wado = (text: string) => send(server.url, `/wado?${text}`);
  const answer = await wado(`${query}&contentType=application%2Fdicom`);
  expect(answer.body.equals(first.bytes)).toBe(true);
  expect((await wado(query.replace(studyUid, '1.2.3'))).status).toBe(404);
  expect((await wado(`${query}&contentType=image%2Fjpeg`)).status).toBe(406);
  expect((await wado('objectUID=1.2.3')).status).toBe(400);
});

test('text of older character sets becomes Unicode', async () => {
  // dcmjs writes UTF-8 only; the placeholders are replaced by what a scanner of 1998 would have written.
  const latin1 = dicomObject({ attributes: { SpecificCharacterSet: 'ISO_IR 100', PatientName: 'M#ller^J#rg' } });
  latin1.bytes[latin1.bytes.indexOf('M#ller') + 1] = 0xfc;
  latin1.bytes[latin1.bytes.indexOf('J#rg') + 1] = 0xf6;
  const cyrillic = dicomObject({ attributes: { SpecificCharacterSet: 'ISO_IR 144', PatientName: '####' } });
  Buffer.from([0xbb, 0xee, 0xda, 0xd5]).copy(cyrillic.bytes, cyrillic.bytes.indexOf('####'));
  const { url } = await serveArchive({ 'latin1.dcm': latin1.bytes, 'cyrillic.dcm': cyrillic.bytes });
  const nameOf = async (object: DicomObject) =>
    (await send(url, `/dicom-web${pathOf(object)}/metadata`)).datasets[0]?.['00100010']?.Value;
  expect(await nameOf(latin1)).toEqual([{ Alphabetic: 'Müller^Jörg' }]);
  expect(await nameOf(cyrillic)).toEqual([{ Alphabetic: 'Люке' }]);
  expect((await send(url, `/dicom-web/studies?PatientName=${encodeURIComponent('MÜLLER*')}`)).datasets).toHaveLength(1);
});

test('a file that has vanished is an error without folders of this machine in it', async () => {
  const { url, folder } = await serveArchive({ '1.dcm': first.bytes });
  await rm(path.join(folder, 'archive', '1.dcm'));
  const errors = jest.spyOn(console, 'error').mockImplementation(() => {});
  for (const suffix of ['', '/metadata', '/frames/1']) {
    const answer = await send(url, `/dicom-web${pathOf(first)}${suffix}`, {
      headers: { Accept: suffix ? '*/*' : 'application/dicom' },
    });
    expect(answer.status).toBe(500);
    expect(answer.detail).toBe('A file cannot be read or written (ENOENT).');
  }
  errors.mockRestore();
});
