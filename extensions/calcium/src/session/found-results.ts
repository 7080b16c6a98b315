import type { DicomWebTarget } from '@voxelwise/dicom';
import { dicomWebOf, type Host, reasonOf } from '@voxelwise/host';
import type { ArchivedResult } from './archive-results.ts';
import type { CtSeries } from './ct-series.ts';
import type { LocalResults } from './local-results.ts';
import { type SavedResult, savedFromText } from './saved-result.ts';

/** Where a result was kept. */
export type Keeper = 'archive' | 'browser';

export interface KeptResult extends SavedResult {
  readonly keeper: Keeper;
}

/** What archive and browser have, the newest first. A problem with one of them is no reason to go without the other. */
export async function findSavedResults(
  host: Host,
  local: LocalResults,
  series: CtSeries,
  signal: AbortSignal,
): Promise<{ results: KeptResult[]; problem: string }> {
  const [inArchive, inBrowser] = await Promise.allSettled([
    inArchiveOf(host, series, signal),
    local.read(...uidsOf(series)).then(text => text && savedInBrowser(text, series)),
  ]);
  const results: KeptResult[] = [];
  const archived = inArchive.status === 'fulfilled' ? inArchive.value : NOTHING_ARCHIVED;
  if (archived.newest) results.push({ ...archived.newest, keeper: 'archive' });
  if (inBrowser.status === 'fulfilled' && inBrowser.value) results.push({ ...inBrowser.value, keeper: 'browser' });
  const problems = [
    inArchive.status === 'rejected' && `The result in the archive was not reopened: ${reasonOf(inArchive.reason)}.`,
    archived.problem && `The archive has a calcium result that cannot be read. ${archived.problem}`,
    inBrowser.status === 'rejected' && `The result in this browser was not reopened: ${reasonOf(inBrowser.reason)}.`,
  ];
  results.sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
  return { results, problem: problems.filter(Boolean).join(' ') };
}

/** @throws Error where the text is no result of these slices, with what becomes of it */
function savedInBrowser(text: string, series: CtSeries): SavedResult {
  try {
    return savedFromText(text, series);
  } catch (error) {
    throw new Error(
      `${reasonOf(error)}. It stays in this browser until a new result takes its place; score the series again where no other result has been restored`,
    );
  }
}

const NOTHING_ARCHIVED: ArchivedResult = { newest: null, problem: '' };

async function inArchiveOf(host: Host, series: CtSeries, signal: AbortSignal): Promise<ArchivedResult> {
  let target: DicomWebTarget;
  try {
    target = dicomWebOf(host);
  } catch {
    return NOTHING_ARCHIVED; // opened from elsewhere: there is no archive to look into
  }
  const { newestInArchive } = await import('./archive-results.ts');
  return newestInArchive(target, series, { signal });
}

export function uidsOf({ loaded }: CtSeries): [studyUid: string, seriesUid: string] {
  const [{ StudyInstanceUID, SeriesInstanceUID } = {}] = loaded.instances;
  return [String(StudyInstanceUID), String(SeriesInstanceUID)];
}
