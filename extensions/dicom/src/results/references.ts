import type { DataSet, Items } from './data-set.ts';
import type { DerivedSource, SourceSlice } from './source.ts';

/** The item that names an instance by class and UID. */
export function instanceItem({
  sopClassUid,
  sopInstanceUid,
}: Pick<SourceSlice, 'sopClassUid' | 'sopInstanceUid'>): DataSet {
  return { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid };
}

/** ReferencedSeriesSequence: every source slice, by series (PS3.3 C.12.2). */
export function referencedSeries({ slices }: DerivedSource): Items {
  return [...bySeries(slices)].map(([SeriesInstanceUID, instances]) => ({
    SeriesInstanceUID,
    ReferencedInstanceSequence: instances.map(instanceItem),
  }));
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
