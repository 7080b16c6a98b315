import type { Host } from '@voxelwise/host';
import { Section } from '@voxelwise/host/panel';
import {
  type Confirmation,
  ConfirmButton,
  ConfirmedNotice,
  isLogged,
  type Records,
  RecordsStatus,
} from '@voxelwise/records';
import { useMemo, useSyncExternalStore } from 'react';
import { BELOW_WEIGHTS_NOTE, isBelowWeights } from '../core/index.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import { exportReport } from '../session/export-report.ts';
import {
  type CalciumState,
  isSettled,
  materialOf,
  type ScoreTable,
  scoreTable,
  sortedParts,
} from '../session/state.ts';
import type { StoredResults } from '../session/stored-results.ts';
import { CalibrationSection } from './calibration-section.tsx';
import { ConventionSection, conventionSummary } from './convention-section.tsx';
import { HeartSection } from './heart-section.tsx';
import { LabelPicker } from './label-picker.tsx';
import { LesionList } from './lesion-list.tsx';
import { RiskSection } from './risk-section.tsx';
import { ScoreCard } from './score-card.tsx';
import { SeriesHeader } from './series-header.tsx';
import { StoredNotice, StoreScoreButton } from './stored-results.tsx';
import { ThresholdSlider } from './threshold-slider.tsx';
import { ToolBar } from './tool-bar.tsx';
import { ViewSection } from './view-section.tsx';
import { Warnings } from './warnings.tsx';

interface Props {
  readonly session: CalciumSession;
  readonly host: Host;
  readonly stored: StoredResults;
  readonly confirmation: Confirmation;
  readonly records: Records;
}

/** The calcium panel: result on top, then what the reader does, then what the numbers rest on. */
export function CalciumPanel({ session, host, stored, confirmation, records }: Props) {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  const confirms = useSyncExternalStore(records.subscribe, () => isLogged(records));
  const { preview, calibration, zeroConfirmed } = state;
  const labeled = preview?.touched ?? state.labeled;
  const table = useMemo(
    () => scoreTable({ labeled, calibration, zeroConfirmed }),
    [labeled, calibration, zeroConfirmed],
  );

  /** Not while one is computed: what is on screen then is not what the reader has chosen. */
  const hasResult = table?.interpretation != null && isSettled(state);

  return (
    <section className="vw-calcium" aria-label="Calcium score" data-phase={state.phase}>
      <div className="vw-scroll">
        <SeriesHeader state={state} onSelect={session.selectSeries} />
        <StoredNotice stored={stored} />
        {table && state.phase !== 'refused' && (
          <>
            <ScoreCard table={table} zeroConfirmed={zeroConfirmed} onConfirmZero={session.confirmZero}>
              <ConfirmedNotice confirmation={confirmation} records={records} testId="calcium" />
            </ScoreCard>
            <div className="vw-work">
              <LabelPicker state={state} session={session} />
              <ToolBar state={state} session={session} />
              <ThresholdSlider
                convention={state.convention}
                onDrag={session.dragThreshold}
                onChoose={thresholdHu => session.setConvention({ thresholdHu })}
              />
            </div>
            {/* Below the slider, so that a warning that comes and goes while it is dragged does not move it. */}
            <Warnings state={state} />
            {state.computeNotice && (
              <p className="vw-notice" role="status" data-testid="calcium-compute-notice">
                {state.computeNotice}
              </p>
            )}
            <Sections state={state} session={session} host={host} table={table} />
          </>
        )}
      </div>
      <footer className="vw-footer">
        {state.scoring !== null && state.phase !== 'refused' && (
          <div className="vw-computing" role="status" data-testid="calcium-scoring">
            <span>Computing …</span>
            <progress value={state.scoring} max={1} aria-label="Computing" />
            {state.labeled && (
              <button type="button" className="vw-button" onClick={session.cancelScoring}>
                Cancel
              </button>
            )}
          </div>
        )}
        <div className="vw-footer-line">
          <span className="vw-not-diagnostic">Not for diagnostic use</span>
          <RecordsStatus records={records} />
        </div>
        <ConfirmButton
          confirmation={confirmation}
          records={records}
          testId="calcium"
          hasResult={hasResult}
          missing="Assign a lesion, or confirm that there is no coronary calcium, first"
        />
        <StoreScoreButton stored={stored} hasResult={hasResult} confirms={confirms} />
        <button
          type="button"
          className="vw-button"
          data-testid="calcium-export-pdf"
          disabled={!hasResult || state.exporting}
          title={exportHint(state, table, hasResult)}
          onClick={() => exportReport(session, host)}
        >
          {state.exporting ? 'Making PDF …' : 'Export PDF'}
        </button>
      </footer>
    </section>
  );
}

/** What can be folded away. */
function Sections({
  state,
  session,
  host,
  table,
}: Pick<Props, 'session' | 'host'> & { readonly state: CalciumState; readonly table: ScoreTable }) {
  const { labeled, history, calibration, tool } = state;
  const parts = useMemo(() => sortedParts(labeled), [labeled]);
  const count = <span data-testid="calcium-candidate-count">{parts.candidates.length}</span>;
  const shapes = history.present.region?.shapes.length ?? 0;
  return (
    <>
      <Section title="Lesion candidates" summary={count} isOpenAtFirst>
        <LesionList state={state} session={session} parts={parts} />
      </Section>
      <Section title="Heart region" summary={shapes === 0 ? 'whole scan' : `${shapes} drawn`} isWanted={shapes > 0}>
        <HeartSection state={state} session={session} host={host} />
      </Section>
      <Section title="View" summary="window, slab" isKept testId="calcium-view-section">
        <ViewSection host={host} />
      </Section>
      <Section title="Convention" summary={conventionSummary(state)} isKept testId="calcium-convention-section">
        <ConventionSection state={state} session={session} />
      </Section>
      <Section title="Risk and percentile" testId="calcium-risk-section">
        <RiskSection state={state} session={session} scores={table} />
      </Section>
      <Section
        title="Mass"
        summary={calibration ? 'calibrated' : 'n/a'}
        isWanted={materialOf(tool) !== null}
        isKept
        testId="calcium-calibration-section"
      >
        <CalibrationSection state={state} session={session} />
      </Section>
    </>
  );
}

function exportHint({ phase }: CalciumState, table: ScoreTable | null, hasResult: boolean): string {
  if (hasResult) return 'Report with the table, the warnings, the convention and key images';
  if (table && isBelowWeights(table.total)) return BELOW_WEIGHTS_NOTE;
  return phase === 'ready' ? 'Assign a lesion, or confirm that there is no coronary calcium, first' : 'No result yet';
}
