import { createReadStream, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, UserError } from '../user-error.ts';
import type { Archive } from './archive.ts';
import { FAILURE, storeObject } from './store.ts';

export interface ImportSummary {
  imported: number;
  alreadyThere: number;
  notDicom: number;
  refused: number;
}

/**
 * Copies every DICOM file below a folder into the archive. Files that are something else are counted, damaged ones
 * are named and skipped; the folder itself is not changed.
 */
export async function importFolder(archive: Archive, folder: string): Promise<ImportSummary> {
  const summary: ImportSummary = { imported: 0, alreadyThere: 0, notDicom: 0, refused: 0 };
  for (const file of await filesBelow(folder)) {
    const outcome = await storeObject(archive, createReadStream(file));
    if (outcome.reason === FAILURE.outOfResources) {
      throw new UserError(
        `The disk filled up while importing ${folder}. ${summary.imported} files are in; free some space and start again.`,
      );
    }
    if (outcome.result === 'stored') summary.imported += 1;
    else if (outcome.result === 'already-there') summary.alreadyThere += 1;
    else if (!outcome.isDicom) summary.notDicom += 1;
    else {
      summary.refused += 1;
      archive.report(`not imported: ${file}: ${outcome.message}`);
    }
    const done = summary.imported + summary.alreadyThere;
    if (done > 0 && done % 250 === 0 && outcome.result !== 'refused') archive.report(`${done} files imported ...`);
  }
  return summary;
}

/** One line for the terminal. */
export function describeImport(folder: string, summary: ImportSummary): string {
  const refused = summary.refused > 0 ? `, ${summary.refused} refused (named above)` : '';
  return `${folder}: ${summary.imported} imported, ${summary.alreadyThere} already there, ${summary.notDicom} skipped as not DICOM${refused}`;
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    // Data sets are often folders of links to files that lie elsewhere.
    return entries
      .filter(entry => entry.isFile() || (entry.isSymbolicLink() && isFile(path.join(entry.parentPath, entry.name))))
      .map(entry => path.join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    const reason = { ENOENT: 'there is no such folder', ENOTDIR: 'it is not a folder' }[errorCode(error)];
    throw new UserError(`Cannot import ${folder}: ${reason ?? 'it cannot be read'}.`);
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
