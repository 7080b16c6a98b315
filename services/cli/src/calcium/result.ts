import { type Category, type Convention, categoryOf, describeConvention, type Score } from '@voxelwise/calcium/core';
import type { SeriesInformation } from '../dicom-folder/load-series.ts';
import type { RegionScore, VolumeScore } from './score-volume.ts';

/** What `--json` prints. Numbers are unrounded. */
export interface CalciumResult {
  readonly series: SeriesInformation;
  readonly convention: Convention & {
    readonly inWords: readonly string[];
    readonly software: { readonly name: string; readonly version: string };
  };
  readonly regions: readonly RegionScore[];
  /** The category is that of a coronary score, so it is only there when regions were given. */
  readonly total: Score & { readonly category?: Pick<Category, 'label' | 'range'> };
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
  readonly convention: Convention;
  readonly score: VolumeScore;
  readonly warnings: readonly string[];
  readonly readMs: number;
  readonly version: string;
}

/** Puts the parts of a result into the shape that is printed. */
export function toResult({ series, convention, score, warnings, readMs, version }: ResultParts): CalciumResult {
  const { regions, total, report } = score;
  const { label, range } = categoryOf(total.agatston);
  return {
    series,
    convention: {
      ...convention,
      inWords: describeConvention(convention, series.incrementMm),
      software: { name: 'voxelwise', version },
    },
    regions,
    total: regions.length > 0 ? { ...total, category: { label, range } } : total,
    warnings,
    timing: { readMs, computeMs: report.milliseconds, producer: report.producer, notes: report.notes },
  };
}
