import type { Host } from './host.ts';
import type { DisplaySet, Instance } from './ohif.ts';

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

/** Every frame of instances of one series with its image id, in the order of the instances. */
export function seriesFrames(
  host: Pick<Host, 'dataSource'>,
  { StudyInstanceUID, SeriesInstanceUID }: Pick<DisplaySet, 'StudyInstanceUID' | 'SeriesInstanceUID'>,
  instances: readonly Instance[],
): SeriesFrame[] {
  const source = host.dataSource();
  return instances.flatMap(instance => {
    const imageIds = source.getImageIdsForDisplaySet({ StudyInstanceUID, SeriesInstanceUID, images: [instance] });
    return imageIds.map((imageId, index) => ({ instance, frame: index + 1, imageId }));
  });
}
