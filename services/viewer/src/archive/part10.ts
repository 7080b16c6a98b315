import { type FileHandle, open } from 'node:fs/promises';
import { whyIncomplete } from '@voxelwise/dicom/whole-data-set';
import dicomParser from 'dicom-parser';
import { errorMessage } from '../user-error.ts';

// DICOM Part 10 files: where the header ends and where the pixels lie, without reading the pixels.

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** The file does not begin like a DICOM Part 10 file: it is something else, not a damaged object. */
export class NotDicomError extends Error {}

/** The file begins like DICOM, but cannot be read. */
export class MalformedDicomError extends Error {}

/** Pixel Data, Float Pixel Data or Double Float Pixel Data. */
export interface PixelDataLocation {
  tag: string;
  vr: string;
  /** Offset of the first byte of the value. In a deflated file: within the inflated data set. */
  offset: number;
  /** Length of the value; undefined when it is encapsulated. */
  length: number | undefined;
}

export interface Part10Header {
  transferSyntaxUid: string;
  /** The file up to pixel data. For a deflated file: the whole file, still deflated. */
  bytes: Uint8Array;
  /** Shallow view of the same bytes by dicom-parser: numbers and plain strings without character sets. */
  parsed: dicomParser.DataSet;
  pixelData: PixelDataLocation | undefined;
  fileSize: number;
}

// Float Pixel Data comes before Pixel Data, and no object carries two of them.
const PIXEL_DATA_TAGS = ['x7fe00010', 'x7fe00008', 'x7fe00009'];
const FIRST_READ = 64 * 1024;

/** Reads the header of a Part 10 file: everything before pixel data, whatever the size of the file. */
export async function readPart10Header(file: string): Promise<Part10Header> {
  const handle = await open(file, 'r');
  try {
    const fileSize = (await handle.stat()).size;
    for (let length = FIRST_READ; ; length *= 4) {
      const bytes = await readRange(handle, 0, Math.min(length, fileSize));
      if (bytes.length < 132 || bytes.toString('latin1', 128, 132) !== 'DICM') {
        throw new NotDicomError('not a DICOM Part 10 file');
      }
      const header = parsePrefix(bytes, fileSize);
      if (header) return header;
    }
  } finally {
    await handle.close();
  }
}

/** Reads exactly `length` bytes; a file that ends before is malformed. */
export async function readRange(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw new MalformedDicomError('the file ends in the middle of a value');
    done += bytesRead;
  }
  return buffer;
}

/** Parses the first bytes of a file; undefined when pixel data lies beyond them and more must be read. */
function parsePrefix(bytes: Buffer, fileSize: number): Part10Header | undefined {
  const whole = bytes.length === fileSize;
  let failure: unknown;
  for (const untilTag of PIXEL_DATA_TAGS) {
    try {
      const parsed = dicomParser.parseDicom(bytes, { untilTag });
      const transferSyntaxUid = parsed.string('x00020010') ?? '';
      const deflated = transferSyntaxUid === DEFLATED_LITTLE_ENDIAN;
      if (deflated && !whole) return undefined;
      const pixelData = locatePixelData(parsed, untilTag);
      if (!pixelData && !whole) continue; // parsed to the end of the prefix, which need not be the end of the header
      if (pixelData?.length !== undefined && !deflated && pixelData.offset + pixelData.length > fileSize) {
        throw new MalformedDicomError('the file is cut off: its pixel data is incomplete');
      }
      if (!pixelData && untilTag === 'x7fe00010' && hasFloatPixelData(parsed)) continue;
      const problem = whyIncomplete(parsed, untilTag);
      if (problem) throw new MalformedDicomError(`the file is cut off: ${problem}`);
      const headerLength = pixelData && !deflated ? startOfElement(parsed, pixelData.offset) : bytes.length;
      return { transferSyntaxUid, bytes: bytes.subarray(0, headerLength), parsed, pixelData, fileSize };
    } catch (error) {
      if (error instanceof MalformedDicomError) throw error;
      failure ??= error;
    }
  }
  if (!whole) return undefined;
  throw new MalformedDicomError(reasonOf(failure));
}

function locatePixelData(parsed: dicomParser.DataSet, tag: string): PixelDataLocation | undefined {
  const found = parsed.elements[tag];
  if (!found) return undefined;
  const length = found.hadUndefinedLength ? undefined : found.length;
  const vr = found.vr ?? { x7fe00008: 'OF', x7fe00009: 'OD' }[tag] ?? 'OW';
  return { tag: tag.slice(1).toUpperCase(), vr, offset: found.dataOffset, length };
}

function hasFloatPixelData(parsed: dicomParser.DataSet): boolean {
  return Boolean(parsed.elements.x7fe00008 ?? parsed.elements.x7fe00009);
}

/** Explicit VR writes tag, VR, two reserved bytes and a length (12 bytes) before these values; implicit VR 8 bytes. */
function startOfElement(parsed: dicomParser.DataSet, valueOffset: number): number {
  return valueOffset - (parsed.string('x00020010') === IMPLICIT_LITTLE_ENDIAN ? 8 : 12);
}

function reasonOf(failure: unknown): string {
  // dicom-parser throws either a text, an Error, or { exception, dataSet }.
  const inner = (failure as { exception?: unknown } | undefined)?.exception ?? failure;
  return `the file cannot be parsed: ${errorMessage(inner)}`;
}
