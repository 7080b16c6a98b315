import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Changes,
  fillBox,
  storedVolume,
  type TestSeries,
  writeSeries,
} from '../testing/ct-series.test-support.ts';

/** Fills an empty folder with an input of the program. */
export type Input = (folder: string) => void;

/** 6 slices of 8 x 8 pixels of 0.5 mm, 3 mm apart: 40 HU, and 4 x 4 pixels of 300 HU in slice 2. */
export const stored = fillBox(storedVolume(6, 8, 8), [2, 3], [2, 6], [2, 6], 300);
/** Its Agatston score and its volume in mm3: 16 pixels of 0.25 mm2, weight 3, 3 mm. */
export const SCORE = { agatston: 12, volumeMm3: 12 } as const;

export const seriesOf =
  (series: Partial<TestSeries>): Input =>
  folder => {
    writeSeries(folder, { stored, ...series });
  };

/** The same attributes in all slices. */
export const everywhere = (changes: Changes): Input => seriesOf({ changes });

/** Attributes of slice 4 alone. */
export const inOne = (changes: Changes): Input => seriesOf({ changesOf: slice => (slice === 4 ? changes : {}) });

/** The series itself, and something beside it. */
export const withSeries =
  (beside: Input): Input =>
  folder => {
    writeSeries(folder, { stored });
    beside(folder);
  };

export const file =
  (name: string, content: string | Buffer): Input =>
  folder => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  };

export const all =
  (...inputs: readonly Input[]): Input =>
  folder => {
    for (const input of inputs) input(folder);
  };

/** Names and sizes of everything in a folder; links are not followed. */
export function listing(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listing(path) : [`${path} ${lstatSync(path).size}`];
  });
}
