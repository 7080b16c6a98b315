import {
  CtImageError,
  createDynamicVoxels,
  type DynamicFrame,
  DynamicSeriesError,
  type DynamicStack,
  dynamicLikelihoodOfFrames,
  parseDecimal,
  SliceStackError,
  stackDynamicFrames,
  valueOfPadding,
} from '@voxelwise/dicom';
import { atEqualIntervals, type DynamicVolume } from '@voxelwise/perfusion/core';
import { oneLine, Refusal } from '../refusal.ts';
import { chooseSeries, type WantedSeries } from './choose-series.ts';
import type { ImageHeader } from './image-header.ts';
import { readFrames, type SlicePixels } from './pixels.ts';
import { readFolder } from './read-folder.ts';
import { checkPixelData, type Slice } from './slice.ts';

/** What is known of a 4D series; no patient data. */
export interface DynamicSeriesInformation {
  readonly uid: string;
  readonly studyUid: string;
  readonly modality: string;
  readonly description: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  /** [column spacing, row spacing, increment] in mm. */
  readonly spacingMm: readonly [number, number, number];
  /** When its time points were acquired, s; the first is 0. */
  readonly measuredTimesS: readonly number[];
  /** Keyword of the attribute that tells time points apart, and of the one that gives the times. */
  readonly splitBy: string;
  readonly timesFrom: string;
  /** Its own times were not equally spaced, so its values were interpolated. */
  readonly isResampled: boolean;
  /** What should be known of the series, one sentence each: what was left out, how it was resampled. */
  readonly notes: readonly string[];
}

export interface LoadedDynamicSeries {
  readonly information: DynamicSeriesInformation;
  /** At equal intervals; CT in HU. */
  readonly volume: DynamicVolume;
  /** Images of the first time point, by ascending slice: what results refer to. */
  readonly headers: readonly ImageHeader[];
  /** Numbers of all series of the study that the folder has. */
  readonly seriesNumbers: readonly number[];
}

const DYNAMIC_SERIES: WantedSeries = {
  name: '4D series',
  isDone: 'computed',
  isWanted: images => dynamicLikelihoodOfFrames(images.flatMap(({ frames }) => frames)) > 0,
};

/**
 * Reads one 4D series of a folder as a volume over time. Files are read one after the other into one array; where the sampling is
 * irregular there is a second one, at equal intervals.
 * @throws Refusal with the reason when that cannot be done beyond doubt.
 */
export async function loadDynamicSeries(
  folder: string,
  { seriesUid, onProgress }: { readonly seriesUid?: string; readonly onProgress?: (message: string) => void } = {},
): Promise<LoadedDynamicSeries> {
  const contents = await readFolder(folder, (done, total) => onProgress?.(`Reading headers ${done}/${total}`));
  const images = chooseSeries(contents, folder, seriesUid, DYNAMIC_SERIES);
  const owners = images.flatMap(image => image.frames.map(() => image));
  const frames = images.flatMap(image => image.frames);
  return orRefused(async () => {
    const stack = stackDynamicFrames(frames);
    const measured = await readVoxels(stack, frames, owners, onProgress);
    const { dimensions, spacingMm, signal, timesS, frameTimesS } = stack;
    const { volume, notes } = atEqualIntervals({
      voxels: measured,
      dimensions,
      spacingMm,
      signal,
      timesS,
      frameTimesS,
    });
    const headers = stack.order[0]!.map(index => owners[index]!);
    const ofStudy = contents.images.filter(({ studyInstanceUid }) => studyInstanceUid === headers[0]!.studyInstanceUid);
    return {
      information: {
        ...describe(stack, headers[0]!, [...stack.notes, ...notes].map(oneLine)),
        isResampled: volume.voxels !== measured,
      },
      volume,
      headers,
      seriesNumbers: [...new Set(ofStudy.map(({ seriesNumber }) => parseDecimal(seriesNumber)))].filter(
        n => n !== null,
      ),
    };
  });
}

async function orRefused<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const isReason =
      error instanceof DynamicSeriesError || error instanceof SliceStackError || error instanceof CtImageError;
    throw isReason ? new Refusal(error.message) : error;
  }
}

/** A frame of the 4D volume, and where it belongs. */
interface PlacedFrame {
  readonly slice: Slice;
  readonly t: number;
  readonly z: number;
}

async function readVoxels(
  stack: DynamicStack,
  frames: readonly DynamicFrame[],
  owners: readonly ImageHeader[],
  onProgress?: (message: string) => void,
): Promise<Int16Array | Float32Array> {
  const files = new Map<ImageHeader, PlacedFrame[]>();
  stack.order.forEach((ofTime, t) => {
    ofTime.forEach((index, z) => {
      const header = owners[index]!;
      const slice = sliceOf(header, frames[index]!, stack, index);
      const known = files.get(header);
      if (known) known.push({ slice, t, z });
      else files.set(header, [{ slice, t, z }]);
    });
  });
  for (const header of files.keys()) checkPixelData(header);
  const voxels = createDynamicVoxels(stack);
  const total = stack.order.length * stack.dimensions[2];
  let done = 0;
  for (const placed of files.values()) {
    onProgress?.(`Reading images ${done}/${total}`);
    let next = 0;
    for await (const pixels of readFrames(placed.map(({ slice }) => slice))) {
      const { slice, t, z } = placed[next++]!;
      voxels.write(t, z, scaled(pixels, slice, valueOfPadding(stack)));
    }
    done += placed.length;
  }
  return voxels.array();
}

function sliceOf(
  header: ImageHeader,
  { frame }: DynamicFrame,
  { dimensions, values }: DynamicStack,
  index: number,
): Slice {
  const [columns, rows] = dimensions;
  return { header, rows, columns, frame: { number: frame, of: header.frames.length }, ...values.get(index)! };
}

/** In the scanner's unit, in double precision; padding is no measurement. */
function scaled({ stored, isPadding }: SlicePixels, { slope, intercept }: Slice, padding: number): ArrayLike<number> {
  if (slope === 1 && intercept === 0 && !isPadding) return stored;
  return Float64Array.from(stored, (value, pixel) => (isPadding?.[pixel] ? padding : value * slope + intercept));
}

function describe(
  { dimensions, spacingMm, timesS, splitBy, timesFrom }: DynamicStack,
  header: ImageHeader,
  notes: readonly string[],
): Omit<DynamicSeriesInformation, 'isResampled'> {
  const [columns, rows, slices] = dimensions;
  return {
    uid: header.seriesUid,
    studyUid: header.studyInstanceUid,
    modality: header.modality,
    description: header.description || null,
    manufacturer: header.manufacturer || null,
    model: header.model || null,
    ...{ slices, rows, columns, spacingMm, splitBy, timesFrom, notes },
    measuredTimesS: timesS,
  };
}
