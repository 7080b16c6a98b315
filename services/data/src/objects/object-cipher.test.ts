import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { newDataKey } from '../keys/data-keys.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { DamagedObjectError, ObjectStoreError } from './errors.ts';
import { decrypted, type EncryptionContext, encrypted } from './object-cipher.ts';
import { bytesOf, digestOf, failingAfter } from './object-store.test-support.ts';

const { dataKey } = newDataKey(newKeyRing());
const context: EncryptionContext = { site: 'Köln', purpose: 'object', storageKey: 'objects/ab/1' };
const name = 'The object 1';

async function bytesIn(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collect(stream));
}
async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}
const open = (stored: Buffer, key = dataKey, as = context) => decrypted(Readable.from([stored]), key, as, { name });

/** What comes out before the error that must come. */
async function damaged(stream: AsyncIterable<Uint8Array>): Promise<{ released: Buffer; message: string }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
  } catch (error) {
    expect(error).toBeInstanceOf(DamagedObjectError);
    return { released: Buffer.concat(chunks), message: (error as Error).message };
  }
  throw new Error('It was read to its end.');
}

test.each([0, 1, 65_535, 65_536, 65_537, 1_000_000])('%d bytes come back as they were', async sizeBytes => {
  const stored = await bytesIn(encrypted(bytesOf(sizeBytes), dataKey, context));
  expect(await digestOf(open(stored))).toBe(await digestOf(bytesOf(sizeBytes)));
  // In whatever pieces it arrives.
  const pieces = function* () {
    for (let start = 0; start < stored.length; start += 997) yield stored.subarray(start, start + 997);
  };
  const inPieces = decrypted(Readable.from(pieces()), dataKey, context, { name });
  expect(await digestOf(inPieces)).toBe(await digestOf(bytesOf(sizeBytes)));
});

test('the stored bytes show neither the content nor the same bytes twice', async () => {
  const sentence = Buffer.from('Mrs Miller has a nodule in the left upper lobe. ');
  const plain = () => Readable.from([Buffer.concat(Array<Buffer>(4_000).fill(sentence))]);
  const first = await bytesIn(encrypted(plain(), dataKey, context));
  const second = await bytesIn(encrypted(plain(), dataKey, context));
  expect(first.includes(sentence.subarray(0, 12))).toBe(false);
  expect(first.equals(second)).toBe(false);
});

test('a flipped bit at any place is detected, and nothing that is not authentic comes out', async () => {
  const plain = await bytesIn(bytesOf(150_000));
  const stored = await bytesIn(encrypted(bytesOf(150_000), dataKey, context));
  const frame = 65_536 + 4 + 12 + 16;
  const header = stored.length - 2 * frame - (150_000 - 2 * 65_536 + 4 + 4 + 12 + 4 + 16);
  // Every byte of the header; of frames and their ends the sequence number, iv, content and tag.
  const places = [
    ...Array.from({ length: header }, (_, index) => index),
    ...[0, 4, 16, 17, 40_000, frame - 17, frame - 16, frame - 1].map(place => header + place),
    ...[0, 4, 16, frame - 1].map(place => header + frame + place),
    ...[0, 4, 8, 20, 24, 2_000].map(place => header + 2 * frame + place),
    ...[1, 16, 17].map(place => stored.length - place),
  ];
  for (const place of places) {
    const changed = Buffer.from(stored);
    changed[place]! ^= 1 << (place % 8);
    const { released, message } = await damaged(open(changed));
    expect(message).toMatch(/^The object 1 is damaged: /);
    expect(plain.subarray(0, released.length).equals(released)).toBe(true);
    expect(released.length).toBeLessThanOrEqual(place < header + frame ? 0 : 2 * 65_536);
  }
}, 60_000);

test('any change of any byte of any object is detected', async () => {
  const change = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(change, async ([content, place, bits]) => {
      const stored = await bytesIn(encrypted(Readable.from([Buffer.from(content)]), dataKey, context));
      stored[place % stored.length]! ^= bits;
      expect((await damaged(open(stored))).released).toHaveLength(0);
    }),
    { numRuns: 500 },
  );
}, 30_000);

