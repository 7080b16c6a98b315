import { differenceInOrigin, originOf, paddingRange, type SliceStack, stackSlices } from '@voxelwise/dicom';
import { type DisplaySet, type Host, type Instance, type LoadedVolume, loadVolume, numbers } from '@voxelwise/host';
import { countPadded, excludePadding, type HuVolume, type PaddedVoxels, paddingOverCalcium } from '../core/index.ts';
import { text } from './acquisition.ts';
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
 * Checks and loads a series. The geometry is checked first, from attributes alone.
 * @throws an error with a sentence for the reader
 */
export async function openCtSeries(
  host: Host,
  displaySet: DisplaySet,
  options: { onProgress?: (loaded: number, total: number) => void; signal?: AbortSignal },
): Promise<CtSeries> {
  stackOf(displaySet.instances ?? []);
  const loaded = await loadVolume(host, displaySet, options);
  const { instances } = loaded;
  const { dimensions, spacingMm, order } = stackOf(instances);
  checkOrder(order);
  const paddings = instances.map(paddingRangeHu);
  checkPaddings(paddings, instances);
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

function stackOf(instances: readonly Instance[]): SliceStack {
  if (instances.some(({ NumberOfFrames }) => Number(NumberOfFrames ?? 1) > 1)) {
    throw new Error('Enhanced (multi-frame) CT is not scored yet; choose a series of single slices.');
  }
  const difference = differenceInOrigin(instances.map(originOf));
  if (difference) {
    throw new Error(`The images of this series are of two ${difference.what}, so they are not slices of one volume.`);
  }
  return stackSlices(
    instances.map(instance => ({
      label: `image ${instance.InstanceNumber ?? '?'}`,
      rows: Number(instance.Rows),
      columns: Number(instance.Columns),
      pixelSpacingMm: numbers(instance.PixelSpacing),
      position: numbers(instance.ImagePositionPatient),
      orientation: numbers(instance.ImageOrientationPatient),
      ...(instance.GantryDetectorTilt !== undefined && { gantryTiltDegrees: Number(instance.GantryDetectorTilt) }),
      imageType: text(instance, 'ImageType'),
      sopInstanceUid: text(instance, 'SOPInstanceUID'),
      acquisitionNumber: text(instance, 'AcquisitionNumber'),
      acquisitionTime: text(instance, 'AcquisitionTime'),
      instanceNumber: text(instance, 'InstanceNumber'),
    })),
  );
}

/** Cornerstone sorts slices along their normal, in one direction or the other; anything else would join wrong slices. */
function checkOrder(order: readonly number[]): void {
  const ascending = order.every((slice, index) => slice === index);
  const descending = order.every((slice, index) => slice === order.length - 1 - index);
  if (!ascending && !descending) {
    throw new Error('The viewer did not sort the slices by position, so the series is not scored. Reload the study.');
  }
}

function checkPaddings(paddings: readonly ([number, number] | null)[], instances: readonly Instance[]): void {
  paddings.forEach((padding, slice) => {
    const problem = padding && paddingOverCalcium(padding);
    if (problem) throw new Error(`Image ${instances[slice]?.InstanceNumber ?? '?'} ${problem}`);
  });
}

/** HU range of padding, or null, in the precision of the viewer's voxels. */
export function paddingRangeHu(instance: Instance): [number, number] | null {
  const [value] = numbers(instance.PixelPaddingValue);
  const [rangeLimit] = numbers(instance.PixelPaddingRangeLimit);
  const isSigned = Number(instance.PixelRepresentation ?? 0) === 1;
  const range = paddingRange({ value, rangeLimit, isSigned });
  if (!range) return null;
  const slope = Number(instance.RescaleSlope ?? 1);
  const intercept = Number(instance.RescaleIntercept ?? 0);
  const [a, b] = range.map(stored => Math.fround(stored * slope + intercept)) as [number, number];
  return a <= b ? [a, b] : [b, a];
}
