import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXPLICIT_LITTLE_ENDIAN } from '../dicom-folder/transfer-syntaxes.ts';
import { type Changes, ctSlice, pixelBytes, SERIES_UID, type StoredVolume } from './ct-series.test-support.ts';
import { type Attributes, writeDataSet, writeDicom } from './dicom-writer.test-support.ts';

const ENHANCED_CT_CLASS = '1.2.840.10008.5.1.4.1.1.2.1';
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

/** The same series as Enhanced CT images, whose frames go through the slices of one time point after the other. */
export function writeEnhancedSeries(folder: string, series: TestDynamicSeries, framesPerFile: number): string {
  const { timePoints, slices, size, intervalS = 2, valueAt = distinctValue, seriesUid = SERIES_UID } = series;
  const frames = Array.from({ length: timePoints * slices }, (_, index): [t: number, z: number] => [
    Math.floor(index / slices),
    index % slices,
  ]);
  mkdirSync(folder, { recursive: true });
  for (let first = 0; first < frames.length; first += framesPerFile) {
    const ofFile = frames.slice(first, first + framesPerFile);
    const rows = ofFile.flatMap(([t, z]) =>
      Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => valueAt(t, z, y, x))),
    );
    const { '00200032': _, '00200037': __, '00280030': ___, ...common } = dynamicSlice(series, 0, 0);
    const attributes: Attributes = {
      ...common,
      '00080008': ['CS', 'ORIGINAL\\PRIMARY\\VOLUME\\NONE'],
      '00080016': ['UI', ENHANCED_CT_CLASS],
      '00080018': ['UI', `${seriesUid}.${first + 1}`],
      '00200013': ['IS', String(first + 1)],
      '00280008': ['IS', String(ofFile.length)],
      '52009229': [
        'SQ',
        items([
          {
            '00289110': ['SQ', items([{ '00180050': ['DS', '3'], '00280030': ['DS', '0.5\\0.5'] }])],
            '00209116': ['SQ', items([{ '00200037': ['DS', '1\\0\\0\\0\\1\\0'] }])],
          },
        ]),
      ],
      '52009230': [
        'SQ',
        items(
          ofFile.map(([t, z]) => ({
            '00209111': ['SQ', items([{ '00189074': ['DT', `20250115${timeText(36_000 + t * intervalS)}`] }])],
            '00209113': ['SQ', items([{ '00200032': ['DS', `-120\\-130.5\\${-100 + 3 * z}`] }])],
          })),
        ),
      ],
      '7fe00010': ['OW', pixelBytes(rows)],
    };
    writeFileSync(join(folder, `enhanced-${first}`), writeDicom(attributes));
  }
  return folder;
}

/** Items of a sequence, explicit little endian. */
function items(dataSets: readonly Attributes[]): Buffer {
  return Buffer.concat(
    dataSets.map(dataSet => {
      const bytes = writeDataSet(dataSet);
      const head = Buffer.from('feff00e000000000', 'hex');
      head.writeUInt32LE(bytes.length, 4);
      return Buffer.concat([head, bytes]);
    }),
  );
}
