import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import { type DicomObject, dicomObject, encapsulated, newUid } from '../dicom.test-support.ts';
import { type Answer, partsOf, send } from '../http.test-support.ts';
import { cleanUp, serveArchive, temporaryFolder } from '../viewer.test-support.ts';

afterEach(cleanUp);

const FRAME_BYTES = 64 * 64 * 2;
const pixels = new Uint8Array(randomBytes(3 * FRAME_BYTES)); // noise: compression makes it longer, in many fragments
const multiframe = {
  pixels,
  attributes: { Rows: 64, Columns: 64, NumberOfFrames: 3, BitsStored: 16, HighBit: 15 },
};
const frameOf = (index: number) => Buffer.from(pixels.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES));

const serveObject = async (object: Pick<DicomObject, 'studyUid' | 'seriesUid' | 'uid'>, bytes: Uint8Array) => {
  const { url } = await serveArchive({ 'object.dcm': bytes });
  const base = `/dicom-web/studies/${object.studyUid}/series/${object.seriesUid}/instances/${object.uid}`;
  return (suffix: string, accept?: string): Promise<Answer> =>
    send(url, base + suffix, { headers: accept ? { Accept: accept } : {} });
};

test('native frames: one, several, in the order and number that was asked for', async () => {
  const object = dicomObject(multiframe);
  const get = await serveObject(object, object.bytes);
  const single = await get('/frames/2', 'application/octet-stream');
  expect(single.headers['content-type']).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
  expect(single.body.equals(frameOf(1))).toBe(true);
  const parts = partsOf(
    await get('/frames/3,1,1', 'multipart/related; type=application/octet-stream; transfer-syntax=*'),
  );
  expect(parts.map(part => [0, 1, 2].findIndex(index => part.body.equals(frameOf(index))))).toEqual([2, 0, 0]);
  expect(parts[0]?.headers['content-location']).toMatch(/\/frames\/3$/);
});

test('frames of floating point values, as parametric maps have them', async () => {
  const values = new Float32Array(3 * 4 * 5).map((_, index) => index / 3);
  const object = dicomObject({
    pixels: undefined,
    attributes: {
      Rows: 4,
      Columns: 5,
      SamplesPerPixel: 1,
      BitsAllocated: 32,
      NumberOfFrames: 3,
      FloatPixelData: values.buffer,
    },
  });
  const get = await serveObject(object, object.bytes);
  const second = Buffer.from(values.buffer, 80, 80);
  expect((await get('/frames/2', 'application/octet-stream')).body.equals(second)).toBe(true);
  const [metadata] = (await get('/metadata')).datasets;
  expect(metadata?.['7FE00008']?.vr).toBe('OF');
  const link = new URL(metadata?.['7FE00008']?.BulkDataURI ?? '').pathname;
  const whole = await get(link.slice(link.indexOf('/bulkdata')), 'application/octet-stream');
  expect(whole.body.equals(Buffer.from(values.buffer))).toBe(true);
});

test.each([
  ['4', 404],
  ['1,4', 404],
  ['0', 400],
  ['-1', 400],
  ['1.5', 400],
  ['a', 400],
  ['1,,2', 400],
  ['99999999999999999999', 404],
])('frames/%s is refused with %i', async (list, status) => {
  const object = dicomObject(multiframe);
  const get = await serveObject(object, object.bytes);
  expect((await get(`/frames/${list}`)).status).toBe(status);
});

test('implicit VR is announced as what OHIF reads, with the same bytes', async () => {
  const object = dicomObject({ ...multiframe, transferSyntaxUid: '1.2.840.10008.1.2' });
  const get = await serveObject(object, object.bytes);
  const answer = await get('/frames/3', 'application/octet-stream');
  expect(answer.headers['content-type']).toMatch('transfer-syntax=1.2.840.10008.1.2.1');
  expect(answer.body.equals(frameOf(2))).toBe(true);
});

test('one-bit frames that start in the middle of a byte are shifted to its beginning', async () => {
  // 3 frames of 3 x 3 bits, least significant first: all ones, then only the first and last, then all ones.
  const bits = '111111111100000001111111111'.padEnd(32, '0');
  const bytes = new Uint8Array(4).map((_, index) =>
    Number.parseInt([...bits.slice(index * 8, index * 8 + 8)].reverse().join(''), 2),
  );
  const attributes = { Rows: 3, Columns: 3, NumberOfFrames: 3, BitsAllocated: 1, BitsStored: 1, HighBit: 0 };
  const object = dicomObject({ pixels: bytes, attributes });
  const get = await serveObject(object, object.bytes);
  const frames = partsOf(await get('/frames/1,2,3')).map(part => [...part.body]);
  expect(frames).toEqual([
    [0xff, 1],
    [1, 1],
    [0xff, 1],
  ]);
});

