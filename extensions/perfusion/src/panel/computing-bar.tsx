import type { PerfusionSession } from '../session/perfusion-session.ts';
import { usePart } from './use-part.ts';

/** How far the maps are; with maps on screen the computation can be ended. */
export function ComputingBar({ session }: { readonly session: PerfusionSession }) {
  const computing = usePart(session, 'computing');
  const computed = usePart(session, 'computed');
  const phase = usePart(session, 'phase');
  if (computing === null || phase === 'refused') return null;
  return (
    <div className="vw-computing" role="status" data-testid="perfusion-computing">
      <span>Computing …</span>
      <progress value={computing} max={1} aria-label="Computing" />
      {computed && (
        <button type="button" className="vw-button" onClick={session.cancelComputing}>
          Cancel
        </button>
      )}
    </div>
  );
}
