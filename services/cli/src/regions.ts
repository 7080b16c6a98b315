import type { DiscRegion } from '@voxelwise/calcium/core';
import { readJsonFile } from './json-file.ts';
import { Refusal } from './refusal.ts';

const KEYS = ['name', 'centre', 'radiusMm', 'slices'];
/** How one region is written, with an example of its name and size, for messages. */
export function regionShape(name: string, radiusMm: number): string {
  return `{"name": "${name}", "centre": [row, column], "radiusMm": ${radiusMm}, "slices": [first, last]}`;
}

/**
 * Reads and parses the regions file of an option; its entries are checked by checkRegions, once the volume is known.
 * @param shape of one region, for messages
 */
export function readRegionsFile(path: string, option: string, shape: string): Promise<unknown> {
  return readJsonFile(path, 'regions file', option, `a list of ${shape}`);
}

/**
 * Checks a list of regions against the volume they are for.
 * @param dimensions voxel counts [columns, rows, slices]
 * @param shape of one region, for messages
 * @throws Refusal naming the entry and the field.
 */
export function checkRegions(
  value: unknown,
  dimensions: readonly [number, number, number],
  shape: string,
): DiscRegion[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new Refusal(`The regions file must hold a list with at least one region; write a list of ${shape}.`);
  }
  const regions = value.map((entry, index) => checkRegion(entry, index, dimensions, shape));
  const names = regions.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new Refusal(`Two regions have the name "${repeated}"; give every region a name of its own.`);
  }
  return regions;
}

function checkRegion(
  entry: unknown,
  index: number,
  [columns, rows, slices]: readonly [number, number, number],
  shape: string,
): DiscRegion {
  const wrong = (where: string, field: string, problem: string) =>
    new Refusal(`${where}: ${field} ${problem}; a region is ${shape}.`);
  const position = `Region ${index + 1} of the regions file`;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw wrong(position, 'it', `must be an object, not ${quoted(entry)}`);
  }
  const { name, centre, radiusMm, slices: range } = entry as Record<string, unknown>;
  if (typeof name !== 'string' || name.trim() === '') {
    throw wrong(position, 'name', `must be a text, not ${quoted(name)}`);
  }
  const where = `${position} ("${name}")`;
  const unknown = Object.keys(entry).find(key => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(where, `the key "${unknown}"`, 'is not known');

  const [row, column] = numberPair(centre) ?? [Number.NaN, Number.NaN];
  if (Number.isNaN(row)) throw wrong(where, 'centre', `must be [row, column], not ${quoted(centre)}`);
  if (!isInside(row, rows) || !isInside(column, columns)) {
    const size = `an image of ${rows} rows and ${columns} columns`;
    throw wrong(where, 'centre', `[${row}, ${column}] lies outside ${size}`);
  }
  if (typeof radiusMm !== 'number' || !Number.isFinite(radiusMm) || radiusMm <= 0) {
    throw wrong(where, 'radiusMm', `must be a length above 0 mm, not ${quoted(radiusMm)}`);
  }
  const [first, last] = numberPair(range) ?? [Number.NaN, Number.NaN];
  if (!Number.isInteger(first) || !Number.isInteger(last)) {
    throw wrong(where, 'slices', `must be [first, last] as whole numbers, not ${quoted(range)}`);
  }
  if (first > last) throw wrong(where, 'slices', `[${first}, ${last}] are reversed`);
  if (first < 0 || last >= slices) {
    throw wrong(where, 'slices', `[${first}, ${last}] lie outside the stack, whose slices are 0 to ${slices - 1}`);
  }
  return { name, centre: [row, column], radiusMm, slices: [first, last] };
}

/** Pixel centres have integer coordinates, so the image reaches half a pixel past the first and the last. */
function isInside(coordinate: number, count: number): boolean {
  return coordinate >= -0.5 && coordinate <= count - 0.5;
}

/** Two finite numbers in a list, or null. */
export function numberPair(value: unknown): [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [a, b] = value as unknown[];
  return typeof a === 'number' && typeof b === 'number' && Number.isFinite(a) && Number.isFinite(b) ? [a, b] : null;
}

/** A value of a JSON file, for messages. */
export function quoted(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
