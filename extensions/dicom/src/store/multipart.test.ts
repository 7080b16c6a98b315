import { decodeMultipart, encodeMultipart } from './multipart.ts';

const bytesOf = async (body: Blob) => new Uint8Array(await body.arrayBuffer());
const text = (value: string) => new TextEncoder().encode(value);

test('files of any bytes, empty ones and ones that end in line breaks come back exactly', async () => {
  const files = [
    new Uint8Array(0),
    text('\r\n'),
    text('--\r\n\r\n--'),
    Uint8Array.from({ length: 70_001 }, (_, index) => (index * 73 + (index >> 8)) & 0xff),
    text('\r\n--voxelwise-'),
  ];
  const { body, contentType } = encodeMultipart(files, 'application/dicom');
  expect(decodeMultipart(await bytesOf(body), contentType)).toEqual(files);
});

test('the framing is that of RFC 2046', async () => {
  const { body, contentType } = encodeMultipart([text('A'), text('B')], 'application/dicom', () => 'b');
  expect(contentType).toBe('multipart/related; type="application/dicom"; boundary=b');
  expect(await body.text()).toBe(
    '--b\r\nContent-Type: application/dicom\r\n\r\nA\r\n--b\r\nContent-Type: application/dicom\r\n\r\nB\r\n--b--\r\n',
  );
});

test('a boundary that occurs in a file is not used', async () => {
  const candidates = ['first', 'second', 'third'];
  const files = [text('x\r\n--first\r\ny'), text('--second--')];
  const { body, contentType } = encodeMultipart(files, 'application/dicom', () => candidates.shift() ?? '');
  expect(contentType).toMatch(/boundary=third$/);
  expect(decodeMultipart(await bytesOf(body), contentType)).toEqual(files);
});

test('boundaries differ from request to request', () => {
  const types = Array.from({ length: 50 }, () => encodeMultipart([], 'application/dicom').contentType);
  expect(new Set(types).size).toBe(50);
});

test.each([
  [
    'a preamble, spaces behind the boundary, an epilogue',
    'preamble\r\n--b  \r\nA: 1\r\n\r\nx\r\n--b--\r\nepilogue',
    ['x'],
  ],
  [
    'no line break before the first boundary',
    '--b\r\nA: 1\r\nB: 2\r\n\r\nx\r\n--b\r\nA: 1\r\n\r\ny\r\n--b--',
    ['x', 'y'],
  ],
  ['no part', '--b--', []],
])('%s', (_name, body, parts) => {
  for (const type of ['multipart/related; boundary=b', 'Multipart/Related; type="application/dicom"; boundary="b"']) {
    expect(decodeMultipart(text(body), type)?.map(part => new TextDecoder().decode(part))).toEqual(parts);
  }
});

test.each([
  ['multipart/related; boundary=b', '--b\r\nA: 1\r\n\r\nhalf a file'],
  ['multipart/related; boundary=b', '--b\r\nA: 1\r\n\r\nx\r\n--b\r\nA: 1\r\n\r\ny'],
  ['multipart/related; boundary=b', '--b\r\nheader without an end\r\n--b--'],
  ['multipart/related; boundary=b', ''],
  ['multipart/related; boundary=other', '--b\r\nA: 1\r\n\r\nx\r\n--b--'],
  ['multipart/related', '--b\r\nA: 1\r\n\r\nx\r\n--b--'],
  ['application/dicom', 'DICM'],
])('%s with body %j is not read', (type, body) => {
  expect(decodeMultipart(text(body), type)).toBeNull();
});
