import { type FileHandle, open } from 'node:fs/promises';
import { toCsv } from '../csv.ts';
import { beginsLikeDicom, FIRST_BYTES } from '../dicom-folder/parse-file.ts';
import { assertApart, checkOutputs, createFile } from '../output-files.ts';
import { oneLine, Refusal } from '../refusal.ts';
import { EXIT, type Terminal } from '../terminal.ts';
import type { CalciumResult } from './result.ts';
import { outputPathsOf } from './result-objects.ts';
import { filesReadBy, type RunSettings, scoreFolder } from './score-folder.ts';
import { errorRow, HEADER, rowsOf } from './table.ts';

/**
 * Scores folder after folder into a CSV file; every folder is in the file as soon as it is done. A folder that cannot be
 * scored has its sentence in the error column and stops nothing.
 * @returns the exit code: that of the worst folder.
 * @throws Refusal when the file cannot be written, or would replace something that it must not.
 */
export async function scoreToTable(
  folders: readonly string[],
  csvPath: string,
  settings: RunSettings,
  terminal: Terminal,
): Promise<number> {
  const file = await createTable(folders, csvPath, settings);
  let exitCode: number = EXIT.done;
  let failures = 0;
  try {
    for (const [index, folder] of folders.entries()) {
      const onProgress = (message: string) =>
        terminal.progress(`${bar(index, folders.length)} ${oneLine(folder)} ${message}`);
      onProgress('');
      const outcome = await attempt(() => scoreFolder(folder, settings, onProgress));
      await file.appendFile(
        toCsv('result' in outcome ? rowsOf(folder, outcome.result) : [errorRow(folder, outcome.error)]),
      );
      if ('error' in outcome) {
        failures++;
        exitCode = outcome.isRefusal && exitCode !== EXIT.failed ? EXIT.refused : EXIT.failed;
      }
      tell(terminal, `[${index + 1}/${folders.length}] ${oneLine(folder)}`, outcome);
    }
  } finally {
    await file.close();
  }
  const failed = failures > 0 ? `, ${failures} could not be` : '';
  terminal.error(`${folders.length - failures} of ${folders.length} folders were scored${failed}: ${csvPath}\n`);
  return exitCode;
}

/** Before anything is scored, so that hours of work do not end in a table that cannot be written. */
async function createTable(folders: readonly string[], csvPath: string, { parsed }: RunSettings): Promise<FileHandle> {
  const table = { option: '--csv', path: csvPath };
  const { isForced } = parsed.outputs;
  await checkOutputs([table], isForced);
  for (const folder of folders) assertApart(table, outputPathsOf(parsed.outputs, folder));
  // Which files are slices is only known once the folders were read, but none of them is anything else than DICOM.
  if (await isDicom(csvPath)) {
    throw new Refusal(
      `${csvPath} is a DICOM file, which a table does not replace, not even with --force; give --csv another path.`,
    );
  }
  const inputs = folders.flatMap(folder => filesReadBy(parsed, folder));
  return createFile(table, toCsv([HEADER]), { isForced, inputs });
}

async function isDicom(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (!file) return false;
  try {
    const first = Buffer.alloc(FIRST_BYTES);
    const { bytesRead } = await file.read(first, 0, first.length, 0);
    return beginsLikeDicom(first.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

type Outcome = { readonly result: CalciumResult } | { readonly error: string; readonly isRefusal: boolean };

async function attempt(score: () => Promise<CalciumResult>): Promise<Outcome> {
  try {
    return { result: await score() };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message, isRefusal: true };
    const reason = error instanceof Error ? error.message : String(error);
    return { error: `Failed unexpectedly, please report this: ${oneLine(reason)}`, isRefusal: false };
  }
}

/** One line per folder where nobody sees the bar; failures always. */
function tell(terminal: Terminal, folder: string, outcome: Outcome): void {
  if ('error' in outcome) terminal.error(`${folder}: ${outcome.error}\n`);
  else if (!terminal.isInteractive) terminal.error(`${folder}: Agatston ${outcome.result.total.agatston.toFixed(3)}\n`);
}

const BAR_WIDTH = 20;

function bar(done: number, total: number): string {
  const filled = Math.floor((BAR_WIDTH * done) / total);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${done}/${total}`;
}
