import { EXIT, type Terminal } from '../terminal.ts';
import { parseCalciumArguments } from './arguments.ts';
import { scoreToTable } from './batch.ts';
import { calibrationOf } from './calibration.ts';
import type { CalciumResult } from './result.ts';
import { readPercentileTable } from './risk.ts';
import { scoreFolder } from './score-folder.ts';
import { toText } from './text.ts';

/**
 * `voxelwise calcium`: scores the calcium of the CT series in a folder and prints the result, or of many folders into a
 * table.
 * @returns the exit code.
 * @throws Refusal with one sentence when the arguments or, of a single folder, the input do not allow a score.
 */
export async function calciumCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCalciumArguments(args);
  const { folders, percentiles, csvPath, isJson, switches } = parsed;
  const settings = {
    parsed,
    calibration: calibrationOf(switches, new Date()),
    table: percentiles === undefined ? null : await readPercentileTable(percentiles),
    version: terminal.version,
  };
  if (csvPath !== undefined) return scoreToTable(folders, csvPath, settings, terminal);
  print(await scoreFolder(folders[0]!, settings, isJson ? () => {} : terminal.progress), isJson, terminal);
  return EXIT.done;
}

function print(result: CalciumResult, isJson: boolean, terminal: Terminal): void {
  if (isJson) {
    terminal.out(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  terminal.out(toText(result));
  for (const warning of result.warnings) terminal.error(`Warning: ${warning}\n`);
}
