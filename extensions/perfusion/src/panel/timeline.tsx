import type { PerfusionSession } from '../session/perfusion-session.ts';
import { usePart } from './use-part.ts';

/** The time point that the source shows: a slider, and a button that plays. */
export function Timeline({ session }: { readonly session: PerfusionSession }) {
  const timePoint = usePart(session, 'timePoint');
  const isPlaying = usePart(session, 'isPlaying');
  const volume = session.currentSeries()?.volume;
  if (!volume) return null;
  const { timePoints, intervalS } = volume;
  const timeS = (timePoint * intervalS).toFixed(1);
  return (
    <div className="vw-timeline">
      <div className="vw-timeline-label">
        <label htmlFor="vw-perfusion-time">Time</label>
        <output data-testid="perfusion-time">
          {timeS} s{' '}
          <span className="vw-muted">
            ({timePoint + 1} of {timePoints})
          </span>
        </output>
      </div>
      <div className="vw-slider">
        <button
          type="button"
          className="vw-button vw-play"
          aria-label={isPlaying ? 'Stop' : 'Play'}
          title={isPlaying ? 'Stop (space)' : 'Play through the time points (space)'}
          data-testid="perfusion-play"
          onClick={session.togglePlaying}
        >
          {isPlaying ? '❚❚' : '▶'}
        </button>
        <input
          id="vw-perfusion-time"
          type="range"
          min={0}
          max={timePoints - 1}
          value={timePoint}
          data-testid="perfusion-scrubber"
          aria-valuetext={`${timeS} seconds, time point ${timePoint + 1} of ${timePoints}`}
          onChange={event => session.goToTimePoint(event.target.valueAsNumber)}
        />
      </div>
    </div>
  );
}
