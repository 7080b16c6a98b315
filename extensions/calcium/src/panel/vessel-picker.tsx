import { VESSELS, type Vessel } from '../core/index.ts';
import { VESSEL_COLORS } from '../results/vessel-colors.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import type { CalciumState } from '../session/state.ts';

/** What a click can assign, with its key: a vessel, or none. */
const CHOICES: readonly { readonly vessel: Vessel | null; readonly label: string; readonly key: number }[] = [
  ...VESSELS.map((vessel, index) => ({ vessel, label: vessel, key: index + 1 })),
  { vessel: null, label: 'Clear', key: 0 },
];

/** Arrow keys move through radio buttons, and only the chosen one is in the tab order. */
function moveChoice(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const index = buttons.indexOf(event.target as HTMLButtonElement);
  const next = buttons[(index + step + buttons.length) % buttons.length];
  next?.focus();
  next?.click();
  // The host scrolls through slices with the same keys.
  event.preventDefault();
  event.stopPropagation();
}

/** The vessel that the next click assigns, with undo and redo. */
export function VesselPicker({ state, session }: { state: CalciumState; session: CalciumSession }) {
  const { activeVessel, assignments, undone } = state;
  return (
    <div className="vw-picker">
      <span className="vw-label">Clicking a lesion assigns it to</span>
      <div className="vw-vessels" role="radiogroup" aria-label="Active vessel" onKeyDown={moveChoice}>
        {CHOICES.map(({ vessel, label, key }) => (
          // biome-ignore lint/a11y/useSemanticElements: a row of buttons that act like radio buttons, also by keys 0 to 4
          <button
            key={key}
            type="button"
            role="radio"
            aria-checked={activeVessel === vessel}
            tabIndex={activeVessel === vessel ? 0 : -1}
            data-testid={`calcium-vessel-${vessel ?? 'none'}`}
            style={vessel ? ({ '--vessel': VESSEL_COLORS[vessel] } as React.CSSProperties) : undefined}
            onClick={() => session.setActiveVessel(vessel)}
          >
            {label}
            <kbd>{key}</kbd>
          </button>
        ))}
      </div>
      <div className="vw-history">
        <button
          type="button"
          className="vw-button"
          disabled={assignments.length === 0}
          title="Undo the last assignment (Ctrl+Z)"
          data-testid="calcium-undo"
          onClick={session.undo}
        >
          Undo
        </button>
        <button
          type="button"
          className="vw-button"
          disabled={undone.length === 0}
          title="Redo (Ctrl+Shift+Z)"
          data-testid="calcium-redo"
          onClick={session.redo}
        >
          Redo
        </button>
      </div>
    </div>
  );
}
