import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN } from '../dicom-folder/transfer-syntaxes.ts';
import { type Attribute, type Attributes, writeDicom } from './dicom-writer.test-support.ts';

export const SERIES_UID = '2.25.100';
const CT_IMAGE_CLASS = '1.2.840.10008.5.1.4.1.1.2';

/** Stored values of a test volume, [slice][row][column]. */
export type StoredVolume = number[][][];

/** Changes to a slice's attributes; null takes one away. */
export type Changes = Readonly<Record<string, Attribute | null>>;

export interface TestSeries {
  readonly stored: StoredVolume;
  /** [row spacing, column spacing]. */
  readonly pixelSpacing?: readonly [number, number];
  readonly increment?: number;
  readonly transferSyntaxUid?: string;
  readonly seriesUid?: string;
  readonly changes?: Changes;
  /** Changes to one slice. */
  readonly changesOf?: (slice: number) => Changes;
  /** File name of a slice; null leaves the slice out. */
  readonly fileOf?: (slice: number) => string | null;
}

/** A volume of the given size with one value everywhere. */
export function storedVolume(slices: number, rows: number, columns: number, value = 40): StoredVolume {
  const row = () => new Array<number>(columns).fill(value);
  return Array.from({ length: slices }, () => Array.from({ length: rows }, row));
}

/** In place: sets a box of voxels; all ranges are half-open. */
export function fillBox(
  volume: StoredVolume,
  [z0, z1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
  [x0, x1]: readonly [number, number],
  value: number,
): StoredVolume {
  for (let z = z0; z < z1; z++) for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) volume[z]![y]![x] = value;
  return volume;
}

/** Attributes of one CT slice with signed 16 bit values that are Hounsfield units. */
export function ctSlice(series: TestSeries, slice: number): Attributes {
  const { stored, pixelSpacing = [0.5, 0.5], increment = 3, seriesUid = SERIES_UID } = series;
  const rows = stored[slice]!;
  const z = Number((-100 + slice * increment).toFixed(6));
  const attributes: Record<string, Attribute> = {
    '00080008': ['CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
    '00080016': ['UI', CT_IMAGE_CLASS],
    '00080018': ['UI', `${seriesUid}.${slice + 1}`],
    '00080060': ['CS', 'CT'],
    '00080070': ['LO', 'Test Works'],
    '0008103e': ['LO', 'Calcium test'],
    '00100010': ['PN', 'Doe^Jane'],
    '00180050': ['DS', String(increment)],
    '00180060': ['DS', '120'],
    '00181210': ['SH', 'FC12'],
    '00189037': ['CS', 'PROSPECTIVE'],
    '0020000d': ['UI', '2.25.99'],
    '0020000e': ['UI', seriesUid],
    '00200012': ['IS', '1'],
    '00200013': ['IS', String(slice + 1)],
    '00200032': ['DS', `-120\\-130.5\\${z}`],
    '00200037': ['DS', '1\\0\\0\\0\\1\\0'],
    '00280002': ['US', 1],
    '00280004': ['CS', 'MONOCHROME2'],
    '00280010': ['US', rows.length],
    '00280011': ['US', rows[0]!.length],
    '00280030': ['DS', pixelSpacing.join('\\')],
    '00280100': ['US', 16],
    '00280101': ['US', 16],
    '00280102': ['US', 15],
    '00280103': ['US', 1],
    '00281052': ['DS', '0'],
    '00281053': ['DS', '1'],
    '7fe00010': ['OW', pixelBytes(rows, series.transferSyntaxUid)],
  };
  for (const [tag, attribute] of Object.entries({ ...series.changes, ...series.changesOf?.(slice) })) {
    if (attribute) attributes[tag] = attribute;
    else delete attributes[tag];
  }
  return attributes;
}

/** 16 bit pixel words in the byte order of the transfer syntax. */
export function pixelBytes(rows: readonly (readonly number[])[], transferSyntaxUid?: string): Buffer {
  const values = rows.flat();
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) {
    const word = value & 0xffff;
    if (transferSyntaxUid === EXPLICIT_BIG_ENDIAN) bytes.writeUInt16BE(word, index * 2);
    else bytes.writeUInt16LE(word, index * 2);
  }
  return bytes;
}

/** Writes a series into a folder, which is made where it is missing. */
export function writeSeries(folder: string, series: TestSeries): string {
  const fileOf = series.fileOf ?? ((slice: number) => `image-${String(slice).padStart(3, '0')}`);
  for (let slice = 0; slice < series.stored.length; slice++) {
    const file = fileOf(slice);
    if (file === null) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(
      join(folder, file),
      writeDicom(ctSlice(series, slice), series.transferSyntaxUid ?? EXPLICIT_LITTLE_ENDIAN),
    );
  }
  return folder;
}

/** Folders that are removed after the test file. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'voxelwise-cli-'));
    folders.push(folder);
    return folder;
  };
}
