import type { Host } from './host.ts';
import type { DisplaySet, Instance, NewDisplaySet } from './ohif.ts';
import type { SeriesFrame } from './series-frames.ts';

/** Marks a display set that was made here, with the display set that it is a part of. */
const SOURCE_ATTRIBUTE = 'voxelwiseReferenceOf';

interface StackHandler {
  getDisplaySetsFromSeries(instances: readonly Instance[]): readonly NewDisplaySet[];
}

/** Why no display set can be made of a time point, in a sentence for the reader. */
export class ReferenceDisplaySetError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReferenceDisplaySetError';
  }
}

/**
 * A display set of one time point of a 4D series: the viewer shows a 4D series as one stack of all slices at all times, in which
 * nobody can scroll through the head. This one has one image per slice, and viewports, hanging protocols and the list of series
 * take it like any other. Asked again for the same source, the one that is there is given back, whatever its time point.
 * See docs/decisions/0012-reference-time-point.md.
 * @param source the display set of the 4D series
 * @param frames one frame per slice
 * @param label name in the list of series, such as "Perfusion, time point 1"
 * @throws ReferenceDisplaySetError where the viewer cannot show these frames as a stack
 */
export function referenceDisplaySet(
  host: Host,
  source: DisplaySet,
  frames: readonly SeriesFrame[],
  label: string,
): DisplaySet {
  const known = referenceOf(host, source);
  if (known) return known;
  const handler = host.moduleEntry(source.SOPClassHandlerId ?? '') as StackHandler | undefined;
  const instances = frames.map(frame => singleImage(host, frame));
  const [made] = handler?.getDisplaySetsFromSeries(instances) ?? [];
  const imageIds = made ? host.dataSource().getImageIdsForDisplaySet(made) : [];
  const wanted = new Set(frames.map(({ imageId }) => imageId));
  if (!made || imageIds.length !== frames.length || !imageIds.every(imageId => wanted.has(imageId))) {
    throw new ReferenceDisplaySetError(
      'The viewer cannot show one time point of this series as a stack of slices; open the study from a DICOMweb archive.',
    );
  }
  made.setAttributes({
    madeInClient: true,
    isDerivedDisplaySet: true,
    SeriesDescription: label,
    label,
    [SOURCE_ATTRIBUTE]: source.displaySetInstanceUID,
  });
  host.services.displaySetService.addDisplaySets(made);
  return made;
}

/** The display set of one time point that was made of a 4D series, while it is open. */
export function referenceOf({ services }: Pick<Host, 'services'>, source: DisplaySet): DisplaySet | undefined {
  return services.displaySetService
    .getActiveDisplaySets()
    .find(displaySet => sourceUidOf(displaySet) === source.displaySetInstanceUID);
}

/** UID of the display set of which this one shows a time point; undefined for every other display set. */
export function sourceUidOf(displaySet: DisplaySet): string | undefined {
  return (displaySet as unknown as Readonly<Record<string, string | undefined>>)[SOURCE_ATTRIBUTE];
}

/**
 * A frame as the instance of a single image. Of a multi-frame instance that is the viewer's own description of the frame, which
 * has the frame's position and orientation on its top level, with the frame's image id.
 */
export function singleImage({ cornerstone }: Pick<Host, 'cornerstone'>, { instance, imageId }: SeriesFrame): Instance {
  if (!(Number(instance.NumberOfFrames ?? 1) > 1)) return instance;
  const ofFrame = (cornerstone.metaData.get('instance', imageId) ?? instance) as Instance;
  // Inherits what it does not change: the viewer's description is one of its own shared objects.
  return Object.create(ofFrame, {
    NumberOfFrames: { value: 1, enumerable: true },
    imageId: { value: imageId },
  });
}
