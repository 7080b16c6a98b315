import { toCsv } from '../csv.ts';
import { checkOutputs, writeFiles } from '../output-files.ts';
import type { Terminal } from '../terminal.ts';
import type { FolderArguments } from './arguments.ts';
import { toFolderResult } from './folder-result.ts';
import { perfuseFolder } from './perfuse-folder.ts';
import { tableOf } from './table.ts';
import { toText } from './text.ts';
import { checkObjectFolder, writeObjects } from './write-objects.ts';

/**
 * Computes the series of a folder and prints the result, as text, JSON or a table, beside the files that are asked for.
 * @returns warnings, a sentence each, where they are not in what was printed.
 * @throws Refusal
 */
export async function printFolder(args: FolderArguments, terminal: Terminal): Promise<readonly string[]> {
  const { csvPath, dicomPath, isJson, isForced, aifPath, folder } = args;
  const table = csvPath === undefined ? [] : [{ option: '--csv', path: csvPath }];
  await checkOutputs(table, isForced);
  if (dicomPath !== undefined) await checkObjectFolder(dicomPath, isForced);
  const inputs = aifPath === undefined ? [] : [aifPath];

  const perfused = await perfuseFolder(args, terminal.version, isJson ? () => {} : terminal.progress);
  let printed = toFolderResult(perfused);
  if (dicomPath !== undefined) {
    terminal.progress('Writing');
    printed = { ...printed, files: await writeObjects(perfused, { folder: dicomPath, isForced, inputs }) };
  }
  if (csvPath !== undefined) {
    const bytes = new TextEncoder().encode(toCsv(tableOf(folder, printed)));
    const slices = perfused.series.headers.map(({ path }) => path);
    await writeFiles([{ option: '--csv', path: csvPath, bytes }], { isForced, inputs: [...inputs, ...slices] });
  }
  if (isJson) {
    terminal.out(`${JSON.stringify(printed, null, 2)}\n`);
    return [];
  }
  if (csvPath === undefined) terminal.out(toText(printed));
  return printed.warnings;
}
