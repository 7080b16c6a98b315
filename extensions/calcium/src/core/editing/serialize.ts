import { VESSELS } from '../vessel.ts';
import type { VoxelRuns } from '../voxel-runs.ts';
import type { Edit, Label } from './edit.ts';

/** Edits as text that can be stored, and parsed again to equal edits. */
export function serializeEdits(edits: readonly Edit[]): string {
  return JSON.stringify(edits, (_, value) => (value instanceof Int32Array ? [...value] : value));
}

/** @throws when the text does not hold edits of a volume of this size; the message says what is wrong. */
export function parseEdits(text: string, [width, ny, nz]: readonly [number, number, number]): Edit[] {
  const value: unknown = JSON.parse(text);
  const edits = array(value, 'The edits');
  return edits.map((entry, i) => parseEdit(entry, `Edit ${i + 1}`, width, ny * nz));
}

function parseEdit(value: unknown, where: string, width: number, rows: number): Edit {
  const { kind, label, voxels, line, labels } = object(value, where);
  if (kind === 'assign' || kind === 'paint') {
    return { kind, label: label === null ? null : labelOf(label, where), voxels: runs(voxels, where, width, rows) };
  }
  if (kind === 'cut') {
    const { from, to } = object(line, `The line of ${where.toLowerCase()}`);
    return { kind, line: { from: point(from, where), to: point(to, where) }, voxels: runs(voxels, where, width, rows) };
  }
  if (kind === 'restore') {
    const parsed = array(labels, `The labels of ${where.toLowerCase()}`).map(entry => {
      const labeled = object(entry, where);
      return { label: labelOf(labeled.label, where), voxels: runs(labeled.voxels, where, width, rows) };
    });
    return { kind, labels: parsed };
  }
  throw new Error(`${where} is of an unknown kind, ${JSON.stringify(kind)}.`);
}

function runs(value: unknown, where: string, width: number, rows: number): VoxelRuns {
  const columns = object(value, `The voxels of ${where.toLowerCase()}`);
  const [row, start, end] = [columns.row, columns.start, columns.end].map(column => {
    const numbers = array(column, `A column of voxels of ${where.toLowerCase()}`);
    if (!numbers.every(Number.isInteger)) throw new Error(`${where} has voxels at other places than whole numbers.`);
    return Int32Array.from(numbers as number[]);
  }) as [Int32Array, Int32Array, Int32Array];
  if (row.length !== start.length || row.length !== end.length) throw new Error(`${where} has incomplete voxels.`);
  for (let i = 0; i < row.length; i++) {
    const follows = i === 0 || row[i]! > row[i - 1]! || (row[i] === row[i - 1] && start[i]! >= end[i - 1]!);
    if (!follows) throw new Error(`${where} has voxels out of order.`);
    if (row[i]! < 0 || row[i]! >= rows || start[i]! < 0 || start[i]! >= end[i]! || end[i]! > width) {
      throw new Error(`${where} has voxels outside the volume.`);
    }
  }
  return { row, start, end };
}

function labelOf(value: unknown, where: string): Label {
  const label = [...VESSELS, 'excluded' as const].find(known => known === value);
  if (!label) throw new Error(`${where} has an unknown label, ${JSON.stringify(value)}.`);
  return label;
}

function point(value: unknown, where: string): readonly [number, number] {
  const [x, y, ...more] = array(value, `A point of ${where.toLowerCase()}`);
  if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x + y) || more.length > 0) {
    throw new Error(`A point of ${where.toLowerCase()} is not a pair of numbers.`);
  }
  return [x, y];
}

function array(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} are not a list.`);
  return value;
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} cannot be read.`);
  return value as Record<string, unknown>;
}
