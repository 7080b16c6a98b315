import { joinedTextOf, textOf } from '@voxelwise/dicom';
import { download, type Host } from '@voxelwise/host';
import { assessPerson, BELOW_WEIGHTS_NOTE, isBelowWeights } from '../core/index.ts';
import { reportOf } from '../results/labeled-report.ts';
import type { CalciumReport } from '../results/report.ts';
import { VERSION } from '../version.generated.ts';
import type { CalciumSession } from './calcium-session.ts';
import { allWarnings, type CalciumState, isSettled, type ScoreTable, scoreTable } from './state.ts';

/** Makes the report and hands it to the browser as a download; tells the reader when that fails. */
export async function exportReport(session: CalciumSession, host: Host): Promise<void> {
  if (session.getState().exporting) return; // a second click before the button is drawn as disabled
  session.setExporting(true);
  try {
    const report = gatherReport(session, new Date());
    const { renderCalciumReport, reportFileName } = await import('../results/report.ts');
    const pdf = await renderCalciumReport(report);
    download(new Blob([pdf as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }), reportFileName(report));
  } catch (error) {
    host.services.uiNotificationService.show({
      title: 'Calcium report',
      message: `The PDF could not be made: ${error instanceof Error ? error.message : String(error)}`,
      type: 'error',
    });
  } finally {
    session.setExporting(false);
  }
}

/**
 * Everything the report prints, from the session and the series' attributes.
 * @throws Error with a sentence for the reader where there is no result, or it is being computed
 */
export function gatherReport(session: CalciumSession, createdAt: Date): CalciumReport {
  const state = session.getState();
  const series = session.currentSeries();
  const table = scoreTable(state);
  const { labeled, report, facts, scoredWith } = state;
  assertResult(state, table);
  if (!series || !labeled || !report || !facts || !scoredWith || !table?.interpretation) throw new Error(NO_RESULT);
  const { instances } = series.loaded;
  const [instance = {}] = instances;
  return reportOf(
    {
      labeled,
      scores: table,
      category: table.interpretation.category,
      calibration: state.calibration,
      facts,
      attribute: keyword => (keyword === 'PatientName' ? textOf : joinedTextOf)(instance, keyword),
      sliceHu: slice => series.loaded.readSlice(slice),
      instanceNumber: slice => textOf(instances[slice] ?? {}, 'InstanceNumber'),
      person: assessPerson(state.person, table.total, state.percentiles.table),
      furtherConvention: scoredWith.region ? ['Only inside the heart region that the reader drew'] : [],
      compute: report,
      warnings: allWarnings(state),
      software: { name: 'Voxelwise calcium', version: VERSION },
    },
    createdAt,
  );
}

const NO_RESULT = 'there is no result yet; assign a lesion or confirm that there is none.';

/**
 * What is printed, stored or logged is a result, and the one on screen.
 * @throws Error with a sentence for the reader where there is none, or it is being computed
 */
export function assertResult(state: CalciumState, table: ScoreTable | null): void {
  if (table && isBelowWeights(table.total)) throw new Error(BELOW_WEIGHTS_NOTE);
  if (!table?.interpretation) throw new Error(NO_RESULT);
  if (!isSettled(state)) throw new Error('the score is still being computed; wait until it is there.');
}
