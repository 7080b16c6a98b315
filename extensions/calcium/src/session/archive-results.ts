import {
  ArchiveError,
  DicomResultError,
  type DicomWebTarget,
  type ExchangeOptions,
  findResults,
  MANUFACTURER,
  retrieveInstance,
} from '@voxelwise/dicom';
import { isCalciumReport, readCalciumReport, type StoredCalciumReport } from '../results/dicom/index.ts';
import type { CtSeries } from './ct-series.ts';
import { storedResult } from './result-objects.ts';
import { type SavedResult, savedAtOfText } from './saved-result.ts';

/** What an archive has for a series. */
export interface ArchivedResult {
  /** The newest result of ours that can be reopened; null where there is none. */
  readonly newest: SavedResult | null;
  /** Why reports of ours on the study could not be read, one of which might be newer; '' where all could. */
  readonly problem: string;
}

/**
 * The newest result of ours that the archive has for a series.
 * @throws Error with a sentence for the reader when the archive cannot be asked, or none of the results there are can be reopened
 */
export async function newestInArchive(
  target: DicomWebTarget,
  series: CtSeries,
  options: ExchangeOptions,
): Promise<ArchivedResult> {
  const [instance = {}] = series.loaded.instances;
  const [studyInstanceUid, seriesUid] = [String(instance.StudyInstanceUID), String(instance.SeriesInstanceUID)];
  const found = await findResults(
    target,
    studyInstanceUid,
    { modalities: ['SR', 'SEG'], manufacturer: MANUFACTURER },
    options,
  );
  const references = found.flatMap(({ modality, seriesInstanceUid, instances }) =>
    instances.map(({ sopInstanceUid }) => ({ modality, studyInstanceUid, seriesInstanceUid, sopInstanceUid })),
  );
  const files = await Promise.all(
    references.filter(({ modality }) => modality === 'SR').map(report => retrieveInstance(target, report, options)),
  );
  const { reports, problem } = reopenable(files, seriesUid);
  const reopen = async (report: StoredCalciumReport) => {
    const segmentation = references.find(({ sopInstanceUid }) => sopInstanceUid === report.segmentationUid);
    if (!segmentation) throw new Error('its segmentation is not in the archive');
    return storedResult(report, await retrieveInstance(target, segmentation, options), series);
  };
  const failures: Error[] = [];
  for (const report of reports.sort((a, b) => savedAtOfText(b.reopening) - savedAtOfText(a.reopening))) {
    try {
      const newest = await reopen(report);
      const newer = failures.map(({ message }) => `A newer one was not reopened: ${message.replace(/\.$/, '')}.`);
      return { newest, problem: [problem, ...newer].filter(Boolean).join(' ') };
    } catch (error) {
      if (!(error instanceof Error) || error instanceof ArchiveError || options.signal?.aborted) throw error;
      failures.push(error);
    }
  }
  if (failures[0]) throw failures[0];
  return { newest: null, problem };
}

/** Calcium reports on the series that can be reopened, and what is wrong with those that cannot be read. */
function reopenable(files: readonly Uint8Array[], seriesUid: string) {
  const reports: StoredCalciumReport[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      if (!isCalciumReport(file)) continue;
      const report = readCalciumReport(file);
      if (report.sourceSeriesUid === seriesUid && report.reopening) reports.push(report);
    } catch (error) {
      if (!(error instanceof DicomResultError)) throw error;
      problems.push(error.message);
    }
  }
  return { reports, problem: problems.join(' ') };
}
