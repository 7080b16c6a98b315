import { spawnSync } from 'node:child_process';
import { inflateSync } from 'node:zlib';

// What is in a PDF: as poppler-utils read it, and the lines in its content.

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;

/** Skipped where poppler is missing, except in continuous integration. */
export const describeWithPoppler = hasPoppler || process.env.CI ? describe : describe.skip;

function run(program: string, args: readonly string[], input: Uint8Array): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return stdout.toString('utf8');
}

/** The pages' text, as it is read from left to right. */
export function textOfPages(pdf: Uint8Array): string[] {
  return run('pdftotext', ['-layout', '-', '-'], pdf).split('\f').slice(0, -1);
}

/** Words with the box that each of them fills, in points, by page. */
export function wordsOf(pdf: Uint8Array) {
  const pages = run('pdftotext', ['-bbox', '-', '-'], pdf).split('<page ').slice(1);
  return pages.map(page => {
    const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(page)!;
    const words = page.matchAll(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)</g);
    return {
      width: Number(width),
      height: Number(height),
      words: Array.from(words, ([, left, top, right, bottom, text]) => ({
        text: text!,
        left: Number(left),
        top: Number(top),
        right: Number(right),
        bottom: Number(bottom),
      })),
    };
  });
}

/**
 * Lines of one color in the content of all pages, as points from the lower left corner.
 * @param rgb 0 to 255 each
 */
export function linesOfColor(pdf: Uint8Array, rgb: readonly number[]): [x: number, y: number][][] {
  const lines: [number, number][][] = [];
  for (const content of contentsOf(pdf)) {
    let color: number[] = [];
    let line: [number, number][] = [];
    let operands: number[] = [];
    for (const token of content.split(/\s+/)) {
      if (/^-?[\d.]+$/.test(token)) {
        operands.push(Number(token));
        continue;
      }
      if (token === 'G') color = Array<number>(3).fill(255 * operands[0]!);
      if (token === 'RG') color = operands.map(part => 255 * part);
      if (token === 'm') line = [[operands[0]!, operands[1]!]];
      if (token === 'l') line.push([operands[0]!, operands[1]!]);
      // jsPDF writes colors of lines with two decimals.
      if (token === 'S' && rgb.every((level, channel) => Math.abs(level - color[channel]!) < 1.5)) lines.push(line);
      operands = [];
    }
  }
  return lines;
}

/** Deflated streams that are text. */
function contentsOf(pdf: Uint8Array): string[] {
  const file = Buffer.from(pdf);
  const contents: string[] = [];
  for (let at = file.indexOf('stream\n'); at >= 0; at = file.indexOf('stream\n', at + 1)) {
    if (file.subarray(at - 3, at).toString() === 'end') continue;
    const content = inflateSync(file.subarray(at + 7, file.indexOf('endstream', at))).toString('latin1');
    if (/ (m|l|RG)\s/.test(content)) contents.push(content);
  }
  return contents;
}

/** How many pictures are in the file, however often each of them is shown. */
export function countPictures(pdf: Uint8Array): number {
  const rows = run('pdfimages', ['-list', '-'], pdf).split('\n').slice(2);
  return new Set(rows.flatMap(row => row.trim().split(/\s+/)[10] ?? [])).size;
}
