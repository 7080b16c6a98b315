import { createHash, randomBytes } from 'node:crypto';
import { calciumPrediction, startTestService, type TestService } from '../testing/service.test-support.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ OBJECT_LIMIT_BYTES: '200000' });
});
afterAll(() => service?.stop());

const mediaType = 'application/vnd.voxelwise.mask';
const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const upload = (bytes: Buffer, sha256 = digestOf(bytes)) =>
  service.request('PUT', `/objects/${sha256}`, { bytes, mediaType });

test('an object is uploaded once, tied to its record, and comes back', async () => {
  const bytes = randomBytes(100_000);
  const sha256 = digestOf(bytes);
  expect((await upload(bytes)).status).toBe(201);
  expect((await upload(bytes)).json.outcome).toBe('repeated');
  const prediction = calciumPrediction({ objects: [{ name: 'mask', sha256, sizeBytes: bytes.length, mediaType }] });
  expect((await service.request('POST', '/predictions', { json: prediction })).status).toBe(201);
  const response = await fetch(`${service.url}/api/predictions/${prediction.id}/objects/mask`, {
    headers: { Authorization: await service.as() },
  });
  expect(response.headers.get('content-type')).toContain(mediaType);
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  const { json } = await service.request('GET', `/predictions/${prediction.id}`);
  expect(json.prediction.objects).toEqual(prediction.objects);
});

test('twenty uploads of the same content at once are one row', async () => {
  const bytes = randomBytes(50_000);
  const answers = await Promise.all(Array.from({ length: 20 }, () => upload(bytes)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
  expect(await service.database.db.prisma.storedObject.count({ where: { sha256: digestOf(bytes) } })).toBe(1);
});

test('content of another digest, too much of it, and other media types are refused', async () => {
  const bytes = randomBytes(1000);
  const mismatch = await upload(bytes, digestOf(randomBytes(10)));
  expect([mismatch.status, mismatch.json.code]).toEqual([422, 'digest-mismatch']);
  const large = await upload(randomBytes(200_001));
  expect([large.status, large.json.code]).toEqual([413, 'too-large']);
  const other = await service.request('PUT', `/objects/${digestOf(bytes)}`, { bytes, mediaType: 'text/html' });
  expect([other.status, other.json.code]).toEqual([415, 'unsupported-media-type']);
});

test('a record that refers to what was not uploaded is not stored', async () => {
  const bytes = randomBytes(10);
  const object = { name: 'mask', sha256: digestOf(bytes), sizeBytes: 10, mediaType };
  const missing = await service.request('POST', '/predictions', { json: calciumPrediction({ objects: [object] }) });
  expect([missing.status, missing.json.code]).toEqual([422, 'object-missing']);
  await upload(bytes);
  const otherSize = await service.request('POST', '/predictions', {
    json: calciumPrediction({ objects: [{ ...object, sizeBytes: 11 }] }),
  });
  expect([otherSize.status, otherSize.json.code]).toEqual([422, 'object-missing']);
});
