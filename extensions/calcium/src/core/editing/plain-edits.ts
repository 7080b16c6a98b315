import { VESSELS } from '../vessel.ts';
import type { VoxelRuns } from '../voxel-runs.ts';
import type { Edit, Label } from './edit.ts';

/** Edits as plain values, which any storage and JSON keep as they are. */
export function editsAsPlain(edits: readonly Edit[]): unknown {
  return edits.map(edit => {
    const { row, start, end } = edit.voxels;
    return { ...edit, voxels: { row: [...row], start: [...start], end: [...end] } };
  });
}

/**
 * Edits from plain values.
 * @param dimensions voxel counts of the volume that they are for
 * @throws when the values are not edits of such a volume; the message says what is wrong.
 */
export function editsFromPlain(plain: unknown, [width, ny, nz]: readonly [number, number, number]): Edit[] {
  return array(plain, 'The edits').map((entry, i) => editFromPlain(entry, `Edit ${i + 1}`, width, ny * nz));
}

function editFromPlain(value: unknown, where: string, width: number, rows: number): Edit {
  const { kind, label, voxels, line } = object(value, where);
  if (kind === 'assign' || kind === 'paint') {
    return { kind, label: label === null ? null : labelOf(label, where), voxels: runs(voxels, where, width, rows) };
  }
  if (kind === 'cut') {
    const { from, to } = object(line, `The line of ${where.toLowerCase()}`);
    return { kind, line: { from: point(from, where), to: point(to, where) }, voxels: runs(voxels, where, width, rows) };
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
