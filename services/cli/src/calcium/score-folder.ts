import {
  BELOW_WEIGHTS_NOTE,
  isBelowWeights,
  type MassCalibration,
  type PercentileTable,
  personWarnings,
  scoringWarnings,
} from '@voxelwise/calcium/core';
import { loadSeries } from '../dicom-folder/load-series.ts';
import { readSourceImages } from '../dicom-folder/source-images.ts';
import { checkOutputs, writeFiles } from '../output-files.ts';
import { checkRegions, readRegionsFile, regionShape } from '../regions.ts';
import { type CalciumArguments, pathFor } from './arguments.ts';
import { measuredOn, readCalibrationFile } from './calibration.ts';
import { type CalciumResult, toResult } from './result.ts';
import { makeObjects, outputPathsOf } from './result-objects.ts';
import { assessRisk, readRiskFile, SHIPPED_TABLE } from './risk.ts';
import { scoreSegmentation } from './score-vessels.ts';
import { scoreVolume } from './score-volume.ts';
import { scoringOf } from './scoring.ts';
import { readVessels } from './vessels.ts';

const REGION_SHAPE = regionShape('LAD', 6);
const WHOLE_SCAN_WARNING =
  'Neither vessels nor regions were given (--vessels, --rois): the total covers the whole scan with its bones, and is not a coronary score.';

/** What is the same for every folder of a run. */
export interface RunSettings {
  readonly parsed: CalciumArguments;
  /** Of a known factor. */
  readonly calibration: MassCalibration | null;
  readonly table: PercentileTable | null;
  readonly version: string;
}

/**
 * Scores the CT series in one folder, and writes the files that are asked for.
 * @throws Refusal with one sentence when the input does not allow a score.
 */
export async function scoreFolder(
  folder: string,
  { parsed, calibration, table, version }: RunSettings,
  onProgress: (message: string) => void,
): Promise<CalciumResult> {
  const { roisPath, vesselsPath, riskPath, calibrationPath, seriesUid, switches, outputs } = parsed;
  const fileOf = (path: string) => pathFor(path, folder);
  const outputPaths = outputPathsOf(outputs, folder);
  await checkOutputs(outputPaths, outputs.isForced);
  const regionsFile = roisPath === undefined ? null : await readRegionsFile(fileOf(roisPath), '--rois', REGION_SHAPE);
  const calibrationFile = calibrationPath === undefined ? null : await readCalibrationFile(fileOf(calibrationPath));
  const person = riskPath === undefined ? null : await readRiskFile(fileOf(riskPath));

  const started = performance.now();
  const series = await loadSeries(folder, { ...(seriesUid && { seriesUid }), onProgress });
  const { information, facts, volume } = series;
  const images = vesselsPath === undefined ? null : await readSourceImages(series.headers);
  const segmentation = images && (await readVessels(fileOf(vesselsPath!), images.source));
  const readMs = performance.now() - started;
  const regions = roisPath === undefined ? [] : checkRegions(regionsFile, volume.dimensions, REGION_SHAPE);

  onProgress('Scoring');
  const scoring = scoringOf(
    facts,
    switches,
    calibrationPath === undefined ? calibration : measuredOn(series, calibrationFile, new Date()),
  );
  const score = segmentation
    ? await scoreSegmentation(volume, scoring, segmentation)
    : await scoreVolume(volume, scoring, regions);
  const isOfVessels = 'segmentation' in score;
  const { total } = isOfVessels ? score.scores : score;
  const isBelow = isBelowWeights(total);
  const risk = isBelow ? null : person && assessRisk(person, table, total.agatston);
  const warnings = [
    ...(segmentation || regions.length > 0 ? [] : [WHOLE_SCAN_WARNING]),
    ...scoringWarnings(facts, scoring.convention),
    ...(isBelow ? [BELOW_WEIGHTS_NOTE] : []),
    ...(isOfVessels ? score.warnings : []),
    ...(person ? personWarnings(person.mesa, series.headers[0]!.person) : []),
  ];
  const result = toResult({ series: information, facts, scoring, score, risk, warnings, readMs, version });
  if (!images || !isOfVessels || outputPaths.length === 0) return result;

  onProgress('Writing');
  const finished = { series, images, scoring, score, result, person };
  const files = await makeObjects(finished, outputPaths, outputs.paper, new Date());
  const slices = series.headers.map(({ path }) => path);
  await writeFiles(files, { isForced: outputs.isForced, inputs: [...filesReadBy(parsed, folder), ...slices] });
  return { ...result, files: files.map(({ kind, path, uid }) => ({ kind, path, ...(uid && { uid }) })) };
}

/** The files that options name for a folder and that are read for its score. */
export function filesReadBy(
  { roisPath, vesselsPath, riskPath, calibrationPath, percentiles }: CalciumArguments,
  folder: string,
): string[] {
  const ofFolder = [roisPath, vesselsPath, riskPath, calibrationPath].filter(path => path !== undefined);
  const isFile = percentiles !== undefined && percentiles !== SHIPPED_TABLE;
  return [...ofFolder.map(path => pathFor(path, folder)), ...(isFile ? [percentiles] : [])];
}
