import type { DicomObject, StorableInstance } from '@voxelwise/dicom';
import { type Host, readerNameOf } from '@voxelwise/host';
import { perfusionResultObjects, renderPerfusionReport, storablePerfusionObjects } from '../results/index.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { gatherReport } from './export-report.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { resultOnScreen } from './result-on-screen.ts';
import { decisionsAsText } from './saved-decisions.ts';
import { sourceOfTime } from './series-source.ts';

/**
 * The result on screen as DICOM objects, in the order in which they are stored.
 * @param takenSeriesNumbers of series that the viewer does not list: what was stored since the study was opened
 * @throws Error with a sentence for the reader when there is no result
 */
export async function resultObjects(
  session: PerfusionSession,
  host: Host,
  now: Date,
  takenSeriesNumbers: readonly number[],
): Promise<(StorableInstance & DicomObject)[]> {
  const shown = resultOnScreen(session);
  const { series, result, state } = shown;
  const source = sourceOfTime(series);
  const objects = perfusionResultObjects(source, result, {
    takenSeriesNumbers: [...seriesNumbersOf(host, source.studyInstanceUid), ...takenSeriesNumbers],
    furtherImages: furtherImages(series),
    pdf: await renderPerfusionReport(gatherReport(shown, now)),
    reopening: decisionsAsText(state),
    readerName: readerNameOf(host),
    now,
  });
  return storablePerfusionObjects(objects);
}

/** Per slice the images of all time points but the first, which the results are written on. */
function furtherImages(series: PerfusionSeries) {
  const { order, dimensions } = series.source.stack;
  const ofTimes = order.slice(1).map((_, time) => sourceOfTime(series, time + 1).slices);
  return Array.from({ length: dimensions[2] }, (_, slice) => ofTimes.map(slices => slices[slice]!));
}

function seriesNumbersOf({ services }: Host, studyUid: string): number[] {
  return services.displaySetService
    .getActiveDisplaySets()
    .filter(({ StudyInstanceUID }) => StudyInstanceUID === studyUid)
    .map(({ SeriesNumber }) => Number(SeriesNumber))
    .filter(Number.isFinite);
}
