import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Code,
  type DerivedSource,
  readPart10,
  type Segment,
  sct,
  sourceFromFiles,
  writeSegmentation,
} from '@voxelwise/dicom';
import { temporaryFolders } from './ct-series.test-support.ts';
import type { Attribute } from './dicom-writer.test-support.ts';

/** Attributes that results need of a source and that a score does without. */
export const PATIENT: Readonly<Record<string, Attribute>> = {
  '00080005': ['CS', 'ISO_IR 100'],
  '00080020': ['DA', '20250115'],
  '00080030': ['TM', '101500'],
  '00080050': ['SH', 'A-1'],
  '00080090': ['PN', ''],
  '00100010': ['PN', Buffer.from('M\xfcller^J\xf6rg ', 'latin1')],
  '00100020': ['LO', 'P-1'],
  '00100030': ['DA', '19600229'],
  '00100040': ['CS', 'M'],
  '00200010': ['SH', '7'],
  '00200011': ['IS', '3'],
  '00200052': ['UI', '2.25.98'],
};

/** A voxel range [from, to) along x in row y of slice z. */
export type Span = readonly [z: number, y: number, from: number, to: number];

export interface TestSegment {
  readonly label: string;
  readonly region?: Code;
  readonly spans: readonly Span[];
}

const MANUAL = {
  category: sct('91723000', 'Anatomical Structure'),
  type: sct('51114001', 'Artery'),
  algorithmType: 'MANUAL',
  color: [255, 0, 0],
} as const;

/** The slices of a folder as a source, by ascending z. */
export function sourceOf(folder: string): DerivedSource {
  const slices = readdirSync(folder)
    .map(name => new Uint8Array(readFileSync(join(folder, name))))
    .map(file => ({ file, z: Number((readPart10(file).dataSet.ImagePositionPatient as string[])[2]) }));
  return sourceFromFiles(slices.sort((a, b) => a.z - b.z).map(({ file }) => file));
}

/** Writes segmentations of series in folders, each to a file of its own. */
export function segmentationFiles(): (source: DerivedSource, segments: readonly TestSegment[]) => string {
  const newFolder = temporaryFolders();
  return (source, segments) => {
    const rows = source.slices[0]!.rows;
    const written = segments.map(({ label, region, spans }): Segment => {
      const sorted = [...spans].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
      const voxels = {
        row: Int32Array.from(sorted, ([z, y]) => z * rows + y),
        start: Int32Array.from(sorted, span => span[2]),
        end: Int32Array.from(sorted, span => span[3]),
      };
      return { label, ...MANUAL, ...(region && { anatomicRegion: region }), voxels };
    });
    const object = writeSegmentation(source, written, {
      contentLabel: 'VESSELS',
      seriesDescription: 'Vessels of somebody',
      seriesNumber: 77,
      software: { modelName: 'Another program', versions: ['1'] },
    });
    const path = join(newFolder(), 'vessels.dcm');
    writeFileSync(path, object.bytes);
    return path;
  };
}

/** A box of voxels as spans; ranges are half-open. */
export function box(
  [z0, z1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
  [x0, x1]: readonly [number, number],
): Span[] {
  const spans: Span[] = [];
  for (let z = z0; z < z1; z++) for (let y = y0; y < y1; y++) spans.push([z, y, x0, x1]);
  return spans;
}
