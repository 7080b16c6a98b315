import type { PerfusionSession } from '../session/perfusion-session.ts';
import { allWarnings } from '../session/warnings.ts';
import { usePart } from './use-part.ts';

/** What a reader has to know before using the numbers. */
export function Warnings({ session }: { readonly session: PerfusionSession }) {
  const computed = usePart(session, 'computed');
  const computeNotice = usePart(session, 'computeNotice');
  const warnings = computed ? allWarnings(computed) : [];
  return (
    <>
      {warnings.length > 0 && (
        <ul className="vw-warnings" data-testid="perfusion-warnings">
          {warnings.map(warning => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {computeNotice && (
        <p className="vw-notice" role="status" data-testid="perfusion-compute-notice">
          {computeNotice}
        </p>
      )}
    </>
  );
}
