import {
  applyEdits,
  type Convention,
  type HuVolume,
  type LabeledLesions,
  lesionsOfSlice,
  partAt,
  touchedLesions,
  type Voxel,
  voxelAsRuns,
} from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';
import type { Decisions } from './decisions.ts';

/**
 * What scores and the visible slice show while the threshold is dragged, computed at once, where they are shown; the
 * worker's search of the whole volume follows when the slider rests. What is here is exactly what that will find.
 */
export interface ThresholdPreview {
  /** Lesions that an edit touches, and the one that is selected: all that the scores depend on. */
  readonly touched: LabeledLesions;
  /** Of the touched parts; -1 for none. */
  readonly selectedPart: number;
  /** Everything in a slice that counts, without labels, as a volume of this slice alone. */
  readonly candidatesOf: (slice: number) => LabeledLesions;
}

/** Lesions of more voxels take longer than a frame here: calcium that has grown together with bone. */
const MOST_VOXELS = 40_000;

/** Gives previews of one series; the slices that they read are kept for the next one. */
export function thresholdPreviews(
  series: Pick<CtSeries, 'dimensions' | 'spacingMm' | 'readSlice'>,
): (
  convention: Convention,
  decisions: Pick<Decisions, 'edits' | 'region'>,
  selected: Voxel | null,
) => ThresholdPreview | null {
  const { dimensions, spacingMm, readSlice } = series;
  const slices = new Map<number, HuVolume['voxels']>();
  const slice = (index: number) => {
    let voxels = slices.get(index);
    if (!voxels) {
      voxels = readSlice(index);
      slices.set(index, voxels);
    }
    return voxels;
  };
  const volume = { dimensions, spacingMm, slice };
  return (convention, { edits, region }, selected) => {
    const seeds = edits.map(({ voxels }) => voxels);
    if (selected) seeds.push(voxelAsRuns(selected, dimensions));
    const touched = touchedLesions(volume, { seeds, convention, region, mostVoxels: MOST_VOXELS });
    if (!touched) return null;
    const labeled = applyEdits(touched, edits);
    return {
      touched: labeled,
      selectedPart: selected ? partAt(labeled, ...selected) : -1,
      candidatesOf: index => applyEdits(lesionsOfSlice(volume, index, convention, region), []),
    };
  };
}
