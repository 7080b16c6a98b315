import type { Host } from '@voxelwise/host';
import { Section } from '@voxelwise/host/panel';
import { type Confirmation, ConfirmedNotice, type Records, RecordsStatus } from '@voxelwise/records';
import { useSyncExternalStore } from 'react';
import { methodName } from '../results/index.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { isSettled } from '../session/state.ts';
import type { StoredResults } from '../session/stored-results.ts';
import { ComputingBar } from './computing-bar.tsx';
import { CurvesSection } from './curves-section.tsx';
import { DisplaySection } from './display-section.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { MethodSection } from './method-section.tsx';
import { RegionsSection } from './regions-section.tsx';
import { SeriesHeader } from './series-header.tsx';
import { StoredNotice } from './stored-notice.tsx';
import { StrokeCard } from './stroke-card.tsx';
import { Timeline } from './timeline.tsx';
import { ToolBar } from './tool-bar.tsx';
import { usePart } from './use-part.ts';
import { VesselSection } from './vessel-section.tsx';
import { Warnings } from './warnings.tsx';

interface Props {
  readonly session: PerfusionSession;
  readonly host: Host;
  readonly stored: StoredResults;
  readonly confirmation: Confirmation;
  readonly records: Records;
}

/** The perfusion panel: time and result on top, then curves, then what the numbers rest on. */
export function PerfusionPanel({ session, host, stored, confirmation, records }: Props) {
  const phase = usePart(session, 'phase');
  const survey = usePart(session, 'survey');
  const computed = usePart(session, 'computed');
  const { present } = usePart(session, 'history');
  const settled = useSyncExternalStore(session.subscribe, () => isSettled(session.getState()));
  const isOpen = phase !== 'refused' && survey !== null;
  const { settings, regions } = present;
  return (
    <section
      className="vw-perfusion"
      aria-label="Perfusion"
      data-phase={phase}
      data-computed={computed !== null}
      data-settled={settled}
    >
      <div className="vw-scroll">
        <SeriesHeader session={session} />
        <StoredNotice stored={stored} />
        {isOpen && (
          <>
            <Timeline session={session} />
            <StrokeCard session={session}>
              <ConfirmedNotice confirmation={confirmation} records={records} testId="perfusion" />
            </StrokeCard>
            <ToolBar session={session} />
            <CurvesSection session={session} />
            <Warnings session={session} />
            <Section title="Arteries and veins" summary={vesselSummary(present)} testId="perfusion-vessels-section">
              <VesselSection session={session} />
            </Section>
            <Section
              title="Regions"
              summary={regions.length === 0 ? 'none' : `${regions.length} drawn`}
              isWanted={regions.length > 0}
            >
              <RegionsSection session={session} />
            </Section>
            <Section title="Display" summary="maps, ranges, colors" testId="perfusion-display-section">
              <DisplaySection session={session} host={host} />
            </Section>
            <Section title="Method" summary={methodName(settings.method)} isKept testId="perfusion-method-section">
              <MethodSection session={session} />
            </Section>
          </>
        )}
      </div>
      <footer className="vw-footer">
        <ComputingBar session={session} />
        <div className="vw-footer-line">
          <span className="vw-not-diagnostic">Not for diagnostic use</span>
          <RecordsStatus records={records} />
        </div>
        <ExportButtons session={session} host={host} stored={stored} confirmation={confirmation} records={records} />
      </footer>
    </section>
  );
}

function vesselSummary({ aif, vof }: { readonly aif: unknown; readonly vof: unknown }): string {
  return aif || vof ? 'chosen by the reader' : 'found automatically';
}
