import { type FileHandle, open, readFile } from 'node:fs/promises';
import dicomParser from 'dicom-parser';
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  MalformedDicomError,
  type Part10Header,
  readPart10Header,
  readRange,
} from './part10.ts';

// Where each frame of an object lies in its file. Compressed frames are handed out as they are: nothing is decoded,
// so every transfer syntax works, known or not. dicom-parser can find fragments too, but wants the whole file in memory.

export interface ByteRange {
  offset: number;
  length: number;
}

export interface FrameTable {
  /** Transfer syntax of the bytes handed out: native little endian data always counts as Explicit VR Little Endian. */
  transferSyntaxUid: string;
  encapsulated: boolean;
  /** The whole data set is deflated: offsets count within the inflated bytes. */
  deflated: boolean;
  frameCount: number;
  /** Bytes of frame `index` (0-based), in pieces that belong together; undefined when the frames cannot be told apart. */
  rangesOf(index: number): ByteRange[] | undefined;
  /** The pixel data as a whole, without item headers and offset table. */
  allRanges: ByteRange[];
  /** Native one-bit frames whose length is not a multiple of eight bits start in the middle of a byte. */
  bitsPerFrame?: number;
}

/**
 * Finds the frames of a file; undefined when the object has no pixel data.
 *
 * Throws MalformedDicomError when frames are missing: cut off within compressed frames, which only walking over them tells, or
 * native pixel data shorter than the frames that the header promises.
 */
export async function locateFrames(file: string): Promise<FrameTable | undefined> {
  const header = await readPart10Header(file);
  if (!header.pixelData) return undefined;
  const frameCount = Math.max(1, header.parsed.intString('x00280008') ?? 1);
  return header.pixelData.length === undefined
    ? locateEncapsulated(file, header, header.pixelData.offset, frameCount)
    : locateNative(header, header.pixelData.offset, header.pixelData.length, frameCount);
}

/** Reads one frame (0-based). */
export async function readFrame(file: string, table: FrameTable, index: number): Promise<Buffer | undefined> {
  if (table.bitsPerFrame !== undefined) return readBits(file, table, index, table.bitsPerFrame);
  const ranges = table.rangesOf(index);
  return ranges && readRanges(file, table, ranges);
}

function locateNative(header: Part10Header, offset: number, length: number, frameCount: number): FrameTable {
  const { parsed, transferSyntaxUid } = header;
  const bits = nativeFrameBits(parsed);
  if (bits * frameCount > length * 8) throw new MalformedDicomError('its pixel data is shorter than its frames');
  const frameLength = bits / 8;
  const asExplicit = ['', IMPLICIT_LITTLE_ENDIAN, DEFLATED_LITTLE_ENDIAN].includes(transferSyntaxUid);
  return {
    transferSyntaxUid: asExplicit ? EXPLICIT_LITTLE_ENDIAN : transferSyntaxUid,
    encapsulated: false,
    deflated: transferSyntaxUid === DEFLATED_LITTLE_ENDIAN,
    frameCount,
    rangesOf: index => [{ offset: offset + index * frameLength, length: frameLength }],
    allRanges: [{ offset, length }],
    ...(bits % 8 === 0 ? {} : { bitsPerFrame: bits }),
  };
}

function nativeFrameBits(parsed: dicomParser.DataSet): number {
  const rows = parsed.uint16('x00280010') ?? 0;
  const columns = parsed.uint16('x00280011') ?? 0;
  const samples = parsed.uint16('x00280002') ?? 1;
  const bitsAllocated = parsed.uint16('x00280100') ?? 16;
  // Two pixels share their chrominance: four samples for two pixels instead of six.
  const bits = rows * columns * samples * bitsAllocated;
  return parsed.string('x00280004') === 'YBR_FULL_422' ? (bits * 2) / 3 : bits;
}

async function locateEncapsulated(
  file: string,
  header: Part10Header,
  offset: number,
  frameCount: number,
): Promise<FrameTable> {
  const handle = await open(file, 'r');
  try {
    const [offsetTable, ...fragments] = await listItems(handle, offset, header.fileSize);
    if (!offsetTable) throw new MalformedDicomError('its pixel data has no offset table item');
    const starts = await frameStarts(handle, header, offsetTable, fragments, frameCount);
    const frames = starts && groupFragments(fragments, starts);
    return {
      transferSyntaxUid: header.transferSyntaxUid,
      encapsulated: true,
      deflated: false,
      frameCount,
      rangesOf: index => frames?.[index],
      allRanges: fragments,
    };
  } finally {
    await handle.close();
  }
}

