/** Bytes of the RLE header: the number of segments and 15 offsets. */
const HEADER_BYTES = 64;

/**
 * Decodes one frame of DICOM RLE (PS3.5 annex G): PackBits segments, one per byte of a pixel, most significant first.
 * Not by @cornerstonejs/dicom-codec, whose RLE decoder (1.0.9) leaves zeros where a frame is cut off, reads past its end
 * and never says so; a check for that would have to walk the same segments.
 * @returns the pixels' bytes, little endian.
 * @throws when a segment does not fill the frame exactly, so that a truncated frame never becomes zeros.
 */
export function decodeRle(frame: Uint8Array, pixels: number, bytesPerPixel: number): Uint8Array {
  if (frame.length < HEADER_BYTES) throw new Error('the RLE header is cut off');
  const header = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerPixel) throw new Error(`it has ${segments} RLE segments instead of ${bytesPerPixel}`);
  const decoded = new Uint8Array(pixels * bytesPerPixel);
  for (let segment = 0; segment < segments; segment++) {
    const start = header.getUint32(4 * (segment + 1), true);
    const end = segment + 1 < segments ? header.getUint32(4 * (segment + 2), true) : frame.length;
    if (start < HEADER_BYTES || end > frame.length || start > end) throw new Error('an RLE segment lies outside it');
    unpackSegment(frame.subarray(start, end), decoded, bytesPerPixel - 1 - segment, bytesPerPixel);
  }
  return decoded;
}

/** Writes one PackBits segment to every stride-th byte from an offset on. */
function unpackSegment(packed: Uint8Array, target: Uint8Array, offset: number, stride: number): void {
  let to = offset;
  for (let from = 0; from < packed.length && to < target.length; ) {
    const control = packed[from++]!;
    if (control === 128) continue;
    const isRun = control > 128;
    const count = isRun ? 257 - control : control + 1;
    if (from + (isRun ? 1 : count) > packed.length) break; // cut off
    if (to + (count - 1) * stride >= target.length) throw new Error('an RLE segment is longer than the image');
    for (let i = 0; i < count; i++, to += stride) target[to] = packed[isRun ? from : from + i]!;
    from += isRun ? 1 : count;
  }
  if (to < target.length) throw new Error('an RLE segment is shorter than the image');
}