test('native pixel data that is shorter than its frames is an error, not bytes of something else', async () => {
  const object = dicomObject({ ...multiframe, attributes: { ...multiframe.attributes, NumberOfFrames: 4 } });
  const get = await serveObject(object, object.bytes);
  const answer = await get('/frames/1');
  expect([answer.status, answer.detail]).toEqual([500, expect.stringMatching(/shorter than its frames/)]);
});

const tools = existsSync('/usr/bin/dcmcrle') && existsSync('/usr/bin/dcmcjpeg');
if (!tools && process.env.CI) throw new Error('CI is set, but dcmtk is missing.');
const withTools = tools ? test : test.skip;

withTools.each([
  ['RLE', '1.2.840.10008.1.2.5', 'dcmcrle', []],
  ['JPEG lossless', '1.2.840.10008.1.2.4.70', 'dcmcjpeg', []],
  ['RLE in fragments with offset table', '1.2.840.10008.1.2.5', 'dcmcrle', ['+fs', '1']],
  ['JPEG in fragments with offset table', '1.2.840.10008.1.2.4.70', 'dcmcjpeg', ['+fs', '1']],
  ['JPEG in fragments without offset table', '1.2.840.10008.1.2.4.70', 'dcmcjpeg', ['+fs', '1', '-ot']],
])('%s: frames come as they are stored', async (_name, transferSyntax, tool, options) => {
  const object = dicomObject(multiframe);
  const folder = await temporaryFolder();
  const [from, to] = [path.join(folder, 'native.dcm'), path.join(folder, 'compressed.dcm')];
  await writeFile(from, object.bytes);
  const run = spawnSync(tool, [...options, from, to], { encoding: 'utf8' });
  expect(`${run.stderr}${run.status}`).toMatch(/0$/);
  const bytes = await readFile(to);
  const element = dicomParser.parseDicom(bytes).elements.x7fe00010;
  const fragments = (element?.fragments ?? []).map(({ position, length }) =>
    bytes.subarray(position, position + length),
  );
  expect(fragments.length > 3).toBe(options.length > 0);

  const get = await serveObject(object, bytes);
  const parts = partsOf(await get('/frames/1,2,3'));
  expect(parts[0]?.headers['content-type']).toBe(`application/octet-stream; transfer-syntax=${transferSyntax}`);
  expect(Buffer.concat(parts.map(part => part.body)).equals(Buffer.concat(fragments))).toBe(true);
  for (const [index, { body }] of parts.entries()) {
    // Every frame decodes on its own to what was compressed, by another program.
    const alone = path.join(folder, `frame-${index}.dcm`);
    const attributes = { Rows: 64, Columns: 64 };
    await writeFile(alone, encapsulated({ attributes, transferSyntaxUid: transferSyntax }, [body]));
    const decoded = path.join(folder, `frame-${index}-decoded.dcm`);
    expect(spawnSync(tool.replace('dcmc', 'dcmd'), [alone, decoded], { encoding: 'utf8' }).stderr).toBe('');
    const file = await readFile(decoded);
    expect(file.subarray(-FRAME_BYTES).equals(frameOf(index))).toBe(true);
  }
  const whole = partsOf(await get('/bulkdata/7FE00010'));
  expect(whole.map(part => part.body.length)).toEqual(parts.map(part => part.body.length));
});

test('a transfer syntax that nobody knows is passed through', async () => {
  const ids = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid(), SOPInstanceUID: newUid() };
  const transferSyntaxUid = '1.2.826.0.1.3680043.9.7.99';
  const attributes = { ...ids, NumberOfFrames: 2 };
  const frames = [Buffer.from('first frame.'), Buffer.from('second frame')];
  const bytes = encapsulated({ attributes, transferSyntaxUid }, frames);
  const object = { studyUid: ids.StudyInstanceUID, seriesUid: ids.SeriesInstanceUID, uid: ids.SOPInstanceUID };
  const get = await serveObject(object, bytes);
  const parts = partsOf(await get('/frames/1,2'));
  expect(parts.map(part => part.body.toString())).toEqual(frames.map(String));
  expect(parts[0]?.headers['content-type']).toMatch(transferSyntaxUid);
  expect((await get('', 'application/dicom')).body.equals(bytes)).toBe(true);
  expect((await get('/metadata')).datasets[0]?.['00083002']?.Value).toEqual([transferSyntaxUid]);
});

test('frames that nothing tells apart are refused; the fragments are served as bulk data', async () => {
  const ids = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid(), SOPInstanceUID: newUid() };
  const attributes = { ...ids, NumberOfFrames: 2 };
  const fragments = ['one.', 'two.', 'three.'].map(text => Buffer.from(text));
  const bytes = encapsulated({ attributes, transferSyntaxUid: '1.2.826.0.1.3680043.9.7.99' }, fragments);
  const object = { studyUid: ids.StudyInstanceUID, seriesUid: ids.SeriesInstanceUID, uid: ids.SOPInstanceUID };
  const get = await serveObject(object, bytes);
  expect((await get('/frames/1')).status).toBe(406);
  expect((await get('/bulkdata/7FE00010', 'application/octet-stream')).text).toBe('one.two.three.');
});
