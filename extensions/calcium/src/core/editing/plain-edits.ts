import { plainList, plainObject, plainPair } from '../plain-values.ts';
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
 * @throws when the values are not edits of such a volume; the message is a clause that says what is wrong.
 */
export function editsFromPlain(plain: unknown, [width, ny, nz]: readonly [number, number, number]): Edit[] {
  return plainList(plain, 'the list of edits').map((entry, i) => editFromPlain(entry, `edit ${i + 1}`, width, ny * nz));
}

function editFromPlain(value: unknown, where: string, width: number, rows: number): Edit {
  const { kind, label, voxels, line } = plainObject(value, where);
  if (kind === 'assign' || kind === 'paint') {
    return { kind, label: label === null ? null : labelOf(label, where), voxels: runs(voxels, where, width, rows) };
  }
  if (kind === 'cut') {
    const { from, to } = plainObject(line, `the line of ${where}`);
    const end = `an end of the line of ${where}`;
    return {
      kind,
      line: { from: plainPair(from, end), to: plainPair(to, end) },
      voxels: runs(voxels, where, width, rows),
    };
  }
  throw new Error(`${where} is of an unknown kind, ${JSON.stringify(kind)}`);
}

function runs(value: unknown, where: string, width: number, rows: number): VoxelRuns {
  const columns = plainObject(value, `the voxels of ${where}`);
  const [row, start, end] = [columns.row, columns.start, columns.end].map(column => {
    const numbers = plainList(column, `a column of voxels of ${where}`);
    if (!numbers.every(Number.isInteger)) throw new Error(`${where} has voxels at other places than whole numbers`);
    return Int32Array.from(numbers as number[]);
  }) as [Int32Array, Int32Array, Int32Array];
  if (row.length !== start.length || row.length !== end.length) throw new Error(`${where} has incomplete voxels`);
  for (let i = 0; i < row.length; i++) {
    const follows = i === 0 || row[i]! > row[i - 1]! || (row[i] === row[i - 1] && start[i]! >= end[i - 1]!);
    if (!follows) throw new Error(`${where} has voxels out of order`);
    if (row[i]! < 0 || row[i]! >= rows || start[i]! < 0 || start[i]! >= end[i]! || end[i]! > width) {
      throw new Error(`${where} has voxels outside the volume`);
    }
  }
  return { row, start, end };
}

function labelOf(value: unknown, where: string): Label {
  const label = [...VESSELS, 'excluded' as const].find(known => known === value);
  if (!label) throw new Error(`${where} has an unknown label, ${JSON.stringify(value)}`);
  return label;
}
