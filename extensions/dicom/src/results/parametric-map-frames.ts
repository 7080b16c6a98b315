import type { Code } from './codes.ts';
import type { DataSet } from './data-set.ts';
import { distancesAlongNormal, framePlacement } from './frame-groups.ts';
import { referencedSeries } from './references.ts';
import type { DerivedSource, SourceSlice } from './source.ts';
import { newUid, type UidGenerator } from './uid.ts';

const IMAGE_POSITION_PATIENT = 0x0020_0032;
const PLANE_POSITION_SEQUENCE = 0x0020_9113;

export interface FrameSources {
  readonly derivation: Code;
  readonly derivationDescription: string | undefined;
  /** Images besides the slice itself, by frame. */
  readonly furtherImages: readonly (readonly SourceSlice[])[];
  readonly newUid: UidGenerator | undefined;
}

/**
 * Position and source images of each frame of a map, one frame on every slice; their dimension; and the list of all images
 * referred to, without which OHIF shows no map (PS3.3 C.7.6.16, C.7.6.17, C.12.2).
 */
export function mapFrames({ slices }: DerivedSource, sources: FrameSources): DataSet {
  const organization = { DimensionOrganizationUID: (sources.newUid ?? newUid)() };
  const distances = distancesAlongNormal(slices);
  const imagesOf = (frame: number) => [slices[frame]!, ...(sources.furtherImages[frame] ?? [])];
  const allImages = slices.flatMap((_, frame) => imagesOf(frame));
  return {
    DimensionOrganizationType: '3D',
    DimensionOrganizationSequence: [organization],
    DimensionIndexSequence: [
      {
        ...organization,
        DimensionIndexPointer: IMAGE_POSITION_PATIENT,
        FunctionalGroupPointer: PLANE_POSITION_SEQUENCE,
        DimensionDescriptionLabel: 'Image Position Patient',
      },
    ],
    PerFrameFunctionalGroupsSequence: slices.map((slice, frame) => ({
      // From 1, along the normal.
      FrameContentSequence: [{ DimensionIndexValues: distances.filter(mm => mm < distances[frame]!).length + 1 }],
      ...framePlacement(slice, {
        code: sources.derivation,
        description: sources.derivationDescription,
        furtherImages: sources.furtherImages[frame],
      }),
    })),
    ReferencedSeriesSequence: referencedSeries(allImages),
  };
}
