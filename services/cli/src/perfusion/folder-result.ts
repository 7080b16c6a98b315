import {
  type MapStatistics,
  mapStatistics,
  PERFUSION_MAPS,
  type PerfusionMap,
  type VesselCurve,
} from '@voxelwise/perfusion/core';
import {
  conventionInWords,
  type PerfusionResult,
  type PerfusionSettings,
  type RuledNumber,
  type StrokeRules,
  strokeNumbers,
  strokeRulesInWords,
  unitOf,
} from '@voxelwise/perfusion/results';
import type { DynamicSeriesInformation } from '../dicom-folder/load-dynamic-series.ts';
import type { PerfusedFolder } from './perfuse-folder.ts';

/** What `--json` prints of a folder. Numbers are unrounded. */
export interface FolderResult {
  readonly series: DynamicSeriesInformation;
  readonly convention: PerfusionSettings & {
    readonly inWords: readonly string[];
    readonly software: PerfusionResult['software'];
  };
  readonly aif: VesselInformation & { readonly inWords: string };
  /** null where no vein was found. */
  readonly vof: VesselInformation | null;
  /** Of the tissue: the brain without vessels and fluid. null where a map has no value there. */
  readonly maps: Readonly<Record<PerfusionMap, (MapStatistics & { readonly unit: string }) | null>>;
  readonly volumes: {
    readonly numbers: readonly Omit<RuledNumber, 'text'>[];
    readonly rules: StrokeRules;
    readonly inWords: readonly string[];
  } | null;
  readonly warnings: readonly string[];
  readonly files?: readonly WrittenObject[];
  readonly timing: {
    readonly readMs: number;
    readonly surveyMs: number;
    readonly computeMs: number;
    readonly producer: string;
    readonly notes: readonly string[];
  };
}

/** A vessel that was found or chosen; contrast in HU or 1/s. */
export interface VesselInformation {
  /** [column, row, slice] of its voxels, 0-based. */
  readonly voxels: readonly (readonly [number, number, number])[];
  readonly chosenBy: 'automatic' | 'reader';
  readonly arrivalS: number;
  readonly peakS: number;
  readonly peak: number;
  readonly area: number;
  /** Contrast at every time point, as measured. */
  readonly curve: readonly number[];
}

export interface WrittenObject {
  readonly kind: string;
  readonly path: string;
  readonly uid: string;
}

export function toFolderResult({ series, surveyed, result }: PerfusedFolder): FolderResult {
  const { settings, stroke, software, run, timingsMs = {} } = result;
  const { survey, aif, chosenBy, input } = surveyed;
  const tissue = voxelsOf(survey.tissueMask);
  const describe = (vessel: VesselCurve, by: VesselInformation['chosenBy']) =>
    vesselInformation(vessel, by, result.dimensions);
  const maps = PERFUSION_MAPS.map(map => {
    const statistics = mapStatistics(result.maps[map], tissue);
    return [map, statistics && { unit: unitOf(map, settings.constants), ...statistics }] as const;
  });
  return {
    series: series.information,
    convention: { ...settings, inWords: conventionInWords(settings), software },
    aif: { inWords: input.inWords, ...describe(aif, chosenBy) },
    vof: survey.vof && describe(survey.vof, 'automatic'),
    maps: Object.fromEntries(maps) as FolderResult['maps'],
    volumes: stroke && {
      numbers: strokeNumbers(stroke).map(({ text: _, ...number }) => number),
      rules: stroke.rules,
      inWords: strokeRulesInWords(stroke.rules),
    },
    warnings: result.warnings,
    timing: {
      readMs: timingsMs.read!,
      surveyMs: timingsMs.survey!,
      computeMs: run.milliseconds,
      producer: run.producer,
      notes: run.notes,
    },
  };
}

function vesselInformation(
  { voxels, curve, arrivalS, peakS, peak, area }: VesselCurve,
  chosenBy: VesselInformation['chosenBy'],
  [nx, ny]: PerfusionResult['dimensions'],
): VesselInformation {
  const placeOf = (voxel: number) => [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))] as const;
  return { voxels: Array.from(voxels, placeOf), chosenBy, arrivalS, peakS, peak, area, curve: [...curve] };
}

function voxelsOf(mask: Uint8Array): Int32Array {
  const voxels: number[] = [];
  for (let voxel = 0; voxel < mask.length; voxel++) if (mask[voxel] === 1) voxels.push(voxel);
  return Int32Array.from(voxels);
}
