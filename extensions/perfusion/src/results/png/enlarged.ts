import type { Rgb } from '@voxelwise/dicom';
import type { Picture } from '../picture/slice-picture.ts';

/** A picture with every voxel as large as it is in the patient, without values between voxels. */
export function enlarged({ width, height, rgba }: Picture, toWidth: number, toHeight: number): Picture {
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const to = new Uint32Array(toWidth * toHeight);
  for (let y = 0, pixel = 0; y < toHeight; y++) {
    const row = Math.floor((y * height) / toHeight) * width;
    for (let x = 0; x < toWidth; x++, pixel++) to[pixel] = from[row + Math.floor((x * width) / toWidth)]!;
  }
  return { width: toWidth, height: toHeight, rgba: new Uint8ClampedArray(to.buffer) };
}

const LINE_PX = 2;

/** In place: the outline of a mask, inside it, on a picture that was enlarged from one of the mask's size. */
export function drawOutline(
  { width, height, rgba }: Picture,
  mask: Uint8Array,
  [columns, rows]: readonly [number, number],
  color: Rgb,
): void {
  const isIn = (x: number, y: number) =>
    x >= 0 &&
    y >= 0 &&
    x < width &&
    y < height &&
    mask[Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width)] === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isIn(x, y)) continue;
      const isInner = isIn(x - LINE_PX, y) && isIn(x + LINE_PX, y) && isIn(x, y - LINE_PX) && isIn(x, y + LINE_PX);
      if (!isInner) rgba.set(color, 4 * (y * width + x));
    }
  }
}
