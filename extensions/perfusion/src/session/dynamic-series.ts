import type { VoxelVolume } from '@voxelwise/compute';
import {
  type DisplaySet,
  type DynamicLoading,
  type DynamicSeries,
  dynamicDisplaySets,
  dynamicLikelihoodOf,
  dynamicLoading,
  dynamicSeriesOf,
  type Host,
  type Instance,
  referenceDisplaySet,
  singleImage,
  timePointFrames,
} from '@voxelwise/host';
import { atEqualIntervals, type DynamicVolume } from '../core/index.ts';

/** A series that a reader can choose. */
export interface SeriesChoice {
  /** UID of its display set. */
  readonly id: string;
  readonly studyUid: string;
  readonly name: string;
  /** How much it looks like a perfusion scan. */
  readonly likelihood: number;
}

/** A 4D series that passed every check and is loaded. */
export interface PerfusionSeries {
  readonly choice: SeriesChoice;
  /** Its id in the compute engine. */
  readonly volumeId: string;
  readonly volume: DynamicVolume;
  /** The acquisition's own times were not equally spaced, so its values were interpolated. */
  readonly isResampled: boolean;
  /** What was done to the series, a sentence each. */
  readonly notes: readonly string[];
  /** One time point of it, which the views show. */
  readonly reference: DisplaySet;
  /** Of the reference, by slice. A frame of a multi-frame image is an instance of its own, with its own position. */
  readonly imageIds: readonly string[];
  readonly instances: readonly Instance[];
  readonly source: DynamicSeries;
}

/** The 4D series of the study, the likeliest first. Those that the checks will refuse are among them, so that the reader learns why. */
export function perfusionSeriesOf(host: Host): SeriesChoice[] {
  return dynamicDisplaySets(host).map(displaySet => ({
    id: displaySet.displaySetInstanceUID,
    studyUid: displaySet.StudyInstanceUID,
    name: nameOf(displaySet),
    likelihood: dynamicLikelihoodOf(host, displaySet),
  }));
}

/**
 * Checks and loads a series. What headers tell is checked first.
 * @throws an error with a sentence for the reader
 */
export async function openPerfusionSeries(
  host: Host,
  choice: SeriesChoice,
  options: { onProgress?: (loaded: number, total: number) => void; signal?: AbortSignal },
): Promise<PerfusionSeries> {
  const displaySet = dynamicDisplaySets(host).find(({ displaySetInstanceUID }) => displaySetInstanceUID === choice.id);
  if (!displaySet) throw new Error('The series is not in the viewer any more; open the study again.');
  const { series, loading } = loadingOf(host, displaySet);
  const { stack } = series;
  const voxels = await loading.load(options);
  const { dimensions, spacingMm, signal, timesS, frameTimesS } = stack;
  const { volume, notes } = atEqualIntervals({ voxels, dimensions, spacingMm, signal, timesS, frameTimesS });
  const frames = timePointFrames(series, 0);
  const reference = referenceDisplaySet(host, displaySet, frames, `${nameOf(displaySet)}, one time point`);
  const isResampled = volume.voxels !== voxels;
  if (isResampled && last?.loading === loading) forgetLoaded(); // the voxels as they were measured are not looked at again
  return {
    choice,
    volumeId: `voxelwise-perfusion:${choice.id}`,
    volume,
    isResampled,
    notes: [...stack.notes, ...notes],
    reference,
    imageIds: frames.map(({ imageId }) => imageId),
    instances: frames.map(frame => singleImage(host, frame)),
    source: series,
  };
}

/**
 * The series that was opened last: what has been loaded of it stays loaded, also where loading was cancelled or has failed. Its array
 * is that of the open series, unless that was resampled.
 */
let last: {
  readonly displaySet: DisplaySet;
  readonly series: DynamicSeries;
  readonly loading: DynamicLoading;
} | null = null;

/** Gives the memory back that a loaded series takes once no one shows it; opening it again loads it anew. */
export function forgetLoaded(): void {
  last = null;
}

function loadingOf(host: Host, displaySet: DisplaySet) {
  if (last?.displaySet !== displaySet) {
    forgetLoaded(); // a series that cannot be grouped must not keep the one before it in memory
    const series = dynamicSeriesOf(host, displaySet);
    last = { displaySet, series, loading: dynamicLoading(host, series) };
  }
  return last;
}

/** The volume for the engine: one of its slices holds all time points of a slice. A copy, because the engine's worker takes it. */
export function engineVolume({ volume }: PerfusionSeries): VoxelVolume {
  const [nx, ny, nz] = volume.dimensions;
  return { voxels: volume.voxels.slice(), dimensions: [nx, ny * volume.timePoints, nz] };
}

function nameOf({ SeriesNumber, SeriesDescription, Modality }: DisplaySet): string {
  const number = SeriesNumber === undefined ? '' : `${SeriesNumber}: `;
  return `${number}${SeriesDescription || `${Modality} series`}`;
}
