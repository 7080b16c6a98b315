import { type DicomObject, type StorableInstance, sourceFromInstances } from '@voxelwise/dicom';
import { type Host, readerNameOf } from '@voxelwise/host';
import {
  agatstonOf,
  type Edit,
  isEqualButForRounding,
  type LabeledLesions,
  labelEdits,
  VESSELS,
} from '../core/index.ts';
import {
  type CalciumResult,
  readCalciumSegmentation,
  resultOf,
  type StoredCalciumReport,
  writeResultObjects,
} from '../results/dicom/index.ts';
import { type CalciumReport, renderCalciumReport } from '../results/report.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { gatherReport } from './export-report.ts';
import { type SavedResult, savedFromText, savedText } from './saved-result.ts';
import type { CalciumState } from './state.ts';

/**
 * The session's result as DICOM objects, in the order in which they are stored.
 * @param takenSeriesNumbers of series that the viewer does not list: what was stored since the study was opened
 * @throws Error with a sentence for the reader when there is no result
 */
export async function resultObjects(
  session: CalciumSession,
  host: Host,
  now: Date,
  takenSeriesNumbers: readonly number[],
): Promise<(StorableInstance & DicomObject)[]> {
  const report = gatherReport(session, now);
  const state = session.getState();
  const series = session.currentSeries();
  if (!series || !state.labeled) throw new Error('there is no result yet.');
  const source = sourceFromInstances(series.loaded.instances);
  const result = resultToStore(report, state, state.labeled, series);
  const objects = writeResultObjects(source, result, await renderCalciumReport(report), {
    takenSeriesNumbers: [...seriesNumbersOf(host, source.studyInstanceUid), ...takenSeriesNumbers],
    readerName: readerNameOf(host),
    now,
  });
  return [
    { name: 'the segmentation', ...objects.segmentation },
    { name: 'the measurement report', ...objects.report },
    { name: 'the cardiovascular report', ...objects.cardiovascularReport },
    { name: 'the PDF', ...objects.pdf },
  ];
}

/** What goes into the DICOM objects: numbers as reported, voxels per vessel, and what only this viewer understands. */
export function resultToStore(
  report: Parameters<typeof resultOf>[0] & Pick<CalciumReport, 'createdAt'>,
  state: CalciumState,
  labeled: LabeledLesions,
  series: CtSeries,
): CalciumResult {
  const reopening = savedText(state, labeled, series, report.createdAt, labelEdits(labeled, 'excluded'));
  return resultOf(report, labeled, {
    calibration: state.calibration,
    region: state.scoredWith?.region ?? null,
    reopening,
  });
}

/**
 * The result that was stored: the vessels' voxels from the segmentation, everything else from the report.
 * @throws Error when it is not of these slices, or contradicts itself; the message says what is wrong
 */
export function storedResult(report: StoredCalciumReport, segmentation: Uint8Array, series: CtSeries): SavedResult {
  const saved = savedFromText(report.reopening, series);
  assertSameResult(report, saved, series);
  const voxels = readCalciumSegmentation(segmentation, sourceFromInstances(series.loaded.instances));
  const painted = VESSELS.flatMap((label): Edit[] => {
    const voxelsOfVessel = voxels[label];
    return voxelsOfVessel ? [{ kind: 'paint', label, voxels: voxelsOfVessel }] : [];
  });
  return { ...saved, decisions: { ...saved.decisions, edits: [...saved.decisions.edits, ...painted] } };
}

/** The report says everything twice, for everybody and for this viewer. Whoever edits it may forget one of them. */
function assertSameResult(report: StoredCalciumReport, saved: SavedResult, { spacingMm }: CtSeries): void {
  const { convention, calibration } = saved;
  const settings = [convention, calibration, saved.decisions.region];
  if (JSON.stringify([report.convention, report.calibration, report.region]) !== JSON.stringify(settings)) {
    throw new Error('its convention is another one than that of its numbers; somebody has changed the report');
  }
  for (const { vessel, score } of report.vessels) {
    const agatston = agatstonOf(saved.sums[vessel].weightedPixels, { spacingMm, convention });
    if (!isEqualButForRounding(score.agatston, agatston)) {
      throw new Error(
        `its score of ${vessel} is ${score.agatston}, but what it was made of gives ${agatston}; somebody has changed the report`,
      );
    }
  }
}

function seriesNumbersOf({ services }: Host, studyUid: string): number[] {
  return services.displaySetService
    .getActiveDisplaySets()
    .filter(({ StudyInstanceUID }) => StudyInstanceUID === studyUid)
    .map(({ SeriesNumber }) => Number(SeriesNumber))
    .filter(Number.isFinite);
}
