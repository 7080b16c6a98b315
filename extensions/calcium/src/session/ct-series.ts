import { type CtValues, ctImageOf, stackCtImages } from '@voxelwise/dicom';
import { type DisplaySet, type Host, type LoadedVolume, loadVolume, misreadWords } from '@voxelwise/host';
import { CALCIUM, countPadded, excludePadding, type HuVolume, type PaddedVoxels } from '../core/index.ts';
import { calciumLikelihood } from './calcium-likelihood.ts';

/** A CT series that passed every check, ready to be scored. */
export interface CtSeries {
  readonly displaySet: DisplaySet;
  readonly loaded: LoadedVolume;
  readonly dimensions: HuVolume['dimensions'];
  readonly spacingMm: HuVolume['spacingMm'];
  /** Bright voxels that are padding. */
  readonly padded: PaddedVoxels;
  /** A fresh copy of the voxels in HU, padding excluded, in the order of loaded.imageIds. */
  readVolume(): HuVolume;
  /** One slice's voxels in HU, padding excluded. Not always a copy: do not write. */
  readSlice(slice: number): HuVolume['voxels'];
}

/**
 * The CT series of the study that could be a calcium scan, the likeliest first. Series that the checks will refuse are
 * among them, so that the reader learns why.
 */
export function ctSeriesOf({ services }: Host): DisplaySet[] {
  return services.displaySetService
    .getActiveDisplaySets()
    .filter(displaySet => calciumLikelihood(displaySet) > 0)
    .sort((a, b) => calciumLikelihood(b) - calciumLikelihood(a));
}

/**
 * Checks and loads a series. What attributes tell is checked first.
 * @throws an error with a sentence for the reader
 */
export async function openCtSeries(
  host: Host,
  displaySet: DisplaySet,
  options: { onProgress?: (loaded: number, total: number) => void; signal?: AbortSignal },
): Promise<CtSeries> {
  stackCtImages((displaySet.instances ?? []).map(ctImageOf), CALCIUM);
  const loaded = await loadVolume(host, displaySet, options);
  const headers = loaded.instances.map(ctImageOf);
  const { dimensions, spacingMm, order, values } = stackCtImages(headers, CALCIUM);
  checkOrder(order);
  values.forEach((ofSlice, slice) => {
    const problem = misreadWords(headers[slice]!.label, ofSlice, loaded.readSlice(slice));
    if (problem) throw new Error(problem);
  });
  const paddings = values.map(paddingInViewer);
  const padded = new Map<number, number>();
  paddings.forEach((padding, slice) => {
    if (padding) countPadded(padded, loaded.readSlice(slice), padding);
  });
  return {
    displaySet,
    loaded,
    dimensions,
    spacingMm,
    padded,
    readVolume() {
      const voxels = loaded.readVoxels();
      const sliceLength = dimensions[0] * dimensions[1];
      paddings.forEach((padding, slice) => {
        if (!padding) return;
        excludePadding(voxels.subarray(slice * sliceLength, (slice + 1) * sliceLength), padding[0], padding[1]);
      });
      return { voxels, dimensions, spacingMm };
    },
    readSlice(slice) {
      const values = loaded.readSlice(slice);
      const padding = paddings[slice];
      const isHu = values instanceof Int16Array || values instanceof Float32Array;
      if (isHu && !padding) return values;
      const copy = isHu ? values.slice() : Float32Array.from(values);
      if (padding) excludePadding(copy, padding[0], padding[1]);
      return copy;
    },
  };
}

/** Cornerstone sorts slices along their normal, in one direction or the other; anything else would join wrong slices. */
function checkOrder(order: readonly number[]): void {
  const ascending = order.every((slice, index) => slice === index);
  const descending = order.every((slice, index) => slice === order.length - 1 - index);
  if (!ascending && !descending) {
    throw new Error('The viewer did not sort the slices by position, so the series is not scored. Reload the study.');
  }
}

/** HU range of padding, or null, in the precision of the viewer's voxels. */
function paddingInViewer({ paddingHu }: CtValues): [lowest: number, highest: number] | null {
  return paddingHu && [Math.fround(paddingHu[0]), Math.fround(paddingHu[1])];
}
