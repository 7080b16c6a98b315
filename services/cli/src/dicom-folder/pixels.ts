import { readFile } from 'node:fs/promises';
import { transferSyntaxOf } from '@voxelwise/dicom';
import type { DataSet } from 'dicom-parser';
import { Refusal } from '../refusal.ts';
import { decodeCompressed } from './decode-compressed.ts';
import { parseFile } from './parse-file.ts';
import type { Slice } from './slice.ts';
import { codingOf, EXPLICIT_BIG_ENDIAN } from './transfer-syntaxes.ts';

/** Stored values of one slice, row by row, and which of them are padding. */
export interface SlicePixels {
  readonly stored: Int32Array;
  /** 1 where the pixel is padding; null when the slice declares none. */
  readonly isPadding: Uint8Array | null;
  /** How many pixels are padding, by the value that was declared for it. */
  readonly padded: ReadonlyMap<number, number>;
}

/**
 * Reads the pixels of a slice.
 * @throws Refusal when they are damaged, truncated or cannot be decoded.
 */
export async function readPixels(slice: Slice): Promise<SlicePixels> {
  for await (const pixels of readFrames([slice])) return pixels;
  throw new Error('A slice has pixels.');
}

/**
 * Reads the pixels of frames of one image, one after the other, so that its file is read once.
 * @throws Refusal when they are damaged, truncated or cannot be decoded.
 */
export async function* readFrames(frames: readonly Slice[]): AsyncGenerator<SlicePixels> {
  const [first] = frames;
  if (!first) return;
  const { file, path, transferSyntaxUid } = first.header;
  const coding = codingOf(transferSyntaxUid);
  try {
    const parsed = parseFile(await readFile(path));
    if (!parsed || !coding) throw new Error('it changed while it was read');
    for (const frame of frames) {
      const words =
        coding === 'native'
          ? nativeWords(parsed.dataSet, frame)
          : wordsOf(await decodeCompressed(parsed.dataSet, frame, coding), frame, false);
      yield storedValues(words, frame);
    }
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    const reason = code && syscall ? `the system does not give it (${code})` : message;
    throw new Refusal(
      `The pixel data of ${file} (transfer syntax ${transferSyntaxUid}, ${transferSyntaxOf(transferSyntaxUid).name}) cannot be read: ${reason}; copy the file again from its source, or convert it to Explicit VR Little Endian.`,
    );
  }
}

function nativeWords(dataSet: DataSet, slice: Slice): Uint16Array {
  const element = dataSet.elements.x7fe00010;
  if (!element || element.fragments) throw new Error('it is encapsulated, although the transfer syntax says otherwise');
  const { rows, columns, frame = { number: 1, of: 1 } } = slice;
  const bytes = rows * columns * (slice.format.bitsAllocated / 8);
  const all = bytes * frame.of;
  // An odd number of bytes is padded to an even one; any other length belongs to another image.
  if (element.length !== all && element.length !== all + (all & 1)) {
    const frames = frame.of > 1 ? `${frame.of} frames of ` : '';
    throw new Error(`it has ${element.length} bytes where ${frames}${rows} x ${columns} pixels need ${all}`);
  }
  const isBigEndian = slice.header.transferSyntaxUid === EXPLICIT_BIG_ENDIAN;
  if (isBigEndian && slice.format.bitsAllocated === 8 && element.vr === 'OW') {
    throw new Error('8 bit pixels in big endian words are not read');
  }
  const from = element.dataOffset + (frame.number - 1) * bytes;
  const data = dataSet.byteArray.subarray(from, from + bytes);
  if (data.length !== bytes) throw new Error(`it has ${data.length} bytes where ${bytes} are needed`);
  return wordsOf(data, slice, isBigEndian);
}

/** Pixel cells as unsigned words. */
function wordsOf(bytes: Uint8Array, { format }: Slice, isBigEndian: boolean): Uint16Array {
  if (format.bitsAllocated === 8) return Uint16Array.from(bytes);
  const words = new Uint16Array(bytes.length >> 1);
  const [low, high] = isBigEndian ? [1, 0] : [0, 1];
  for (let i = 0; i < words.length; i++) words[i] = bytes[2 * i + low]! | (bytes[2 * i + high]! << 8);
  return words;
}

/** Takes the stored bits out of the pixel cells: bits above and below them (overlays, remains) are not part of a value. */
function storedValues(words: Uint16Array, { format, padding }: Slice): SlicePixels {
  const { bitsAllocated, bitsStored, highBit, isSigned } = format;
  const stored = new Int32Array(words.length);
  const toTop = 31 - highBit; // the highest stored bit becomes the sign bit, and the way back extends the sign
  const back = 32 - bitsStored;
  for (let i = 0; i < words.length; i++) {
    const top = words[i]! << toTop;
    stored[i] = isSigned ? top >> back : top >>> back;
  }
  const padded = new Map<number, number>();
  if (!padding) return { stored, isPadding: null, padded };

  // Some scanners pad with a value that does not fit the stored bits (-2000 in 12 bits): then the whole cell is meant.
  const lowest = isSigned ? -(2 ** (bitsStored - 1)) : 0;
  const highest = lowest + 2 ** bitsStored - 1;
  const isCellValue = padding[0] < lowest || padding[1] > highest;
  const cellShift = 32 - bitsAllocated;
  const isDeclared = (value: number) => value >= padding[0] && value <= padding[1];
  const isPadding = new Uint8Array(words.length);
  for (let i = 0; i < words.length; i++) {
    let value = stored[i]!;
    if (isCellValue && !isDeclared(value)) value = isSigned ? (words[i]! << cellShift) >> cellShift : words[i]!;
    if (!isDeclared(value)) continue;
    isPadding[i] = 1;
    padded.set(value, (padded.get(value) ?? 0) + 1);
  }
  return { stored, isPadding, padded };
}
