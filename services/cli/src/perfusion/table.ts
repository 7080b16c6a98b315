import { PERFUSION_MAPS } from '@voxelwise/perfusion/core';
import type { Cell } from '../csv.ts';
import type { FolderResult } from './folder-result.ts';

const COLUMNS = [
  'folder',
  'kind',
  'name',
  'unit',
  'value',
  'median',
  'standard_deviation',
  'minimum',
  'maximum',
  'voxels',
  'rule',
  'method',
  'convention',
  'warnings',
  'series_uid',
  'study_uid',
  'software',
] as const;

type Row = { readonly [column in (typeof COLUMNS)[number]]?: Cell };

/**
 * The table of `--csv`: a row per map (the mean over tissue as its value) and one per volume or ratio. Numbers are unrounded; an
 * empty cell is a value that is not there. Each number has its convention in its row.
 */
export function tableOf(folder: string, { series, convention, maps, volumes, warnings }: FolderResult): Cell[][] {
  const { name, version } = convention.software;
  const common: Row = {
    folder,
    warnings: warnings.join(' '),
    series_uid: series.uid,
    study_uid: series.studyUid,
    software: `${name} ${version}, not for diagnostic use`,
  };
  const ofMaps = PERFUSION_MAPS.map((map): Row => {
    const found = maps[map];
    return {
      ...common,
      kind: 'map',
      name: map,
      unit: found?.unit ?? null,
      value: found?.mean ?? null,
      median: found?.median ?? null,
      standard_deviation: found?.standardDeviation ?? null,
      minimum: found?.minimum ?? null,
      maximum: found?.maximum ?? null,
      voxels: found?.voxels ?? 0,
      rule: 'tissue: the brain without vessels and fluid',
      method: convention.method.name,
      convention: convention.inWords.join('; '),
    };
  });
  const ofVolumes = (volumes?.numbers ?? []).map(
    ({ name, unit, value, rule }): Row => ({
      ...common,
      ...{ kind: unit === '' ? 'ratio' : 'volume', name, unit, value, rule },
      method: volumes!.rules.method.name,
      convention: volumes!.inWords.join('; '),
    }),
  );
  return [[...COLUMNS], ...[...ofMaps, ...ofVolumes].map(row => COLUMNS.map(column => row[column] ?? null))];
}
