import {
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
  /** The newest result of ours; null where there is none. */
  readonly newest: SavedResult | null;
  /** Why reports of ours on the study could not be read, one of which might be newer; '' where all could. */
  readonly problem: string;
}

/**
 * The newest result of ours that the archive has for a series.
 * @throws Error with a sentence for the reader when the archive cannot be asked, or the newest result cannot be reopened
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
  const [newest] = reports.sort((a, b) => savedAtOfText(b.reopening) - savedAtOfText(a.reopening));
  if (!newest) return { newest: null, problem };
  const segmentation = references.find(({ sopInstanceUid }) => sopInstanceUid === newest.segmentationUid);
  if (!segmentation) throw new Error('its segmentation is not in the archive');
  return { newest: storedResult(newest, await retrieveInstance(target, segmentation, options), series), problem };
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
