import type { Content } from './content.ts';
import { type Agreement, known, unknown } from './known-agreement.ts';
import { type MaskDice, masksToCompare } from './segment-agreement.ts';

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/**
 * Dice = 2 |A ∩ B| / (|A| + |B|) of two packed masks (MASK_MEDIA_TYPE), read as streams; 1 where both are empty. Unknown where
 * they are not of one length: they are not masks of the same volume.
 */
export async function diceOfMasks(a: AsyncIterable<Uint8Array>, b: AsyncIterable<Uint8Array>): Promise<Agreement> {
  const readA = byteReader(a);
  const readB = byteReader(b);
  try {
    let inBoth = 0;
    let inEither = 0;
    for (;;) {
      const [bytesA, bytesB] = [await readA.rest(), await readB.rest()];
      const length = Math.min(bytesA.length, bytesB.length);
      if (length === 0) {
        if (bytesA.length !== bytesB.length) return unknown('masks-differ-in-size');
        return known(inEither === 0 ? 1 : (2 * inBoth) / inEither);
      }
      for (let index = 0; index < length; index++) {
        const byteA = bytesA[index]!;
        const byteB = bytesB[index]!;
        inBoth += BITS_SET[byteA & byteB]!;
        inEither += BITS_SET[byteA]! + BITS_SET[byteB]!;
      }
      readA.take(length);
      readB.take(length);
    }
  } finally {
    await Promise.all([readA.close(), readB.close()]);
  }
}

/**
 * Compares the masks that the agreements among these contents need, one pair after the other.
 *
 * @param open the bytes of a mask by its digest; what it throws is thrown on
 */
export async function compareMasks(
  contents: readonly Content[],
  open: (sha256: string) => Promise<AsyncIterable<Uint8Array>>,
): Promise<MaskDice> {
  const compared = new Map<string, Agreement>();
  const segmentations = contents.filter(content => content.kind === 'segmentation');
  for (const [index, one] of segmentations.entries()) {
    for (const other of segmentations.slice(index + 1)) {
      for (const [maskA, maskB] of masksToCompare(one, other)) {
        const key = pairKey(maskA, maskB);
        if (!compared.has(key)) compared.set(key, await diceOfMasks(await open(maskA), await open(maskB)));
      }
    }
  }
  return (one, other) => compared.get(pairKey(one, other)) ?? null;
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

/** What is left of the current chunk of a stream; empty at its end. */
function byteReader(stream: AsyncIterable<Uint8Array>) {
  const iterator = stream[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array();
  return {
    async rest(): Promise<Uint8Array> {
      while (chunk.length === 0) {
        const { done, value } = await iterator.next();
        if (done) break;
        chunk = value;
      }
      return chunk;
    },
    take(length: number) {
      chunk = chunk.subarray(length);
    },
    async close() {
      await iterator.return?.();
    },
  };
}