/** The items of encapsulated pixel data (PS3.5 A.4). Only their eight-byte headers are read. */
async function listItems(handle: FileHandle, start: number, fileSize: number): Promise<ByteRange[]> {
  const items: ByteRange[] = [];
  let position = start;
  while (position + 8 <= fileSize) {
    const itemHeader = await readRange(handle, position, 8);
    const tag = (itemHeader.readUInt16LE(0) << 16) | itemHeader.readUInt16LE(2);
    const length = itemHeader.readUInt32LE(4);
    if (tag >>> 0 === 0xfffee0dd) return items;
    if (tag >>> 0 !== 0xfffee000) throw new MalformedDicomError('its pixel data has something between the fragments');
    if (position + 8 + length > fileSize) throw new MalformedDicomError('the file is cut off in its pixel data');
    items.push({ offset: position + 8, length });
    position += 8 + length;
  }
  throw new MalformedDicomError('the file is cut off: its pixel data has no end');
}

/** Index of the first fragment of every frame; undefined when nothing tells where frames begin. */
async function frameStarts(
  handle: FileHandle,
  header: Part10Header,
  offsetTable: ByteRange,
  fragments: ByteRange[],
  frameCount: number,
): Promise<number[] | undefined> {
  if (frameCount === 1) return [0];
  if (fragments.length === frameCount) return fragments.map((_, index) => index);
  const table = await readOffsetTable(handle, header, offsetTable);
  if (table.length === frameCount) {
    // Offsets count from the first byte after the offset table item, to the header of a fragment's item.
    const origin = offsetTable.offset + offsetTable.length;
    const byOffset = new Map(fragments.map((fragment, index) => [fragment.offset - 8 - origin, index]));
    const starts = table.map(entry => byOffset.get(entry));
    if (starts.every(start => start !== undefined)) return starts;
  }
  const marked: number[] = [];
  for (const [index, fragment] of fragments.entries()) {
    if (await beginsCodestream(handle, fragment)) marked.push(index);
  }
  return marked.length === frameCount && marked[0] === 0 ? marked : undefined;
}

async function readOffsetTable(handle: FileHandle, header: Part10Header, basic: ByteRange): Promise<number[]> {
  const extended = header.parsed.elements.x7fe00001;
  if (extended && extended.length > 0) {
    const bytes = Buffer.from(header.bytes.subarray(extended.dataOffset, extended.dataOffset + extended.length));
    return Array.from({ length: bytes.length >> 3 }, (_, index) => Number(bytes.readBigUInt64LE(index * 8)));
  }
  const bytes = await readRange(handle, basic.offset, basic.length);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readUInt32LE(index * 4));
}

/** JPEG and JPEG-LS start with ff d8, JPEG 2000 with ff 4f. Other codecs write one fragment per frame. */
async function beginsCodestream(handle: FileHandle, fragment: ByteRange): Promise<boolean> {
  if (fragment.length < 2) return false;
  const start = await readRange(handle, fragment.offset, 2);
  return start[0] === 0xff && (start[1] === 0xd8 || start[1] === 0x4f);
}

function groupFragments(fragments: ByteRange[], starts: number[]): ByteRange[][] {
  return starts.map((start, frame) => fragments.slice(start, starts[frame + 1] ?? fragments.length));
}

async function readRanges(file: string, table: FrameTable, ranges: ByteRange[]): Promise<Buffer> {
  if (table.deflated) {
    const inflated = dicomParser.parseDicom(await readFile(file), { untilTag: 'x7fe00010' }).byteArray;
    return Buffer.concat(ranges.map(({ offset, length }) => inflated.subarray(offset, offset + length)));
  }
  const handle = await open(file, 'r');
  try {
    const pieces: Buffer[] = [];
    for (const { offset, length } of ranges) pieces.push(await readRange(handle, offset, length));
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  } finally {
    await handle.close();
  }
}

async function readBits(file: string, table: FrameTable, index: number, bits: number): Promise<Buffer> {
  const [all] = table.allRanges;
  const firstBit = index * bits;
  const firstByte = Math.floor(firstBit / 8);
  const length = Math.ceil((firstBit + bits) / 8) - firstByte;
  const bytes = await readRanges(file, table, [{ offset: (all?.offset ?? 0) + firstByte, length }]);
  const frame = Buffer.alloc(Math.ceil(bits / 8));
  const shift = firstBit % 8;
  for (let at = 0; at < frame.length; at++) {
    frame[at] = (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) >> shift) & 0xff;
  }
  const spare = frame.length * 8 - bits;
  frame[frame.length - 1] = (frame.at(-1) ?? 0) & (0xff >> spare);
  return frame;
}
