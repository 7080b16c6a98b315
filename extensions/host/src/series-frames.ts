import type { Host } from './host.ts';
import type { DisplaySet, Instance } from './ohif.ts';
import { VolumeLoadingError } from './volume-loading.ts';

/** One image of a series: an instance, or one frame of a multi-frame instance. */
export interface SeriesFrame {
  readonly instance: Instance;
  /** From 1; 1 where the instance is a single image. */
  readonly frame: number;
  readonly imageId: string;
}

/**
 * All instances of a series. The viewer may show them as several display sets: every multi-frame instance as one of its own,
 * and those of each SOP class. Display sets that were made in the browser repeat instances, so they are left out.
 */
export function seriesInstances({ services }: Pick<Host, 'services'>, seriesInstanceUid: string): Instance[] {
  return services.displaySetService
    .getActiveDisplaySets()
    .filter(({ SeriesInstanceUID, madeInClient }) => SeriesInstanceUID === seriesInstanceUid && !madeInClient)
    .flatMap(({ instances }) => instances ?? []);
}

/**
 * Every frame of instances of one series with its image id, in the order of the instances.
 * @throws VolumeLoadingError where the data source gives another number of image ids
 */
export function seriesFrames(
  host: Pick<Host, 'dataSource'>,
  { StudyInstanceUID, SeriesInstanceUID }: Pick<DisplaySet, 'StudyInstanceUID' | 'SeriesInstanceUID'>,
  instances: readonly Instance[],
): SeriesFrame[] {
  const frames = instances.flatMap(instance => {
    const count = Math.max(1, Number(instance.NumberOfFrames ?? 1) || 1);
    return Array.from({ length: count }, (_, index) => ({ instance, frame: index + 1 }));
  });
  // All at once: some data sources look through the whole series for every call.
  const imageIds = host
    .dataSource()
    .getImageIdsForDisplaySet({ StudyInstanceUID, SeriesInstanceUID, images: instances });
  if (imageIds.length !== frames.length) {
    throw new VolumeLoadingError(
      `The viewer has ${imageIds.length} images of this series, and its headers tell of ${frames.length}; reload the study.`,
    );
  }
  return frames.map((frame, index) => ({ ...frame, imageId: imageIds[index]! }));
}
