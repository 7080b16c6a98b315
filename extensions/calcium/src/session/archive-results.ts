import {
  DicomResultError,
  type DicomWebTarget,
  type ExchangeOptions,
  findResults,
  freeSeriesNumber,
  MANUFACTURER,
  retrieveInstance,
  type StorableInstance,
  sourceFromInstances,
  writeEncapsulatedPdf,
} from '@voxelwise/dicom';
import type { Host } from '@voxelwise/host';
import { type Edit, labelEdits, VESSELS, voxelsOfLabel } from '../core/index.ts';
import {
  type CalciumResult,
  readCalciumReport,
  readCalciumSegmentation,
  type StoredCalciumReport,
  writeCalciumObjects,
} from '../results/dicom/index.ts';
import { renderCalciumReport } from '../results/report.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { gatherReport } from './export-report.ts';
import { type SavedResult, savedFromText, savedText } from './saved-result.ts';

/**
 * The session's result as DICOM objects, in the order in which they are stored.
 * @throws Error with a sentence for the reader when there is no result
 */
export async function archiveObjects(session: CalciumSession, host: Host, now: Date): Promise<StorableInstance[]> {
  const report = gatherReport(session, now);
  const state = session.getState();
  const series = session.currentSeries();
  const { labeled } = state;
  if (!series || !labeled) throw new Error('there is no result yet.');
  const result: CalciumResult = {
    vessels: report.vessels.map(({ vessel, score, mass }) => ({
      vessel,
      score,
      massMg: mass.massMg,
      voxels: voxelsOfLabel(labeled, vessel),
    })),
    total: { score: report.total, massMg: report.totalMass.massMg },
    convention: labeled.set.convention,
    conventionInWords: report.conventionInWords,
    calibration: state.calibration,
    producer: report.compute.producer,
    warnings: report.warnings,
    reopening: savedText(state, labeled, series, now, labelEdits(labeled, 'excluded')),
    software: report.software,
  };
  const source = sourceFromInstances(series.loaded.instances);
  const taken = seriesNumbersOf(host, source.studyInstanceUid);
  const pdfNumber = freeSeriesNumber(taken);
  const objects = writeCalciumObjects(source, result, { takenSeriesNumbers: [...taken, pdfNumber], now });
  const pdf = writeEncapsulatedPdf(source, await renderCalciumReport(report), {
    title: 'Coronary calcium score',
    identifiesPatient: true,
    seriesDescription: 'Coronary calcium report (PDF)',
    seriesNumber: pdfNumber,
    software: { modelName: report.software.name, versions: [report.software.version] },
    now,
  });
  return [
    { name: 'the segmentation', ...objects.segmentation },
    { name: 'the measurement report', ...objects.report },
    { name: 'the cardiovascular report', ...objects.cardiovascularReport },
    { name: 'the PDF', ...pdf },
  ];
}

function seriesNumbersOf({ services }: Host, studyUid: string): number[] {
  return services.displaySetService
    .getActiveDisplaySets()
    .filter(({ StudyInstanceUID }) => StudyInstanceUID === studyUid)
    .map(({ SeriesNumber }) => Number(SeriesNumber))
    .filter(Number.isFinite);
}

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
  const savedAt = (report: StoredCalciumReport) => Number(JSON.parse(report.reopening).savedAt);
  const [newest] = reports.filter(report => report !== null).sort((a, b) => savedAt(b) - savedAt(a));
  if (!newest) return null;
  const segmentation = references.find(({ sopInstanceUid }) => sopInstanceUid === newest.segmentationUid);
  if (!segmentation) throw new Error('its segmentation is not in the archive.');
  const file = await retrieveInstance(target, segmentation, options);
  const voxels = readCalciumSegmentation(file, sourceFromInstances(series.loaded.instances));
  const saved = savedFromText(newest.reopening, series);
  const painted = VESSELS.flatMap((label): Edit[] => {
    const voxelsOfVessel = voxels[label];
    return voxelsOfVessel ? [{ kind: 'paint', label, voxels: voxelsOfVessel }] : [];
  });
  return { ...saved, decisions: { ...saved.decisions, edits: [...saved.decisions.edits, ...painted] } };
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
