import { type Host, shownStudyOf, watchShownStudy } from '@voxelwise/host';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { entriesOfStudy, isStudyRefused, type Records, type RecordsState } from '../records.ts';
import { EntryList } from '../status/entry-list.tsx';
import { RecordsStatus } from '../status/records-status.tsx';
import { EmergencyAccess, EmergencyNotice } from './emergency-access.tsx';
import { RecordCard } from './record-card.tsx';
import { createStudyRecords } from './study-records.ts';

interface Props {
  readonly host: Host;
  readonly records: Records;
}

/** The records of the study on screen: what has not arrived, then what the data service has, newest first. */
export function RecordsPanel({ host, records }: Props) {
  const state = useSyncExternalStore(records.subscribe, records.getState);
  const studyUid = useShownStudy(host);
  return (
    <section className="vw-records" aria-label="Records">
      <div className="vw-records-scroll">
        <header className="vw-records-title">
          <h2>Records of this study</h2>
        </header>
        <Body records={records} state={state} studyUid={studyUid} />
      </div>
      <footer className="vw-records-footer">
        <span className="vw-records-not-diagnostic">Not for diagnostic use</span>
        <RecordsStatus records={records} />
      </footer>
    </section>
  );
}

function Body({
  records,
  state,
  studyUid,
}: {
  readonly records: Records;
  readonly state: RecordsState;
  readonly studyUid: string | null;
}) {
  const { presence, trouble } = state;
  const waiting = studyUid === null ? [] : entriesOfStudy(state, studyUid);
  return (
    <>
      {waiting.length > 0 && (
        <section aria-label="On their way" data-testid="records-waiting">
          <h3>On their way</h3>
          <EntryList records={records} state={state} entries={waiting} />
        </section>
      )}
      {presence === 'looking' && <p role="status">Looking for the data service …</p>}
      {(presence === 'off' || presence === 'absent') && (
        <p className="vw-records-empty" role="status" data-testid="records-off">
          {trouble || 'There is no data service here: nothing is logged.'}
        </p>
      )}
      {presence === 'present' && !records.may('predictions:read') && (
        <p className="vw-records-empty" role="status" data-testid="records-no-permission">
          Your role may not see records. Your administrator can give you the role of a reader or a reviewer.
        </p>
      )}
      {presence === 'present' && studyUid !== null && records.may('predictions:read') && (
        <OfStudy key={studyUid} records={records} state={state} studyUid={studyUid} />
      )}
    </>
  );
}

function OfStudy({
  records,
  state,
  studyUid,
}: {
  readonly records: Records;
  readonly state: RecordsState;
  readonly studyUid: string;
}) {
  const study = useMemo(() => createStudyRecords(records.service, { studyUid }), [records, studyUid]);
  const {
    phase,
    records: found,
    hasMore,
    details,
    problem,
    code,
  } = useSyncExternalStore(study.subscribe, study.getState);
  const { revision, session, trouble } = state;
  const person = session?.person;
  const isLocal = session?.isLocal ?? false;
  // The service leaves out what somebody may not see, so that nobody learns that it is there.
  const isEmpty = phase === 'ready' && found.length === 0;
  useEffect(() => {
    // Also when another person has signed in, a record has arrived, or the service has come back.
    void [revision, person, trouble];
    study.reload();
  }, [study, revision, person, trouble]);
  useEffect(() => study.stop, [study]);
  return (
    <>
      <EmergencyNotice session={session} />
      {problem && <Problem problem={problem} onRetry={() => Promise.all([records.check(), study.reload()])} />}
      {phase === 'loading' && found.length === 0 && <p role="status">Reading records …</p>}
      {isEmpty && (
        <p className="vw-records-empty" role="status" data-testid="records-empty">
          {isLocal ? 'No records yet.' : 'No records yet, or none that you may see.'} A score that is confirmed is
          logged here.
        </p>
      )}
      {(isEmpty || isStudyRefused(code)) && !isLocal && records.may('emergency:take') && (
        <EmergencyAccess records={records} studyUid={studyUid} onGranted={study.reload} />
      )}
      <ol className="vw-records-list" aria-busy={phase === 'loading'}>
        {found.map(record => (
          <li key={record.id}>
            <RecordCard records={records} state={state} study={study} record={record} detail={details[record.id]} />
          </li>
        ))}
      </ol>
      {hasMore && (
        <button type="button" className="vw-records-button" onClick={study.loadMore}>
          Show more
        </button>
      )}
    </>
  );
}

function Problem({ problem, onRetry }: { readonly problem: string; readonly onRetry: () => void }) {
  return (
    <div className="vw-records-problem" role="alert" data-testid="records-problem">
      <p>{problem}</p>
      <button type="button" className="vw-records-button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

function useShownStudy(host: Host): string | null {
  const subscribe = useCallback(
    (listener: () => void) => {
      const subscription = watchShownStudy(host, listener);
      return () => subscription.unsubscribe();
    },
    [host],
  );
  return useSyncExternalStore(subscribe, () => shownStudyOf(host));
}
