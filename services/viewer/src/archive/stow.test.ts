import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import { dicomObject, encapsulated, newUid } from '../dicom.test-support.ts';
import { type Answer, send, stowRequest } from '../http.test-support.ts';
import { cleanUp, serveArchive, type TestArchive } from '../viewer.test-support.ts';
import type { Dataset } from './dicom-json.ts';

let server: TestArchive;
beforeEach(async () => {
  server = await serveArchive();
});
afterEach(cleanUp);

const stow = (files: Uint8Array[], path = '/studies') => send(server.url, `/dicom-web${path}`, stowRequest(files));
const items = (answer: Answer, tag: string) => (answer.datasets[0]?.[tag]?.Value ?? []) as Dataset[];
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
/** Part of a report's tree, which dcmjs writes with undefined lengths. */
const REPORT = { ValueType: 'CONTAINER', ContentSequence: [{ ValueType: 'TEXT', TextValue: 'x'.repeat(60) }] };
const STORED = '00081199';
const FAILED = '00081198';
const OTHER_FAILURES = '0008119A';
const reasonOf = (item: Dataset | undefined) => item?.['00081197']?.Value?.[0];
/** Names of everything in the archive folder: what is unfinished would be among them. */
const filesOnDisk = async () => {
  const entries = await readdir(path.join(server.folder, 'archive'), { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => entry.name);
};

test('an object is stored under its UIDs, byte for byte, and found at once', async () => {
  const object = dicomObject();
  const answer = await stow([object.bytes]);
  expect(answer.status).toBe(200);
  expect(answer.datasets[0]?.['00081190']?.Value).toEqual([`${server.url}/dicom-web/studies/${object.studyUid}`]);
  const [stored] = items(answer, STORED);
  expect(stored?.['00081155']?.Value).toEqual([object.uid]);
  const url = String(stored?.['00081190']?.Value?.[0]);
  const retrieved = await send(server.url, new URL(url).pathname, { headers: { Accept: 'application/dicom' } });
  expect(retrieved.body.equals(object.bytes)).toBe(true);
  const file = path.join(server.folder, 'archive', object.studyUid, object.seriesUid, `${object.uid}.dcm`);
  expect((await readFile(file)).equals(object.bytes)).toBe(true);
  expect(await filesOnDisk()).toEqual([`${object.uid}.dcm`]);
  expect((await send(server.url, `/dicom-web/studies?StudyInstanceUID=${object.studyUid}`)).datasets).toHaveLength(1);
});

test('the same bytes again are accepted, other bytes under the same UID are refused', async () => {
  const object = dicomObject({ attributes: { PatientID: 'P-1' } });
  const forged = Buffer.from(object.bytes);
  forged.write('P-9', forged.indexOf('P-1'));
  await stow([object.bytes]);
  expect((await stow([object.bytes])).status).toBe(200);
  const answer = await stow([forged]);
  expect(answer.status).toBe(409);
  expect(reasonOf(items(answer, FAILED)[0])).toBe(0x0111);
  expect(answer.headers.warning).toMatch(/same SOP Instance UID/);
  const file = path.join(server.folder, 'archive', object.studyUid, object.seriesUid, `${object.uid}.dcm`);
  expect((await readFile(file)).equals(object.bytes)).toBe(true);
  expect(await filesOnDisk()).toHaveLength(1);
});

test('of two objects with the same UID that arrive together, one is stored', async () => {
  const attributes = { SOPInstanceUID: newUid(), StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
  const versions = Array.from({ length: 8 }, (_, index) =>
    dicomObject({ attributes: { ...attributes, PatientID: `P-${index}` } }),
  );
  const answers = await Promise.all(versions.map(({ bytes }) => stow([bytes])));
  expect(answers.filter(answer => answer.status === 200)).toHaveLength(1);
  expect(answers.filter(answer => answer.status === 409)).toHaveLength(7);
  expect(await filesOnDisk()).toHaveLength(1);
});

test('of several parts, the good ones are stored and the others named', async () => {
  const [one, two] = [dicomObject(), dicomObject()];
  const answer = await stow([one.bytes, Buffer.from('%PDF-1.7 not DICOM'), two.bytes]);
  expect(answer.status).toBe(202);
  expect(items(answer, STORED)).toHaveLength(2);
  expect(items(answer, OTHER_FAILURES).map(reasonOf)).toEqual([0xc000]);
  expect((await filesOnDisk()).sort()).toEqual([`${one.uid}.dcm`, `${two.uid}.dcm`].sort());
});

test('an object of another study than the one of the path is refused', async () => {
  const object = dicomObject();
  expect((await stow([object.bytes], `/studies/${object.studyUid}`)).status).toBe(200);
  const other = dicomObject();
  const answer = await stow([other.bytes], `/studies/${object.studyUid}`);
  expect(answer.status).toBe(409);
  expect(reasonOf(items(answer, FAILED)[0])).toBe(0xa900);
  expect((await stow([other.bytes], '/studies/..%2f..')).status).toBe(400);
  expect(await filesOnDisk()).toHaveLength(1);
});

test.each(['../../../../evil', '..', '/etc/passwd', '1.2.3/../../4', '1..2', '1..2', '1.2.3 ..', 'CON', ''])(
  'the UID "%s" never becomes a path',
  async evil => {
    for (const keyword of ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID']) {
      const { bytes } = dicomObject({ attributes: { [keyword]: evil } });
      const answer = await stow([bytes]);
      expect(answer.status).toBe(409);
    }
    expect(await filesOnDisk()).toEqual([]);
    expect(await readdir(path.join(server.folder, 'archive'))).toEqual([]);
    expect(existsSync(path.join(server.folder, '..', 'evil.dcm'))).toBe(false);
  },
);

test('truncated objects are refused, wherever they end', async () => {
  const { bytes } = dicomObject();
  for (const length of [0, 100, 131, 132, 140, 200, 400, bytes.length - 40, bytes.length - 1]) {
    const answer = await stow([bytes.subarray(0, length)]);
    expect([length, answer.status]).toEqual([length, 409]);
  }
  const compressed = encapsulated({ transferSyntaxUid: '1.2.840.10008.1.2.5' }, [Buffer.alloc(1000, 1)]);
  expect((await stow([compressed.subarray(0, -500)])).status).toBe(409);
  expect((await stow([compressed.subarray(0, -8)])).status).toBe(409);
  expect((await stow([compressed])).status).toBe(200);
  expect(await filesOnDisk()).toHaveLength(1);
});

test.each([
  ['an implicit VR document', IMPLICIT, { EncapsulatedDocument: new Uint8Array(2000).buffer }],
  ['a report with sequences of undefined length', EXPLICIT, { ContentSequence: [REPORT, REPORT] }],
])('%s that is cut off within its last element is refused', async (_name, transferSyntaxUid, last) => {
  const object = dicomObject({ pixels: undefined, transferSyntaxUid, attributes: last });
  const { elements } = dicomParser.parseDicom(object.bytes);
  const lastElement = Math.max(...Object.values(elements).map(({ dataOffset }) => dataOffset));
  for (let length = lastElement; length < object.bytes.length; length += 7) {
    const answer = await stow([object.bytes.subarray(0, length)]);
    expect([length, answer.status]).toEqual([length, 409]);
    expect(answer.headers.warning).toMatch(/cut off: it ends inside|cannot be parsed/);
  }
  expect((await stow([object.bytes])).status).toBe(200);
});

test.each([
  ['fewer pixels than frames', { attributes: { NumberOfFrames: 3 } }, /pixel data is shorter than its frames/],
  ['no SOP class', { attributes: { SOPClassUID: '' } }, /SOP Class UID is missing/],
])('an object with %s is refused in a sentence', async (_name, options, sentence) => {
  const object = dicomObject(options);
  const answer = await stow([object.bytes]);
  expect(answer.status).toBe(409);
  expect(answer.headers.warning).toMatch(sentence);
  expect(await filesOnDisk()).toEqual([]);
});

test.each([
  ['multipart/related; type="application/dicom"', '', 400, /boundary/],
  ['multipart/related; type="application/dicom"; boundary=b', '', 400, /./],
  ['multipart/related; type="application/dicom"; boundary=b', 'no boundary at all', 400, /./],
  ['multipart/related; type="application/dicom"; boundary=b', '--b--\r\n', 400, /no part/],
  [
    'multipart/related; type="application/dicom"; boundary=b',
    '--b\r\nContent-Type: application/dicom\r\n\r\nabc',
    400,
    /before its last/,
  ],
  ['multipart/related; type="application/dicom+json"; boundary=b', '--b--', 415, /multipart\/related/],
  ['multipart/form-data; boundary=b', '--b--', 415, /multipart\/related/],
  ['application/dicom', 'DICM', 415, /multipart\/related/],
  ['text/plain', 'x', 415, /multipart\/related/],
])('a body of %s that begins %j is refused with %i', async (type, body, status, sentence) => {
  const answer = await send(server.url, '/dicom-web/studies', {
    method: 'POST',
    headers: { 'Content-Type': type },
    body,
  });
  expect(answer.status).toBe(status);
  expect(answer.detail).toMatch(sentence);
  expect(await filesOnDisk()).toEqual([]);
});

test('a quoted boundary, a missing type and headers in any order are understood', async () => {
  const { bytes } = dicomObject();
  const { body } = stowRequest([bytes], 'a b:c');
  const headers = { 'Content-Type': 'multipart/related; boundary="a b:c"' };
  expect((await send(server.url, '/dicom-web/studies', { method: 'POST', headers, body: body ?? '' })).status).toBe(
    200,
  );
});

test('a client that goes away in the middle leaves nothing unfinished', async () => {
  const { bytes } = dicomObject({ pixels: new Uint8Array(2 * 512 * 512), attributes: { Rows: 512, Columns: 512 } });
  const { headers, body } = stowRequest([bytes]);
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST /dicom-web/studies HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: ${headers?.['Content-Type']}\r\n` +
      `Content-Length: ${body?.length}\r\n\r\n`,
  );
  await new Promise<void>(resolve => socket.write(body?.slice(0, 200_000) ?? '', () => resolve()));
  const seen = async () => (await filesOnDisk()).length;
  while ((await seen()) === 0) await new Promise(resolve => setTimeout(resolve, 5));
  socket.destroy();
  while ((await seen()) > 0) await new Promise(resolve => setTimeout(resolve, 5));
  expect((await stow([bytes])).status).toBe(200);
});

test('an object whose file was removed while the viewer runs can come back', async () => {
  const object = dicomObject();
  await stow([object.bytes]);
  await rm(path.join(server.folder, 'archive', object.studyUid), { recursive: true });
  expect((await stow([object.bytes])).status).toBe(200);
  expect(await filesOnDisk()).toEqual([`${object.uid}.dcm`]);
  expect(server.archive.instanceCount).toBe(1);
});

test('five hundred requests at once are all stored', async () => {
  const attributes = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
  const objects = Array.from({ length: 500 }, (_, index) =>
    dicomObject({ attributes: { ...attributes, InstanceNumber: index } }),
  );
  const answers = await Promise.all(objects.map(({ bytes }) => stow([bytes])));
  expect(answers.filter(answer => answer.status === 200)).toHaveLength(500);
  expect(await filesOnDisk()).toHaveLength(500);
  const listed = await send(server.url, `/dicom-web/studies/${attributes.StudyInstanceUID}/instances`);
  expect(listed.datasets).toHaveLength(500);
}, 20_000);
