import {
  ArchiveError,
  DicomResultError,
  type DicomWebTarget,
  type ExchangeOptions,
  findResults,
  MANUFACTURER,
  retrieveInstance,
} from '@voxelwise/dicom';
import {
  isPerfusionReport,
  isReportOf,
  type PerfusionResult,
  readPerfusionObjects,
  readPerfusionReport,
  type StoredPerfusionReport,
} from '../results/index.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { decisionsFromText, type SavedDecisions } from './saved-decisions.ts';
import { sourceOfTime } from './series-source.ts';

/** A stored result, as it was. */
export interface StoredResult {
  readonly result: PerfusionResult;
  readonly saved: SavedDecisions;
  readonly savedAt: Date;
}

/** What an archive has for a series. */
export interface ArchivedResult {
  /** The newest result of ours that can be reopened; null where there is none. */
  readonly newest: StoredResult | null;
  /** Why results of ours on the study could not be read, one of which might be newer; '' where all could. */
  readonly problem: string;
}

/**
 * The newest result of ours that the archive has for a series.
 * @throws Error with a sentence for the reader when the archive cannot be asked
 */
export async function newestInArchive(
  target: DicomWebTarget,
  series: PerfusionSeries,
  options: ExchangeOptions,
): Promise<ArchivedResult> {
  const source = sourceOfTime(series);
  const { studyInstanceUid } = source;
  const found = await findResults(target, studyInstanceUid, { manufacturer: MANUFACTURER }, options);
  const references = found.flatMap(({ modality, seriesInstanceUid, instances }) =>
    instances.map(({ sopInstanceUid }) => ({ modality, studyInstanceUid, seriesInstanceUid, sopInstanceUid })),
  );
  const fetchOne = (sopInstanceUid: string) => {
    const reference = references.find(one => one.sopInstanceUid === sopInstanceUid);
    if (!reference) throw new Error('an object that its report names is not in the archive');
    return retrieveInstance(target, reference, options);
  };
  const problems: string[] = [];
  const reports: StoredPerfusionReport[] = [];
  for (const { sopInstanceUid } of references.filter(({ modality }) => modality === 'SR')) {
    try {
      const file = await fetchOne(sopInstanceUid);
      if (isPerfusionReport(file)) reports.push(readPerfusionReport(file));
    } catch (error) {
      if (!(error instanceof DicomResultError)) throw error;
      problems.push(error.message);
    }
  }
  const ofSeries = reports.filter(report => isReportOf(report, source));
  for (const report of ofSeries.sort((a, b) => b.savedAt - a.savedAt)) {
    try {
      const saved = decisionsFromText(report.reopening);
      const maps = await Promise.all(Object.values(report.maps).map(fetchOne));
      const segmentation = await fetchOne(report.segmentation);
      const result = readPerfusionObjects(report, { maps, segmentation }, source);
      return { newest: { result, saved, savedAt: new Date(report.savedAt) }, problem: problems.join(' ') };
    } catch (error) {
      if (!(error instanceof Error) || error instanceof ArchiveError || options.signal?.aborted) throw error;
      problems.push(`A result was not reopened: ${error.message.replace(/\.$/, '')}.`);
    }
  }
  return { newest: null, problem: problems.join(' ') };
}
