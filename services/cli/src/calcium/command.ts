import { scoringWarnings } from '@voxelwise/calcium/core';
import type { Terminal } from '../command-line.ts';
import { loadSeries } from '../dicom-folder/load-series.ts';
import { parseCalciumArguments } from './arguments.ts';
import { type CalciumResult, toResult } from './result.ts';
import { checkRegions, readRegionsFile } from './rois.ts';
import { scoreVolume } from './score-volume.ts';
import { toText } from './text.ts';

const WHOLE_SCAN_WARNING =
  'No regions were given (--rois): the total covers the whole scan with its bones, and is not a coronary score.';

/**
 * `voxelwise calcium`: scores the calcium of one CT series in a folder and prints the result.
 * @throws Refusal with one sentence when the input does not allow a score.
 */
export async function calciumCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  const parsed = parseCalciumArguments(args);
  const { folder, roisPath, seriesUid, convention, isJson } = parsed;
  const onProgress = isJson ? () => {} : terminal.progress;

  const regionsFile = roisPath === undefined ? null : await readRegionsFile(roisPath);
  const started = performance.now();
  const { information, volume } = await loadSeries(folder, { ...(seriesUid && { seriesUid }), onProgress });
  const readMs = performance.now() - started;
  const regions = roisPath === undefined ? [] : checkRegions(regionsFile, volume.dimensions);
  onProgress('Scoring');
  const score = await scoreVolume(volume, convention, regions);
  const { kVp: kvp, incrementMm, sliceThicknessMm, slices: sliceCount, contrast } = information;
  const facts = { kvp, incrementMm, sliceThicknessMm, sliceCount, contrastAgent: contrast ?? '' };
  const warnings = scoringWarnings(facts, convention);
  if (regions.length === 0) warnings.unshift(WHOLE_SCAN_WARNING);
  const { version } = terminal;
  print(toResult({ series: information, convention, score, warnings, readMs, version }), isJson, terminal);
}

function print(result: CalciumResult, isJson: boolean, terminal: Terminal): void {
  if (isJson) {
    terminal.out(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  terminal.out(toText(result));
  for (const warning of result.warnings) terminal.error(`Warning: ${warning}\n`);
}
