import {
  type Category,
  type Convention,
  categoryOf,
  describeConvention,
  describeMass,
  isVeryHigh,
  lowScoreNote,
  type Mass,
  type MassCalibration,
  type Score,
} from '@voxelwise/calcium/core';
import type { SeriesInformation } from '../dicom-folder/load-series.ts';
import type { RiskResult } from './risk.ts';
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
  /** What a coronary score means; only there when regions were given. */
  readonly total: Score &
    Mass & {
      readonly category?: Pick<Category, 'label' | 'range'>;
      readonly isVeryHigh?: boolean;
      readonly note?: string | null;
    };
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

export interface ResultParts {
  readonly series: SeriesInformation;
  readonly scoring: ChosenScoring;
  readonly score: VolumeScore;
  readonly risk: RiskResult | null;
  readonly warnings: readonly string[];
  readonly readMs: number;
  readonly version: string;
}

/** Puts the parts of a result into the shape that is printed. */
export function toResult({ series, scoring, score, risk, warnings, readMs, version }: ResultParts): CalciumResult {
  const { convention, calibration, thresholds } = scoring;
  const { regions, total, report } = score;
  return {
    series,
    convention: {
      ...convention,
      thresholds,
      massCalibration: calibration,
      inWords: [
        ...describeConvention(convention, series.incrementMm),
        ...describeMass(calibration, convention.thresholdHu),
        thresholds.reason,
      ],
      software: { name: 'voxelwise', version },
    },
    regions,
    total: regions.length > 0 ? { ...total, ...meaningOf(total.agatston) } : total,
    ...(risk && { risk }),
    warnings,
    timing: { readMs, computeMs: report.milliseconds, producer: report.producer, notes: report.notes },
  };
}

function meaningOf(agatston: number) {
  const { label, range } = categoryOf(agatston);
  return { category: { label, range }, isVeryHigh: isVeryHigh(agatston), note: lowScoreNote(agatston) };
}
