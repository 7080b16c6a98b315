import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXPLICIT_LITTLE_ENDIAN } from '../dicom-folder/transfer-syntaxes.ts';
import { type Changes, ctSlice, SERIES_UID, type StoredVolume } from './ct-series.test-support.ts';
import { type Attributes, writeDicom } from './dicom-writer.test-support.ts';

const MR_IMAGE_CLASS = '1.2.840.10008.5.1.4.1.1.4';

/** A 4D series of square CT images: one file per slice and time point, told apart by AcquisitionTime alone. */
export interface TestDynamicSeries {
  readonly timePoints: number;
  readonly slices: number;
  /** Rows and columns. */
  readonly size: number;
  /** From one time point to the next, 2 s by default. */
  readonly intervalS?: number;
  /** Stored value, which is its HU. */
  readonly valueAt?: (t: number, z: number, y: number, x: number) => number;
  readonly seriesUid?: string;
  readonly changes?: Changes;
  /** Changes to one slice of one time point. */
  readonly changesOf?: (t: number, z: number) => Changes;
  /** File name of an image; null leaves it out. */
  readonly fileOf?: (t: number, z: number) => string | null;
}

/** A value that is another one in every voxel and at every time point, as long as none of them exceeds 9. */
export function distinctValue(t: number, z: number, y: number, x: number): number {
  return ((t * 10 + z) * 10 + y) * 10 + x;
}

/** Attributes of one image. The first one was acquired at 10:00:00. */
export function dynamicSlice(series: TestDynamicSeries, t: number, z: number): Attributes {
  const { slices, size, intervalS = 2, valueAt = distinctValue, seriesUid = SERIES_UID } = series;
  const number = t * slices + z + 1;
  const rows = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => valueAt(t, z, y, x)));
  const stored: StoredVolume = [];
  stored[z] = rows;
  return ctSlice(
    {
      stored,
      seriesUid,
      changes: {
        '00080018': ['UI', `${seriesUid}.${number}`],
        '00080022': ['DA', '20250115'],
        '00080032': ['TM', timeText(10 * 3600 + t * intervalS)],
        '0008103e': ['LO', 'Perfusion test'],
        '00180050': ['DS', '3'],
        '00200013': ['IS', String(number)],
        '00200052': ['UI', '2.25.98'],
        ...series.changes,
        ...series.changesOf?.(t, z),
      },
    },
    z,
  );
}

/** What makes an MR image of it: stored values as they are, told apart by TemporalPositionIdentifier and its trigger time. */
export function asMr(t: number, intervalS = 2): Changes {
  return {
    '00080016': ['UI', MR_IMAGE_CLASS],
    '00080060': ['CS', 'MR'],
    '00080032': ['TM', '100000'],
    '00180060': null,
    '00180080': ['DS', String(intervalS * 1000)],
    '00180081': ['DS', '30'],
    '00181060': ['DS', String(t * intervalS * 1000)],
    '00200100': ['IS', String(t + 1)],
    '00281052': null,
    '00281053': null,
  };
}

/** Seconds of a day as TM, with its fraction. */
export function timeText(secondsOfDay: number): string {
  const micros = Math.round(secondsOfDay * 1e6);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(micros / 1e6);
  const clock = two(Math.floor(seconds / 3600) % 24) + two(Math.floor(seconds / 60) % 60) + two(seconds % 60);
  return `${clock}.${String(micros % 1e6).padStart(6, '0')}`;
}

/** Writes a series into a folder, which is made where it is missing. File names are shuffled against time and place. */
export function writeDynamicSeries(folder: string, series: TestDynamicSeries): string {
  const total = series.timePoints * series.slices;
  const step = [7, 11, 13, 17].find(prime => total % prime !== 0) ?? 1;
  for (let t = 0; t < series.timePoints; t++) {
    for (let z = 0; z < series.slices; z++) {
      const shuffled = ((t * series.slices + z) * step) % total;
      const file = series.fileOf ? series.fileOf(t, z) : `image-${String(shuffled).padStart(4, '0')}`;
      if (file === null) continue;
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), writeDicom(dynamicSlice(series, t, z), EXPLICIT_LITTLE_ENDIAN));
    }
  }
  return folder;
}
