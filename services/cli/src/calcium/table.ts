import type { Mass, Score } from '@voxelwise/calcium/core';
import { percentileSource } from '@voxelwise/calcium/core';
import type { Cell } from '../csv.ts';
import type { CalciumResult } from './result.ts';

/**
 * Columns of the table, one row per region or vessel and one for the total. Numbers are unrounded; an empty cell is a value that is
 * not there. Each number has its convention in its row.
 */
const COLUMNS = [
  'folder',
  'kind',
  'region',
  'agatston',
  'volume_mm3',
  'mass_mg',
  'mean_hu',
  'lesions',
  'lesion_slices',
  'category',
  'mesa_risk_with_cac_percent',
  'mesa_risk_without_cac_percent',
  'mesa_note',
  'arterial_age_years',
  'percentile',
  'percentile_source',
  'series_uid',
  'study_uid',
  'kvp',
  'kernel',
  'increment_mm',
  'slice_thickness_mm',
  'threshold_hu',
  'convention',
  'warnings',
  'software',
  'error',
  'cac_drs',
  'notes',
] as const;

type Row = { readonly [column in (typeof COLUMNS)[number]]?: Cell };

export const HEADER: readonly string[] = COLUMNS;

/** Rows of a folder that was scored: its regions or vessels, then the total. */
export function rowsOf(folder: string, result: CalciumResult): Cell[][] {
  const { series, convention, regions, vessels = [], total, segmentation, risk, warnings } = result;
  const { name, version } = convention.software;
  const common: Row = {
    folder,
    series_uid: series.uid,
    study_uid: series.studyUid,
    kvp: series.kVp,
    kernel: series.kernel,
    increment_mm: series.incrementMm,
    slice_thickness_mm: series.sliceThicknessMm,
    threshold_hu: convention.thresholdHu,
    convention: convention.inWords.join('; '),
    warnings: warnings.join(' '),
    software: `${name} ${version}, not for diagnostic use`,
    notes: segmentation?.notes.join(' ') ?? null,
  };
  const rows: Row[] = [
    ...regions.map(region => ({ ...common, kind: 'region', region: region.name, ...numbersOf(region) })),
    ...vessels.map(score => ({ ...common, kind: 'vessel', region: score.vessel, ...numbersOf(score) })),
  ];
  const category = total.category ? `${total.category.label}, ${total.category.range}` : null;
  const cac_drs = total.cacDrs?.label ?? null;
  rows.push({ ...common, kind: 'total', ...numbersOf(total), category, cac_drs, ...(risk && riskCells(risk)) });
  return rows.map(cellsOf);
}

/** The row of a folder that could not be scored. */
export function errorRow(folder: string, error: string): Cell[] {
  return cellsOf({ folder, kind: 'error', error });
}

function cellsOf(row: Row): Cell[] {
  return COLUMNS.map(column => row[column] ?? null);
}

function numbersOf({ agatston, volumeMm3, massMg, meanHu, lesions, lesionSlices }: Score & Mass): Row {
  return {
    agatston,
    volume_mm3: volumeMm3,
    mass_mg: massMg,
    mean_hu: meanHu,
    lesions,
    lesion_slices: lesionSlices,
  };
}

function riskCells({ mesa, arterialAgeYears, percentile }: NonNullable<CalciumResult['risk']>): Row {
  return {
    ...(mesa.kind === 'risk' && {
      mesa_risk_with_cac_percent: mesa.withCacPercent,
      mesa_risk_without_cac_percent: mesa.withoutCacPercent,
    }),
    ...(mesa.kind === 'missing' && { mesa_note: `missing: ${mesa.missing.join(', ')}` }),
    ...(mesa.kind === 'refused' && { mesa_note: mesa.reasons.join(' ') }),
    arterial_age_years: arterialAgeYears,
    ...(percentile && {
      percentile: percentile.kind === 'refused' ? percentile.reason : percentile.text,
      percentile_source: percentile.kind === 'refused' ? null : percentileSource(percentile),
    }),
  };
}
