import type { CalciumSession } from '../session/calcium-session.ts';
import { BRUSH_RADII_MM } from '../session/keys.ts';
import type { CalciumState, Tool } from '../session/state.ts';
import { dependsOn } from './depends-on.ts';

const TOOLS: readonly { readonly tool: Tool; readonly text: string; readonly key: string; readonly title: string }[] = [
  { tool: 'assign', text: 'Click', key: 'Esc', title: 'Click lesions in the axial view, or in the list' },
  { tool: 'split', text: 'Split', key: 'S', title: 'Draw a straight line across a lesion' },
  { tool: 'brush', text: 'Brush', key: 'B', title: 'Paint part of a lesion' },
  { tool: 'heart-ellipse', text: 'Heart', key: 'H', title: 'Drag an ellipse around the heart' },
  { tool: 'heart-freehand', text: 'Outline', key: 'F', title: 'Draw around the heart free-hand' },
];

/** Slices above and below the painted one that a brush can reach. */
const REACHES = [0, 1, 2, 5] as const;

/** What the primary button does in the axial view, with undo and redo. */
export const ToolBar = dependsOn(
  function ToolBar({ state, session }: { state: CalciumState; session: CalciumSession }) {
    const { tool, history, hint } = state;
    return (
      <div className="vw-tools">
        <div className="vw-tool-row">
          <div className="vw-tool-buttons" role="toolbar" aria-label="Tools of the axial view">
            {TOOLS.map(({ tool: one, text, key, title }) => (
              <button
                key={one}
                type="button"
                className="vw-button"
                aria-pressed={tool === one}
                title={`${title} (${key})`}
                data-testid={`calcium-tool-${one}`}
                onClick={() => session.chooseTool(one)}
              >
                {text}
                <kbd>{key}</kbd>
              </button>
            ))}
          </div>
          <div className="vw-history">
            <button
              type="button"
              className="vw-button"
              disabled={history.past.length === 0}
              aria-label="Undo"
              title="Undo the last decision (Ctrl+Z)"
              data-testid="calcium-undo"
              onClick={session.undo}
            >
              ↶
            </button>
            <button
              type="button"
              className="vw-button"
              disabled={history.future.length === 0}
              aria-label="Redo"
              title="Redo (Ctrl+Shift+Z or Ctrl+Y)"
              data-testid="calcium-redo"
              onClick={session.redo}
            >
              ↷
            </button>
          </div>
        </div>
        {/* In one place, so that a hint that comes and goes moves nothing. */}
        {hint ? (
          <p className="vw-notice" role="status" data-testid="calcium-hint">
            {hint}
          </p>
        ) : (
          <p className="vw-muted" data-testid="calcium-instruction">
            {instructionOf(state)}
          </p>
        )}
        {tool === 'brush' && <BrushOptions state={state} session={session} />}
      </div>
    );
  },
  'tool',
  'history',
  'hint',
  'brush',
  'activeLabel',
);

function instructionOf({ tool, activeLabel }: CalciumState): string {
  const target = activeLabel ?? 'nothing';
  const assigns =
    activeLabel === 'excluded' ? 'excludes it' : activeLabel ? `assigns it to ${activeLabel}` : 'clears it';
  switch (tool) {
    case 'assign':
      return `A click on a lesion, in all its slices, ${assigns}.`;
    case 'split':
      return 'Draw a line across a lesion in the axial view: it is cut in all its slices. Then click its parts.';
    case 'brush':
      return activeLabel === 'excluded'
        ? 'Paint over calcium in the axial view: it is excluded.'
        : `Paint over calcium in the axial view: it goes to ${target}.`;
    case 'heart-ellipse':
      return 'Drag an ellipse around the heart in the axial view, or move its handles. Only calcium inside counts.';
    case 'heart-freehand':
      return 'Draw around the heart in the axial view. Only calcium inside counts.';
    case 'calibration-insert':
      return 'Drag an ellipse in the insert of known density, away from its rim; its numbers are under Mass.';
    case 'calibration-water':
      return 'Drag an ellipse in water, or in what stands for it; its numbers are under Mass.';
  }
}

function BrushOptions({ state, session }: { state: CalciumState; session: CalciumSession }) {
  const { radiusMm, reachSlices } = state.brush;
  const [smallest, largest] = BRUSH_RADII_MM;
  return (
    <div className="vw-options">
      <label>
        <span>Radius {radiusMm.toFixed(1)} mm</span>
        <input
          type="range"
          min={smallest}
          max={largest}
          step={0.5}
          value={radiusMm}
          data-testid="calcium-brush-radius"
          onChange={event => session.setBrush({ radiusMm: event.target.valueAsNumber })}
        />
      </label>
      <label>
        <span>Slices</span>
        <select
          value={reachSlices}
          data-testid="calcium-brush-reach"
          onChange={event => session.setBrush({ reachSlices: Number(event.target.value) })}
        >
          {REACHES.map(reach => (
            <option key={reach} value={reach}>
              {reach === 0 ? 'this one' : `± ${reach}`}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
