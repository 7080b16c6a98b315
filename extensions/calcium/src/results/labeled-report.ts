import type { RunReport } from '@voxelwise/compute';
import { type Keyword, printedSubjectOf } from '@voxelwise/dicom';
import {
  type AcquisitionFacts,
  type Category,
  conventionInWords,
  type LabeledLesions,
  type MassCalibration,
  type PersonAssessment,
  partsAsLesions,
  type VesselScores,
  vesselsOfParts,
} from '../core/index.ts';
import { type KeyImage, keyImageOf } from './key-image.ts';
import type { CalciumReport } from './report.ts';

/** A scored series with the images that it came from. */
export interface LabeledSeries {
  readonly labeled: LabeledLesions;
  readonly scores: VesselScores;
  readonly category: Category;
  readonly calibration: MassCalibration | null;
  readonly facts: AcquisitionFacts;
  /** An attribute of the first slice as text, several values joined by a backslash; '' where absent. */
  readonly attribute: (keyword: Keyword) => string;
  /** Values of a slice in HU, row by row. */
  readonly sliceHu: (slice: number) => ArrayLike<number>;
  /** InstanceNumber of a slice; '' where absent. */
  readonly instanceNumber: (slice: number) => string;
  readonly person?: PersonAssessment;
  /** What is to be said of the convention beside the convention itself. */
  readonly furtherConvention: readonly string[];
  readonly compute: RunReport;
  readonly warnings: readonly string[];
  /** For the record: what of a segmentation does not count. */
  readonly notes?: readonly string[];
  readonly software: { readonly name: string; readonly version: string };
}

/** Everything that the report prints of a scored series. */
export function reportOf(series: LabeledSeries, createdAt: Date): CalciumReport {
  const { labeled, scores, attribute, calibration, facts, person } = series;
  const { convention, dimensions, spacingMm } = labeled.set;
  const [dx, dy, incrementMm] = spacingMm;
  return {
    ...printedSubjectOf(attribute),
    acquisition: {
      seriesDescription: attribute('SeriesDescription'),
      seriesInstanceUid: attribute('SeriesInstanceUID'),
      manufacturer: attribute('Manufacturer'),
      model: attribute('ManufacturerModelName'),
      kvp: attribute('KVP'),
      tubeCurrentMa: attribute('XRayTubeCurrent'),
      kernel: attribute('ConvolutionKernel'),
      sliceThicknessMm: attribute('SliceThickness'),
      incrementMm,
      pixelSpacingMm: [dx, dy],
      slices: dimensions[2],
      gating: facts.gating ?? '',
    },
    vessels: scores.rows,
    total: scores.total,
    totalMass: scores.totalMass,
    category: series.category,
    ...(person && { person }),
    conventionInWords: [...conventionInWords(convention, spacingMm, facts, calibration), ...series.furtherConvention],
    compute: series.compute,
    warnings: series.warnings,
    notes: series.notes ?? [],
    keyImages: keyImagesOf(series),
    software: series.software,
    createdAt,
  };
}

function keyImagesOf({ labeled, scores, sliceHu, instanceNumber }: LabeledSeries): KeyImage[] {
  const lesionSet = partsAsLesions(labeled);
  const vesselOfLesion = vesselsOfParts(labeled);
  const sliceName = (slice: number) => `Image ${instanceNumber(slice) || slice + 1}`;
  return scores.rows
    .map(({ vessel }) => keyImageOf({ lesionSet, vesselOfLesion, vessel, sliceHu, sliceName }))
    .filter(image => image !== null);
}
