import {
  DicomResultError,
  type DicomWebTarget,
  type ExchangeOptions,
  findResults,
  MANUFACTURER,
  retrieveInstance,
} from '@voxelwise/dicom';
import { readCalciumReport, type StoredCalciumReport } from '../results/dicom/index.ts';
import type { CtSeries } from './ct-series.ts';
import { storedResult } from './result-objects.ts';
import { type SavedResult, savedAtOfText } from './saved-result.ts';

/**
 * The newest result of ours that the archive has for a series; null where it has none.
 * @throws Error with a sentence for the reader when the archive cannot be asked, or the result cannot be read
 */
export async function newestInArchive(
  target: DicomWebTarget,
  series: CtSeries,
  options: ExchangeOptions,
): Promise<SavedResult | null> {
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
  const reports = await Promise.all(
    references
      .filter(({ modality }) => modality === 'SR')
      .map(async reference => reportOf(await retrieveInstance(target, reference, options), seriesUid)),
  );
  const [newest] = reports
    .filter(report => report !== null)
    .sort((a, b) => savedAtOfText(b.reopening) - savedAtOfText(a.reopening));
  if (!newest) return null;
  const segmentation = references.find(({ sopInstanceUid }) => sopInstanceUid === newest.segmentationUid);
  if (!segmentation) throw new Error('its segmentation is not in the archive');
  return storedResult(newest, await retrieveInstance(target, segmentation, options), series);
}

/** A report of ours on the series that can be reopened; null for any other one. */
function reportOf(file: Uint8Array, seriesUid: string): StoredCalciumReport | null {
  try {
    const report = readCalciumReport(file);
    return report.sourceSeriesUid === seriesUid && report.reopening ? report : null;
  } catch (error) {
    if (error instanceof DicomResultError) return null;
    throw error;
  }
}
