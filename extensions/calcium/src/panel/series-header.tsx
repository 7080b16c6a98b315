import type { DisplaySet } from '@voxelwise/host';
import { Help } from '@voxelwise/host/panel';
import { KEY_HELP } from '../session/keys.ts';
import type { CalciumState } from '../session/state.ts';

interface Props {
  readonly state: CalciumState;
  readonly onSelect: (displaySetUid: string) => void;
}

/** Which series is scored, and how far loading has come or why it cannot be scored. */
export function SeriesHeader({ state, onSelect }: Props) {
  const { phase, series, displaySetUid, message } = state;
  return (
    <header className="vw-header">
      <div className="vw-title">
        <h2>Calcium score</h2>
        <Help keys={KEY_HELP} testId="calcium-help">
          <p>
            The other mouse buttons and the wheel stay the viewer's: zoom, pan, scroll. Window and slab are under
            <em> View</em>.
          </p>
        </Help>
      </div>
      {series.length > 1 ? (
        <label className="vw-series">
          <span>Series</span>
          <select value={displaySetUid ?? ''} onChange={event => onSelect(event.target.value)}>
            {series.map(choice => (
              <option key={choice.displaySetInstanceUID} value={choice.displaySetInstanceUID}>
                {seriesName(choice)}
              </option>
            ))}
          </select>
        </label>
      ) : (
        series[0] && <p className="vw-muted">{seriesName(series[0])}</p>
      )}
      {phase === 'no-series' && (
        <p className="vw-empty" role="status">
          No CT series that can be scored. A calcium score needs a CT series of parallel, evenly spaced axial slices;
          the study browser on the left shows what this study holds.
        </p>
      )}
      {phase === 'loading' && <Progress {...state.progress} />}
      {phase === 'computing' && (
        <p className="vw-muted" role="status">
          Looking for calcium …
        </p>
      )}
      {phase === 'refused' && (
        <div className="vw-refused" role="alert" data-testid="calcium-refused">
          <strong>This series is not scored</strong>
          <p>{message}</p>
        </div>
      )}
    </header>
  );
}

function Progress({ loaded, total }: { loaded: number; total: number }) {
  return (
    <div role="status">
      <p className="vw-muted">{total > 0 ? `Loading slices: ${loaded} of ${total}` : 'Loading slices …'}</p>
      <progress value={loaded} max={Math.max(1, total)} />
    </div>
  );
}

function seriesName({ SeriesNumber, SeriesDescription, numImageFrames }: DisplaySet): string {
  const number = SeriesNumber === undefined ? '' : `${SeriesNumber}: `;
  return `${number}${SeriesDescription || 'CT series'} (${numImageFrames ?? '?'} slices)`;
}
