import type { DataSet } from 'dicom-parser';
import { decodeRle } from './decode-rle.ts';
import type { Slice } from './slice.ts';
import type { Coding } from './transfer-syntaxes.ts';

/**
 * Decodes the encapsulated frame of an image.
 * RLE is decoded here, the JPEG family by @cornerstonejs/dicom-codec. That package turns truncated streams into wrong
 * voxels without an error, and decodes JPEG Lossless wrongly for the predictors 4 and 6, so both are excluded before.
 * @returns the pixels' bytes, little endian.
 * @throws with the reason when the frame is damaged or coded in a way that is not decoded exactly.
 */
export async function decodeCompressed(dataSet: DataSet, slice: Slice, coding: Coding): Promise<Uint8Array> {
  const frame = frameOf(dataSet, slice);
  const { rows, columns, format, header } = slice;
  const bytesPerPixel = format.bitsAllocated / 8;
  if (coding === 'rle') return decodeRle(frame, rows * columns, bytesPerPixel);

  assertComplete(frame);
  if (coding === 'jpeg-lossless') assertFirstPredictor(frame);
  const decoded = await quietly(async () => {
    const { default: codec } = await import('@cornerstonejs/dicom-codec');
    const { bitsAllocated, isSigned: signed } = format;
    const info = { rows, columns, bitsAllocated, samplesPerPixel: 1, signed, pixelRepresentation: signed ? 1 : 0 };
    return codec.decode(frame, info, header.transferSyntaxUid);
  });
  const { buffer, byteOffset, byteLength } = decoded.imageFrame;
  const { imageInfo } = decoded;
  if (imageInfo.rows !== rows || imageInfo.columns !== columns || byteLength !== rows * columns * bytesPerPixel) {
    throw new Error(`it decodes to ${imageInfo.rows} x ${imageInfo.columns} pixels in ${byteLength} bytes`);
  }
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice(); // codecs reuse their memory
}

/**
 * The fragments of a frame, joined: a single-frame image has one frame, in however many fragments; frames of a multi-frame image
 * are told apart where each has one fragment, or where the offset table says where they begin.
 */
function frameOf(dataSet: DataSet, { frame = { number: 1, of: 1 } }: Slice): Uint8Array {
  const element = dataSet.elements.x7fe00010;
  const fragments = element?.fragments ?? [];
  if (fragments.length === 0) throw new Error('it has no compressed frame');
  const offsets = element?.basicOffsetTable ?? [];
  const index = frame.number - 1;
  const isOfFrame = (at: number, offset: number) => {
    if (frame.of === 1) return true;
    return offsets.length === frame.of
      ? offset >= offsets[index]! && offset < (offsets[index + 1] ?? Number.POSITIVE_INFINITY)
      : at === index;
  };
  if (frame.of > 1 && offsets.length !== frame.of && fragments.length !== frame.of) {
    throw new Error(`its ${frame.of} frames cannot be told apart in ${fragments.length} fragments`);
  }
  const own = fragments.filter(({ offset }, at) => isOfFrame(at, offset));
  if (own.length === 0) throw new Error(`it has no compressed frame ${frame.number}`);
  return Buffer.concat(own.map(f => dataSet.byteArray.subarray(f.position, f.position + f.length)));
}

/** JPEG, JPEG-LS and JPEG 2000 streams all end with the marker FFD9; at most padding follows. */
function assertComplete(frame: Uint8Array): void {
  let end = frame.length;
  while (end > 2 && frame[end - 1] === 0) end--;
  if (frame[end - 2] !== 0xff || frame[end - 1] !== 0xd9) throw new Error('the compressed frame is cut off');
}

/** Finds the start-of-scan marker of a JPEG Lossless stream and reads its predictor. */
function assertFirstPredictor(frame: Uint8Array): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  for (let at = 2; at + 4 <= frame.length; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) !== 0xffda) continue;
    const predictor = frame[at + 5 + 2 * frame[at + 4]!];
    if (predictor === 1) return;
    throw new Error(`it uses predictor ${predictor} of JPEG Lossless, and only predictor 1 is decoded`);
  }
  throw new Error('it has no scan');
}

/** The JPEG 2000 codec reports through console.log, which would end up in the JSON on stdout. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { log, info, warn, error } = console;
  const silent = () => {};
  Object.assign(console, { log: silent, info: silent, warn: silent, error: silent });
  try {
    return await work();
  } catch {
    // Codecs throw strings and bare numbers, and speak of their own insides.
    throw new Error('the compressed frame is damaged');
  } finally {
    Object.assign(console, { log, info, warn, error });
  }
}
