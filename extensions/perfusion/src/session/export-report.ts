import { joinedTextOf, textOf } from '@voxelwise/dicom';
import { download, type Host, reasonOf } from '@voxelwise/host';
import {
  type PerfusionReport,
  perfusionReportFileName,
  perfusionReportOf,
  renderPerfusionReport,
} from '../results/index.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { type ResultOnScreen, resultOnScreen } from './result-on-screen.ts';
import { sourceOfTime } from './series-source.ts';

/** Makes the report and hands it to the browser as a download; tells the reader when that fails. */
export async function exportReport(session: PerfusionSession, host: Host): Promise<void> {
  if (session.getState().exporting) return; // a second click before the button is drawn as disabled
  session.setExporting(true);
  try {
    const report = gatherReport(resultOnScreen(session), new Date());
    const pdf = await renderPerfusionReport(report);
    const file = new Blob([pdf as Uint8Array<ArrayBuffer>], { type: 'application/pdf' });
    download(file, perfusionReportFileName(report));
  } catch (error) {
    host.services.uiNotificationService.show({
      title: 'Perfusion report',
      message: `The PDF could not be made: ${reasonOf(error)}.`,
      type: 'error',
    });
  } finally {
    session.setExporting(false);
  }
}

/** Everything the report prints, from the result and the series' attributes. The slice is the one in the views. */
export function gatherReport({ result, series, state }: ResultOnScreen, createdAt: Date): PerfusionReport {
  const [instance = {}] = series.instances;
  const attribute: Parameters<typeof perfusionReportOf>[1] = keyword =>
    (keyword === 'PatientName' ? textOf : joinedTextOf)(instance, keyword);
  const { orientation } = sourceOfTime(series).slices[0]!;
  return perfusionReportOf(result, attribute, createdAt, { slice: state.slice, orientation });
}