test('what was added after the end does not come out', async () => {
  const stored = await bytesIn(encrypted(bytesOf(100), dataKey, context));
  expect(await digestOf(open(Buffer.concat([stored, stored])))).toBe(await digestOf(bytesOf(100)));
});

test('an end that is missing is detected, wherever it was cut', async () => {
  const stored = await bytesIn(encrypted(bytesOf(150_000), dataKey, context));
  const frame = 65_536 + 4 + 12 + 16;
  for (const length of [
    0,
    1,
    20,
    200,
    400,
    stored.length - 2 * frame,
    stored.length - frame,
    stored.length - 16,
    stored.length - 1,
  ]) {
    expect((await damaged(open(stored.subarray(0, length)))).message).toMatch(/^The object 1 is damaged: /);
  }
});

test('frames in another order, twice, or of another message are detected', async () => {
  const stored = await bytesIn(encrypted(bytesOf(200_000), dataKey, context));
  const other = await bytesIn(encrypted(bytesOf(200_000, 2), dataKey, context));
  const frame = 65_536 + 4 + 12 + 16;
  const header = stored.length - 3 * frame - (200_000 - 3 * 65_536 + 4 + 4 + 12 + 4 + 16);
  const part = (from: Buffer, index: number) => from.subarray(header + index * frame, header + (index + 1) * frame);
  const head = stored.subarray(0, header);
  for (const parts of [
    [head, part(stored, 1), part(stored, 0), stored.subarray(header + 2 * frame)],
    [head, part(stored, 0), part(stored, 0), stored.subarray(header + 2 * frame)],
    [head, part(other, 0), stored.subarray(header + frame)],
    [other.subarray(0, header), stored.subarray(header)],
  ]) {
    await damaged(open(Buffer.concat(parts)));
  }
});

test.each<[string, EncryptionContext]>([
  ['site', { ...context, site: 'Bonn' }],
  ['purpose', { ...context, purpose: 'export' }],
  ['storage-key', { ...context, storageKey: 'objects/ab/2' }],
])('an object that was stored as another %s is refused before a byte of it comes out', async (part, as) => {
  const stored = await bytesIn(encrypted(bytesOf(100_000), dataKey, context));
  const { released, message } = await damaged(open(stored, dataKey, as));
  expect(released).toHaveLength(0);
  expect(message).toBe(`The object 1 is damaged: it was stored as another ${part}`);
});

test('another data key opens nothing', async () => {
  const stored = await bytesIn(encrypted(bytesOf(100_000), dataKey, context));
  const other = newDataKey(newKeyRing()).dataKey;
  for (const key of [other, { ...other, id: dataKey.id }]) {
    expect((await damaged(open(stored, key))).released).toHaveLength(0);
  }
});

test('an error of the source is told as it is, in both directions', async () => {
  for (const sizeBytes of [0, 10, 200_000]) {
    const failure = new ObjectStoreError('unreachable', 'The object store does not answer.');
    const source = failingAfter(sizeBytes, failure);
    await expect(collect(encrypted(source, dataKey, context))).rejects.toBe(failure);
    const stored = await bytesIn(encrypted(bytesOf(300_000), dataKey, context));
    const broken = function* () {
      yield stored.subarray(0, sizeBytes);
      throw failure;
    };
    await expect(collect(decrypted(Readable.from(broken()), dataKey, context, { name }))).rejects.toBe(failure);
  }
});

test('who leaves early closes the source, in both directions', async () => {
  const stored = await bytesIn(encrypted(bytesOf(5_000_000), dataKey, context));
  for (const [source, made] of [
    ((plain: Readable) => [plain, encrypted(plain, dataKey, context)] as const)(bytesOf(5_000_000)),
    ((bytes: Readable) => [bytes, decrypted(bytes, dataKey, context, { name })] as const)(
      Readable.from([stored.subarray(0, 1_000_000), stored.subarray(1_000_000)]),
    ),
  ]) {
    for await (const chunk of made) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await sleep(20);
    expect(source.destroyed).toBe(true);
  }
});
