import type { Host } from '@voxelwise/host';
import type { CalciumSession } from '../session/calcium-session.ts';
import { isAscending, shownSlice, sliceRangeName } from '../session/slices.ts';
import type { CalciumState } from '../session/state.ts';
import { dependsOn } from './depends-on.ts';

interface Props {
  readonly state: CalciumState;
  readonly session: CalciumSession;
  readonly host: Host;
}

/** The shapes of the heart region with the slices they hold for. */
export const HeartSection = dependsOn(
  function HeartSection({ state, session, host }: Props) {
    const { region } = state.history.present;
    const series = session.currentSeries();
    if (!region || !series) {
      return (
        <p className="vw-muted">
          Calcium is looked for in the whole scan. With <em>Heart</em> or <em>Outline</em> draw around the heart on one
          slice: bone and the aorta outside are no candidates any more.
        </p>
      );
    }
    const [head, feet] = isAscending(series) ? (['last', 'first'] as const) : (['first', 'last'] as const);
    const end = (shape: number, which: 'first' | 'last') => {
      const slice = shownSlice(host, series);
      if (slice >= 0) session.endRegionAt(shape, which, slice);
    };
    return (
      <ul className="vw-shapes" data-testid="calcium-heart-shapes">
        {region.shapes.map(({ kind, slices }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no identity but their place
          <li key={index} data-slices={slices.join('-')}>
            <span>
              {kind === 'ellipse' ? 'Ellipse' : 'Outline'}, {sliceRangeName(series, slices)}
            </span>
            <span className="vw-shape-buttons">
              <button type="button" className="vw-button" onClick={() => end(index, head)}>
                Top here
              </button>
              <button type="button" className="vw-button" onClick={() => end(index, feet)}>
                Bottom here
              </button>
              <button type="button" className="vw-button" onClick={() => session.removeRegionShape(index)}>
                Remove
              </button>
            </span>
          </li>
        ))}
      </ul>
    );
  },
  'history',
  'phase',
  'displaySetUid',
);
