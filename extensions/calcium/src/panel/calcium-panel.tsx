import type { Host } from '@voxelwise/host';
import { useMemo, useSyncExternalStore } from 'react';
import type { CalciumSession } from '../session/calcium-session.ts';
import { exportReport } from '../session/export-report.ts';
import { allWarnings, type CalciumState, scoreTable } from '../session/state.ts';
import { ConventionBox } from './convention-box.tsx';
import { LesionList } from './lesion-list.tsx';
import { ScoreCard } from './score-card.tsx';
import { SeriesHeader } from './series-header.tsx';
import { ThresholdSlider } from './threshold-slider.tsx';
import { VesselPicker } from './vessel-picker.tsx';
import { Warnings } from './warnings.tsx';

/** The calcium panel: result on top, then what the reader does, then what the numbers rest on. */
export function CalciumPanel({ session, host }: { session: CalciumSession; host: Host }) {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  const { lesionSet, vessels, zeroConfirmed } = state;
  const table = useMemo(() => scoreTable({ lesionSet, vessels, zeroConfirmed }), [lesionSet, vessels, zeroConfirmed]);

  return (
    <section className="vw-calcium" aria-label="Calcium score" data-phase={state.phase}>
      <div className="vw-scroll">
        <SeriesHeader state={state} onSelect={session.selectSeries} />
        {table && state.phase !== 'refused' && (
          <>
            <ScoreCard table={table} zeroConfirmed={zeroConfirmed} onConfirmZero={session.confirmZero} />
            <VesselPicker state={state} session={session} />
            <ThresholdSlider convention={state.convention} onChange={session.setThreshold} />
            {/* Below the slider, so that a warning that comes and goes while it is dragged does not move it. */}
            <Warnings warnings={allWarnings(state)} />
            {state.computeNotice && (
              <p className="vw-notice" role="status" data-testid="calcium-compute-notice">
                {state.computeNotice}
              </p>
            )}
            <LesionList state={state} session={session} />
            <ConventionBox state={state} />
          </>
        )}
      </div>
      <footer className="vw-footer">
        <span className="vw-not-diagnostic">Not for diagnostic use</span>
        <button
          type="button"
          className="vw-button vw-primary"
          data-testid="calcium-export-pdf"
          disabled={!table?.category || state.exporting}
          title={exportHint(state, table?.category != null)}
          onClick={() => exportReport(session, host)}
        >
          {state.exporting ? 'Making PDF …' : 'Export PDF'}
        </button>
      </footer>
    </section>
  );
}

function exportHint({ phase }: CalciumState, hasResult: boolean): string {
  if (hasResult) return 'One-page report with the table, the convention and key images';
  return phase === 'ready' ? 'Assign a lesion, or confirm that there is no coronary calcium, first' : 'No result yet';
}
