import { Help } from '@voxelwise/host/panel';
import { KEY_HELP } from '../session/keys.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
}

/** Which series is computed, how far loading has come, or why it cannot be computed. */
export function SeriesHeader({ session }: Props) {
  const phase = usePart(session, 'phase');
  const series = usePart(session, 'series');
  const seriesId = usePart(session, 'seriesId');
  const notes = usePart(session, 'notes');
  return (
    <header className="vw-header">
      <div className="vw-title">
        <h2>Perfusion</h2>
        <Help keys={KEY_HELP} testId="perfusion-help">
          <p>
            The other mouse buttons and the wheel stay the viewer's: zoom, pan and scroll, for all views together. So
            does the window of the source.
          </p>
        </Help>
      </div>
      {series.length > 1 ? (
        <label className="vw-series">
          <span>Series</span>
          <select
            value={seriesId ?? ''}
            data-testid="perfusion-series"
            onChange={event => session.selectSeries(event.target.value)}
          >
            {series.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ) : (
        series[0] && <p className="vw-muted">{series[0].name}</p>
      )}
      {phase === 'no-series' && (
        <p className="vw-empty" role="status" data-testid="perfusion-empty">
          No 4D series. Perfusion maps need a CT or MR series that shows the same slices at many time points, before and
          while a contrast agent passes; the study browser on the left shows what this study holds.
        </p>
      )}
      {phase === 'loading' && <Loading session={session} />}
      {phase === 'measuring' && (
        <p className="vw-muted" role="status">
          Looking for brain, arteries and veins …
        </p>
      )}
      {phase === 'refused' && <Refused session={session} />}
      {phase !== 'refused' && notes.length > 0 && (
        <ul className="vw-notes" data-testid="perfusion-notes">
          {notes.map(note => (
            <li key={note} className="vw-notice">
              {note}
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

function Loading({ session }: Props) {
  const { loaded, total } = usePart(session, 'progress');
  return (
    <div className="vw-loading" role="status" data-testid="perfusion-loading">
      <p className="vw-muted">{total > 0 ? `Loading images: ${loaded} of ${total}` : 'Loading images …'}</p>
      <div className="vw-slider">
        <progress value={loaded} max={Math.max(1, total)} aria-label="Loading" />
        <button
          type="button"
          className="vw-button"
          data-testid="perfusion-cancel-loading"
          onClick={session.cancelLoading}
        >
          Cancel
        </button>
      </div>
    </div>
  );
}

function Refused({ session }: Props) {
  const message = usePart(session, 'message');
  const seriesId = usePart(session, 'seriesId');
  return (
    <div className="vw-refused" role="alert" data-testid="perfusion-refused">
      <strong>There are no maps of this series</strong>
      <p>{message}</p>
      {seriesId && (
        <button type="button" className="vw-button" onClick={() => session.selectSeries(seriesId)}>
          Load again
        </button>
      )}
    </div>
  );
}
