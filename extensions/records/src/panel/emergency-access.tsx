import { timeText } from '@voxelwise/host';
import { type FormEvent, useState } from 'react';
import { ServiceError } from '../client/service-error.ts';
import { EMERGENCY_HOURS, type Session } from '../contract.ts';
import { newId } from '../new-id.ts';
import type { Records } from '../records.ts';

/** Says that the reader is here by emergency access. */
export function EmergencyNotice({ session }: { readonly session: Session | null }) {
  if (!session?.emergencyUntil) return null;
  return (
    <p className="vw-records-warning" role="status" data-testid="records-emergency">
      Emergency access until {timeText(session.emergencyUntil)}. Everything you see is audited.
    </p>
  );
}

interface Props {
  readonly records: Records;
  readonly studyUid: string;
  readonly onGranted: () => void;
}

/** Break-glass: access to a study that is refused, with a reason, for some hours. */
export function EmergencyAccess({ records, studyUid, onGranted }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [site, setSite] = useState(() => records.site() ?? '');
  const [problem, setProblem] = useState('');
  const [isAsking, setAsking] = useState(false);
  if (!isOpen) {
    return (
      <button
        type="button"
        className="vw-records-button"
        data-testid="records-emergency-open"
        onClick={() => setOpen(true)}
      >
        Emergency access …
      </button>
    );
  }
  const take = async (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
    setProblem('');
    try {
      const body = { id: newId(), site: site.trim(), studyUid, reason: reason.trim() };
      await records.service.call('takeEmergencyAccess', { body });
      await records.check();
      onGranted();
    } catch (error) {
      setProblem(error instanceof ServiceError ? error.message : String(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <form className="vw-records-form" onSubmit={take} data-testid="records-emergency-form">
      <p>
        Gives you this study for {EMERGENCY_HOURS} hours. Your reason is kept, and the auditor sees it at once. Use it
        for a patient who needs you now.
      </p>
      <label>
        Site of the study
        <input value={site} required maxLength={64} onChange={event => setSite(event.target.value)} />
      </label>
      <label>
        Reason
        <textarea value={reason} required maxLength={4000} rows={3} onChange={event => setReason(event.target.value)} />
      </label>
      {problem && (
        <p className="vw-records-warning" role="alert">
          {problem}
        </p>
      )}
      <div className="vw-records-actions">
        <button
          type="submit"
          className="vw-records-button vw-records-danger"
          disabled={isAsking || reason.trim() === '' || site.trim() === ''}
        >
          Take emergency access
        </button>
        <button type="button" className="vw-records-button" onClick={() => setOpen(false)}>
          Cancel
        </button>
      </div>
    </form>
  );
}
