import type { PerfusionSession } from '../session/perfusion-session.ts';
import type { Tool } from '../session/state.ts';
import { usePart } from './use-part.ts';

const TOOLS: readonly { readonly tool: Tool; readonly name: string; readonly key: string; readonly title: string }[] = [
  { tool: 'curve', name: 'Point', key: 'Esc', title: 'A click shows the curve and the values of a voxel' },
  { tool: 'aif', name: 'AIF', key: 'A', title: 'A click chooses the arterial input' },
  { tool: 'vof', name: 'VOF', key: 'V', title: 'A click chooses the venous output' },
  { tool: 'ellipse', name: 'Ellipse', key: 'E', title: 'Drag an ellipse: a region with statistics of every map' },
  { tool: 'polygon', name: 'Free', key: 'F', title: 'Draw around a region free-hand' },
];

/** What the primary button does in the views; undo and redo. */
export function ToolBar({ session }: { readonly session: PerfusionSession }) {
  const tool = usePart(session, 'tool');
  const { past, future } = usePart(session, 'history');
  const hint = usePart(session, 'hint');
  return (
    <div className="vw-tools">
      <div className="vw-tool-row">
        <div className="vw-tool-buttons">
          {TOOLS.map(({ tool: one, name, key, title }) => (
            <button
              key={one}
              type="button"
              className="vw-button"
              aria-pressed={one === tool}
              title={`${title} (${key})`}
              data-testid={`perfusion-tool-${one}`}
              onClick={() => session.chooseTool(one)}
            >
              <span>{name}</span>
              <kbd>{key}</kbd>
            </button>
          ))}
        </div>
        <div className="vw-history">
          <button
            type="button"
            className="vw-button"
            disabled={past.length === 0}
            title="Undo (Ctrl+Z)"
            aria-label="Undo"
            data-testid="perfusion-undo"
            onClick={session.undo}
          >
            ↶
          </button>
          <button
            type="button"
            className="vw-button"
            disabled={future.length === 0}
            title="Redo (Ctrl+Shift+Z)"
            aria-label="Redo"
            data-testid="perfusion-redo"
            onClick={session.redo}
          >
            ↷
          </button>
        </div>
      </div>
      {hint && (
        <p className="vw-hint" role="status" data-testid="perfusion-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
