import { type MassCalibration, type PercentileTable, scoringWarnings } from '@voxelwise/calcium/core';
import { loadSeries } from '../dicom-folder/load-series.ts';
import { type CalciumArguments, FOLDER_PLACE } from './arguments.ts';
import { type CalciumResult, toResult } from './result.ts';
import { assessRisk, readRiskFile } from './risk.ts';
import { checkRegions, readRegionsFile } from './rois.ts';
import { scoreVolume } from './score-volume.ts';
import { factsOf, scoringOf } from './scoring.ts';

const WHOLE_SCAN_WARNING =
  'No regions were given (--rois): the total covers the whole scan with its bones, and is not a coronary score.';

/** What is the same for every folder of a run. */
export interface RunSettings {
  readonly parsed: CalciumArguments;
  readonly calibration: MassCalibration | null;
  readonly table: PercentileTable | null;
  readonly version: string;
}

/**
 * Scores the CT series in one folder.
 * @throws Refusal with one sentence when the input does not allow a score.
 */
export async function scoreFolder(
  folder: string,
  { parsed, calibration, table, version }: RunSettings,
  onProgress: (message: string) => void,
): Promise<CalciumResult> {
  const { roisPath, riskPath, seriesUid, switches } = parsed;
  const fileOf = (path: string) => path.replaceAll(FOLDER_PLACE, folder);
  const regionsFile = roisPath === undefined ? null : await readRegionsFile(fileOf(roisPath));
  const person = riskPath === undefined ? null : await readRiskFile(fileOf(riskPath));

  const started = performance.now();
  const { information, volume } = await loadSeries(folder, { ...(seriesUid && { seriesUid }), onProgress });
  const readMs = performance.now() - started;
  const regions = roisPath === undefined ? [] : checkRegions(regionsFile, volume.dimensions);

  onProgress('Scoring');
  const facts = factsOf(information);
  const scoring = scoringOf(facts, switches, calibration);
  const score = await scoreVolume(volume, scoring, regions);
  const risk = person && assessRisk(person, table, score.total.agatston);
  const warnings = scoringWarnings(facts, scoring.convention);
  if (regions.length === 0) warnings.unshift(WHOLE_SCAN_WARNING);
  return toResult({ series: information, scoring, score, risk, warnings, readMs, version });
}
