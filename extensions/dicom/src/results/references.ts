import { codeItem, dcm } from './codes.ts';
import type { DataSet, Items } from './data-set.ts';
import type { SourceSlice } from './source.ts';

/** The item that names an instance by class and UID. */
export function instanceItem({
  sopClassUid,
  sopInstanceUid,
}: Pick<SourceSlice, 'sopClassUid' | 'sopInstanceUid'>): DataSet {
  return { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid };
}

/** CID 7202. */
const SOURCE_IMAGE = dcm('121322', 'Source image for image processing operation');

/** The item that names an image that something was computed from (PS3.3 C.7.6.16.2.6). */
export function sourceImageItem(image: SourceSlice): DataSet {
  return {
    ...instanceItem(image),
    ...(image.frameNumber !== undefined && { ReferencedFrameNumber: [image.frameNumber] }),
    PurposeOfReferenceCodeSequence: [codeItem(SOURCE_IMAGE)],
  };
}

/** ReferencedSeriesSequence: every image, by series (PS3.3 C.12.2). */
export function referencedSeries(images: readonly SourceSlice[]): Items {
  return [...bySeries(distinctInstances(images))].map(([SeriesInstanceUID, instances]) => ({
    SeriesInstanceUID,
    ReferencedInstanceSequence: instances.map(instanceItem),
  }));
}

/** Every instance once, however many of its frames there are. */
export function distinctInstances<T extends { readonly sopInstanceUid: string }>(images: readonly T[]): T[] {
  return [...new Map(images.map(image => [image.sopInstanceUid, image])).values()];
}

/** Instances in the order of their series' first one. */
export function bySeries<T extends { readonly seriesInstanceUid: string }>(instances: readonly T[]): Map<string, T[]> {
  const series = new Map<string, T[]>();
  for (const instance of instances) {
    const list = series.get(instance.seriesInstanceUid) ?? [];
    list.push(instance);
    series.set(instance.seriesInstanceUid, list);
  }
  return series;
}
