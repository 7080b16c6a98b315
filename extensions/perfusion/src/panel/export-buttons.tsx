import type { Host } from '@voxelwise/host';
import { StoreButton } from '@voxelwise/host/panel';
import { type Confirmation, ConfirmButton, isLogged, type Records } from '@voxelwise/records';
import { useSyncExternalStore } from 'react';
import { exportReport } from '../session/export-report.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { isSettled } from '../session/state.ts';
import type { StoredResults } from '../session/stored-results.ts';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
  readonly host: Host;
  readonly stored: StoredResults;
  readonly confirmation: Confirmation;
  readonly records: Records;
}

const MISSING = 'No maps yet';

/** Confirms, stores and prints the result. */
export function ExportButtons({ session, host, stored, confirmation, records }: Props) {
  const hasResult = useSyncExternalStore(session.subscribe, () => isSettled(session.getState()));
  const confirms = useSyncExternalStore(records.subscribe, () => isLogged(records));
  const { storing } = useSyncExternalStore(stored.subscribe, stored.getState);
  const exporting = usePart(session, 'exporting');
  return (
    <>
      <ConfirmButton
        confirmation={confirmation}
        records={records}
        testId="perfusion"
        hasResult={hasResult}
        missing={MISSING}
      />
      <StoreButton
        storing={storing}
        hasResult={hasResult}
        hint={
          hasResult
            ? `Parametric Maps, segmentation, report and PDF, stored in the archive that the study came from${confirms ? '. Confirms the result, too' : ''}`
            : MISSING
        }
        testId="perfusion"
        onStore={stored.store}
        onCancel={stored.cancelStoring}
      />
      <button
        type="button"
        className="vw-button"
        data-testid="perfusion-export-pdf"
        disabled={!hasResult || exporting}
        title={hasResult ? 'Report with volumes, maps, curves, regions and the convention' : MISSING}
        onClick={() => exportReport(session, host)}
      >
        {exporting ? 'Making PDF …' : 'Export PDF'}
      </button>
    </>
  );
}
