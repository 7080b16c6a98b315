import {
  type DynamicFrame,
  type DynamicStack,
  dynamicFramesOf,
  dynamicLikelihood,
  stackDynamicFrames,
} from '@voxelwise/dicom';
import type { Host } from './host.ts';
import type { DisplaySet, Instance } from './ohif.ts';
import { type SeriesFrame, seriesFrames, seriesInstances } from './series-frames.ts';

/** A 4D series whose headers passed every check. Nothing of it is loaded yet. */
export interface DynamicSeries {
  readonly displaySet: DisplaySet;
  /** All frames of the series; stack.order holds indices into them. */
  readonly frames: readonly SeriesFrame[];
  /** Their headers, in the same order. */
  readonly headers: readonly DynamicFrame[];
  readonly stack: DynamicStack;
}

/**
 * Groups the images of a series by time point and slice, whatever the viewer made of them.
 * @throws an error with one sentence for the reader where they are no 4D series that can be measured
 */
export function dynamicSeriesOf(host: Host, displaySet: DisplaySet): DynamicSeries {
  const instances = seriesInstances(host, displaySet.SeriesInstanceUID);
  const headers = instances.flatMap(instance => dynamicFramesOf(instance));
  const stack = stackDynamicFrames(headers);
  return { displaySet, frames: seriesFrames(host, displaySet, instances), headers, stack };
}

/** The frames of one time point, by ascending slice. */
export function timePointFrames({ frames, stack }: DynamicSeries, timePoint: number): SeriesFrame[] {
  return (stack.order[timePoint] ?? []).map(index => frames[index]!);
}

/** How much the series of a display set looks like a perfusion scan, for hanging protocols; 0 when it cannot be one. */
export function dynamicLikelihoodOf(
  host: Pick<Host, 'services'>,
  { SeriesInstanceUID, madeInClient }: DisplaySet,
): number {
  if (madeInClient) return 0;
  const instances = seriesInstances(host, SeriesInstanceUID);
  const [first] = instances;
  if (!first) return 0;
  // A hanging protocol asks for every rule and series, and a series may have ten thousand images.
  const known = likelihoods.get(first);
  if (known?.instances === instances.length) return known.likelihood;
  const likelihood = dynamicLikelihood(instances);
  likelihoods.set(first, { instances: instances.length, likelihood });
  return likelihood;
}

/** By the first instance of the series; it holds while the series has as many. */
const likelihoods = new WeakMap<Instance, { instances: number; likelihood: number }>();

/**
 * The display sets of the open studies that may be 4D series, the likeliest first. Those that the checks will refuse are among
 * them, so that the reader learns why.
 */
export function dynamicDisplaySets(host: Pick<Host, 'services'>): DisplaySet[] {
  const bySeries = new Map<string, DisplaySet>();
  for (const displaySet of host.services.displaySetService.getActiveDisplaySets()) {
    // Of multi-frame instances the viewer makes several display sets; the first one stands for the series.
    const { SeriesInstanceUID, madeInClient } = displaySet;
    if (!madeInClient && !bySeries.has(SeriesInstanceUID)) bySeries.set(SeriesInstanceUID, displaySet);
  }
  return [...bySeries.values()]
    .map(displaySet => ({ displaySet, likelihood: dynamicLikelihoodOf(host, displaySet) }))
    .filter(({ likelihood }) => likelihood > 0)
    .sort((a, b) => b.likelihood - a.likelihood)
    .map(({ displaySet }) => displaySet);
}
