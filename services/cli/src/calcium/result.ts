import {
  type AcquisitionFacts,
  type CacDrs,
  type Category,
  type Convention,
  conventionInWords,
  countVoxels,
  interpretScore,
  interpretTotal,
  type Mass,
  type MassCalibration,
  type Score,
  type Vessel,
} from '@voxelwise/calcium/core';
import type { SeriesInformation } from '../dicom-folder/load-series.ts';
import type { RiskResult } from './risk.ts';
import type { SegmentationScore } from './score-vessels.ts';
import type { RegionScore, VolumeScore } from './score-volume.ts';
import type { ChosenScoring } from './scoring.ts';

/** What `--json` prints. Numbers are unrounded. */
export interface CalciumResult {
  readonly series: SeriesInformation;
  readonly convention: Convention & {
    readonly thresholds: ChosenScoring['thresholds'];
    readonly massCalibration: MassCalibration | null;
    readonly inWords: readonly string[];
    readonly software: { readonly name: string; readonly version: string };
  };
  readonly regions: readonly RegionScore[];
  /** LM, LAD, LCX, RCA; only with a segmentation of the vessels. */
  readonly vessels?: readonly (Score & Mass & { readonly vessel: Vessel })[];
  /** What a coronary score means; only there when regions or vessels were given. */
  readonly total: Score &
    Mass & {
      readonly category?: Pick<Category, 'label' | 'range'>;
      readonly isVeryHigh?: boolean;
      readonly note?: string | null;
      /** Only with a segmentation of the vessels. */
      readonly cacDrs?: CacDrs;
    };
  /** The segmentation of the vessels. */
  readonly segmentation?: {
    readonly uid: string;
    readonly description: string;
    readonly segments: readonly { readonly label: string; readonly vessel: Vessel | null; readonly voxels: number }[];
    /** What of it does not count, one sentence each. */
    readonly notes: readonly string[];
  };
  /** Files that were written. */
  readonly files?: readonly WrittenFile[];
  /** Only with a risk file. */
  readonly risk?: RiskResult;
  readonly warnings: readonly string[];
  readonly timing: {
    readonly readMs: number;
    readonly computeMs: number;
    readonly producer: string;
    readonly notes: readonly string[];
  };
}

export interface WrittenFile {
  readonly kind: 'segmentation' | 'report' | 'pdf';
  readonly path: string;
  /** SOP Instance UID of a DICOM object. */
  readonly uid?: string;
}

export interface ResultParts {
  readonly series: SeriesInformation;
  readonly facts: AcquisitionFacts;
  readonly scoring: ChosenScoring;
  readonly score: VolumeScore | SegmentationScore;
  readonly risk: RiskResult | null;
  readonly warnings: readonly string[];
  readonly readMs: number;
  readonly version: string;
}

/** Puts the parts of a result into the shape that is printed. */
export function toResult(parts: ResultParts): CalciumResult {
  const { series, facts, scoring, score, risk, warnings, readMs, version } = parts;
  const { convention, calibration, thresholds } = scoring;
  const { report } = score;
  return {
    series,
    convention: {
      ...convention,
      thresholds,
      massCalibration: calibration,
      inWords: [
        ...conventionInWords(convention, [...series.spacingMm, series.incrementMm], facts, calibration),
        ...('regions' in score ? [] : vesselsInWords(score)),
      ],
      software: { name: 'voxelwise', version },
    },
    ...('regions' in score ? regionParts(score) : vesselParts(score)),
    ...(risk && { risk }),
    warnings,
    timing: { readMs, computeMs: report.milliseconds, producer: report.producer, notes: report.notes },
  };
}

/** Where the vessels come from. */
export function vesselsInWords({ segmentation }: SegmentationScore): string[] {
  return [`Vessels: those of the segmentation ${segmentation.uid}`];
}

function regionParts({ regions, total }: VolumeScore): Pick<CalciumResult, 'regions' | 'total'> {
  return { regions, total: regions.length > 0 ? { ...total, ...meaningOf(total) } : total };
}

function vesselParts({
  scores,
  segmentation,
  notes,
}: SegmentationScore): Required<Pick<CalciumResult, 'regions' | 'vessels' | 'total' | 'segmentation'>> {
  const vessels = scores.rows.map(({ vessel, score, mass }) => ({ vessel, ...score, ...mass }));
  const interpretation = interpretScore(scores.total, vessels);
  const { uid, description } = segmentation;
  const segments = segmentation.segments.map(segment => ({ ...segment, voxels: countVoxels(segment.voxels) }));
  return {
    regions: [],
    vessels,
    total: {
      ...scores.total,
      ...scores.totalMass,
      ...meaningOf(scores.total),
      ...(interpretation && { cacDrs: interpretation.cacDrs }),
    },
    segmentation: { uid, description, segments, notes },
  };
}

/** Nothing where calcium was counted that is below the weights: that is no score of 0. */
function meaningOf(total: Score) {
  const interpretation = interpretTotal(total);
  if (!interpretation) return {};
  const { category, isVeryHigh, note } = interpretation;
  return { category: { label: category.label, range: category.range }, isVeryHigh, note };
}
