import { spawnSync } from 'node:child_process';
import { decode, encode } from 'fast-png';

/** Pictures of pages, and what of their differences a person would see. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of every pixel, row by row. */
  readonly rgb: Uint8Array;
}

/** Fine enough that every digit of the smallest print differs from every other by more than its edges. */
const DOTS_PER_INCH = 300;
/** A kept picture has as many values per channel, which makes it a third as large. */
const LEVELS = 6;
/**
 * Of 255, over 3 x 3 pixels. The other renderer of poppler, and the same one at twice the resolution, come to 35 in a kept
 * picture; a digit that became another one to 56 and more (a 6 that became an 8 in grey fine print), nearly always over 100.
 */
export const VISIBLE_DIFFERENCE = 45;

/** The first page of a PDF. */
export function pictureOf(pdf: Uint8Array, dotsPerInch = DOTS_PER_INCH): Picture {
  const file = run('pdftoppm', ['-r', `${dotsPerInch}`, '-singlefile', '-'], pdf);
  // A portable pixmap: "P6", width, height and 255, each with one blank behind it, then the pixels.
  const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(file.subarray(0, 64).toString('latin1'));
  if (!header) throw new Error('pdftoppm wrote something else than a pixmap.');
  return { width: Number(header[1]), height: Number(header[2]), rgb: file.subarray(header[0].length) };
}

/** The first page as another renderer draws it, which places and smooths glyphs in its own way. */
export function otherPictureOf(pdf: Uint8Array): Picture {
  return fromPng(run('pdftocairo', ['-png', '-r', `${DOTS_PER_INCH}`, '-singlefile', '-', '-'], pdf));
}

function run(program: string, args: readonly string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return stdout;
}

/** Every pixel the mean of two by two; of an odd last column or row, of what there is. */
export function halved({ width, height, rgb }: Picture): Picture {
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const means = new Uint8Array(half.width * half.height * 3);
  let to = 0;
  for (let y = 0; y < half.height; y++) {
    const down = 2 * y + 1 < height ? 3 * width : 0;
    for (let x = 0; x < half.width; x++) {
      const right = 2 * x + 1 < width ? 3 : 0;
      for (let channel = 0; channel < 3; channel++, to++) {
        const at = (2 * y * width + 2 * x) * 3 + channel;
        means[to] = (rgb[at]! + rgb[at + right]! + rgb[at + down]! + rgb[at + right + down]!) / 4;
      }
    }
  }
  return { ...half, rgb: means };
}

export function toKeptPng({ width, height, rgb }: Picture): Uint8Array {
  const step = 255 / (LEVELS - 1);
  const nearest = Uint8Array.from({ length: 256 }, (_, value) => Math.round(value / step) * step);
  const data = rgb.map(value => nearest[value]!);
  return encode({ width, height, channels: 3, data }, { zlib: { level: 9 } });
}

export function fromPng(file: Uint8Array): Picture {
  const { width, height, channels, data } = decode(file);
  if (channels !== 3) throw new Error(`the picture has ${channels} channels`);
  return { width, height, rgb: data as Uint8Array };
}

/** Where two pictures differ most. */
export interface Difference {
  /** 0 to 255; 255 too for pictures of different sizes. */
  readonly value: number;
  /** From the upper left corner. */
  readonly placeMm: readonly [number, number];
}

/**
 * The largest difference that is none of edges: a value is explained when the other picture has one as dark and one as bright
 * within a pixel of it. What is not is averaged over 3 x 3 pixels, so that a single pixel does not count.
 */
export function worstDifference(a: Picture, b: Picture): Difference {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) return { value: 255, placeMm: [0, 0] };
  let worst = 0;
  let worstAt = 0;
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const at = y * width + x;
      // The unexplained part is never more than the plain difference: nearly all pixels end here.
      if (plainDifference(a, b, at) <= worst) continue;
      let sum = 0;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) sum += unexplained(a, b, at + dy * width + dx);
      if (sum / 9 <= worst) continue;
      worst = sum / 9;
      worstAt = at;
    }
  }
  const mm = (pixels: number) => Math.round((pixels * 25.4) / DOTS_PER_INCH);
  return { value: worst, placeMm: [mm(worstAt % width), mm(Math.floor(worstAt / width))] };
}

// No Math in what follows: it runs over every pixel, and globals are slow to reach in tests.

function plainDifference(a: Picture, b: Picture, at: number): number {
  let most = 0;
  for (let index = 3 * at; index < 3 * at + 3; index++) {
    const difference = a.rgb[index]! - b.rgb[index]!;
    if (difference > most) most = difference;
    else if (-difference > most) most = -difference;
  }
  return most;
}

function unexplained(a: Picture, b: Picture, at: number): number {
  let most = 0;
  for (let index = 3 * at; index < 3 * at + 3; index++) {
    const inB = beyond(a.rgb[index]!, b, index);
    const inA = beyond(b.rgb[index]!, a, index);
    if (inB > most) most = inB;
    if (inA > most) most = inA;
  }
  return most;
}

/** How far a value lies beyond all within a pixel of a place. */
function beyond(value: number, { width, rgb }: Picture, index: number): number {
  let lowest = 255;
  let highest = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const other = rgb[index + 3 * (dy * width + dx)]!;
      if (other < lowest) lowest = other;
      if (other > highest) highest = other;
    }
  }
  if (value > highest) return value - highest;
  return value < lowest ? lowest - value : 0;
}
