import { EXIT, type Terminal } from '../terminal.ts';
import { parsePerfusionArguments } from './arguments.ts';
import { printCurves } from './print-curves.ts';
import { printFolder } from './print-folder.ts';

/**
 * `voxelwise perfusion`: maps and volumes of the 4D series in a folder, or perfusion of the curves in a table.
 * @returns the exit code.
 * @throws Refusal with one sentence when the arguments or the input do not allow a result.
 */
export async function perfusionCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parsePerfusionArguments(args);
  const warnings = await (parsed.kind === 'curves' ? printCurves(parsed, terminal) : printFolder(parsed, terminal));
  for (const warning of warnings) terminal.error(`Warning: ${warning}\n`);
  return EXIT.done;
}
