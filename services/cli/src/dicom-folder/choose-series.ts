import { Refusal } from '../refusal.ts';
import type { ImageHeader } from './image-header.ts';
import type { FolderContents } from './read-folder.ts';

/** How many series a refusal lists before it says "and n more". */
const LISTED_SERIES = 20;

/** Which kind of series a command works on. */
export interface WantedSeries {
  /** "CT series". */
  readonly name: string;
  /** What happens to it: "scored". */
  readonly isDone: string;
  /** Where there are such series, others (segmentations, reports, other modalities) are not to choose from. */
  isWanted(images: readonly ImageHeader[]): boolean;
}

const CT_SERIES: WantedSeries = {
  name: 'CT series',
  isDone: 'scored',
  isWanted: images => images.some(({ modality }) => modality === 'CT'),
};

/**
 * The images of the series to work on: the only one in the folder, or the one with the given UID.
 * @throws Refusal when there is none or more than one to choose from, or when a file of it is damaged.
 */
export function chooseSeries(
  { images, unreadable, files }: FolderContents,
  folder: string,
  seriesUid?: string,
  { name, isDone, isWanted }: WantedSeries = CT_SERIES,
): readonly ImageHeader[] {
  const all = new Map<string, ImageHeader[]>();
  for (const image of images) {
    const known = all.get(image.seriesUid);
    if (known) known.push(image);
    else all.set(image.seriesUid, [image]);
  }
  const likely = new Map([...all].filter(([, ofSeries]) => isWanted(ofSeries)));
  const series = seriesUid === undefined && likely.size > 0 ? likely : all;
  const [only] = series.keys();
  const wanted = seriesUid ?? (series.size === 1 ? only : undefined);

  // A damaged file may belong to the series to score unless its header says otherwise.
  const damaged = unreadable.find(file => !wanted || !file.seriesUid || file.seriesUid === wanted);
  if (damaged) {
    const more = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more like it)` : '';
    if (damaged.isDenied) {
      throw new Refusal(
        `The file ${damaged.file}${more} cannot be read (${damaged.reason}), and it may be a slice of the scan; allow reading it, or take it out of the folder.`,
      );
    }
    throw new Refusal(
      `The DICOM file ${damaged.file}${more} is damaged or truncated: ${damaged.reason}; copy it again from its source, or take it out of the folder if it is not part of the scan.`,
    );
  }
  if (series.size === 0) {
    const looked = files === 0 ? 'is empty' : `has ${files} ${files === 1 ? 'file' : 'files'}, none of them DICOM`;
    throw new Refusal(`There is no DICOM in ${folder}, which ${looked}; give the folder of one ${name}.`);
  }
  if (seriesUid !== undefined) {
    const chosen = series.get(seriesUid);
    if (chosen) return chosen;
    throw new Refusal(
      `The folder ${folder} has no series ${seriesUid}; choose one of these with --series: ${describe(series)}.`,
    );
  }
  if (series.size > 1) {
    throw new Refusal(
      `The folder ${folder} has ${series.size} series, and one is ${isDone} at a time; choose one of these with --series <uid>: ${describe(series)}.`,
    );
  }
  return series.get(only!)!;
}

function describe(series: ReadonlyMap<string, readonly ImageHeader[]>): string {
  const entries = [...series].map(([uid, images]) => {
    const { modality, description } = images[0]!;
    const count = images.length === 1 ? '1 image' : `${images.length} images`;
    return `${uid} (${modality || 'no modality'}, ${description ? `"${description}"` : 'no description'}, ${count})`;
  });
  const hidden = entries.length - LISTED_SERIES;
  return entries.slice(0, LISTED_SERIES).join('; ') + (hidden > 0 ? `; and ${hidden} more` : '');
}
