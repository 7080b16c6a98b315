import { type Label, VESSELS } from '../core/index.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import { colorOf } from '../session/label-colors.ts';
import type { CalciumState } from '../session/state.ts';
import { dependsOn } from './depends-on.ts';

/** What a click or a brush stroke can say of calcium, with its key. */
const CHOICES: readonly { readonly label: Label | null; readonly text: string; readonly key: string }[] = [
  ...VESSELS.map((vessel, index) => ({ label: vessel, text: vessel, key: String(index + 1) })),
  { label: 'excluded', text: 'Exclude', key: 'E' },
  { label: null, text: 'Clear', key: '0' },
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

/** The label that the next click or stroke gives. */
export const LabelPicker = dependsOn(
  function LabelPicker({ state, session }: { state: CalciumState; session: CalciumSession }) {
    const { activeLabel, tool } = state;
    return (
      <div className="vw-labels" role="radiogroup" aria-label="Active label" onKeyDown={moveChoice}>
        {CHOICES.map(({ label, text, key }) => (
          // biome-ignore lint/a11y/useSemanticElements: a row of buttons that act like radio buttons, also by their keys
          <button
            key={key}
            type="button"
            role="radio"
            aria-checked={activeLabel === label}
            tabIndex={activeLabel === label ? 0 : -1}
            title={`${tool === 'brush' ? 'A stroke' : 'A click'} ${actionOf(label)} (${key})`}
            data-testid={`calcium-vessel-${label ?? 'none'}`}
            style={{ '--vessel': label ? colorOf(label) : 'var(--vw-muted)' } as React.CSSProperties}
            onClick={() => session.setActiveLabel(label)}
          >
            {text}
            <kbd>{key}</kbd>
          </button>
        ))}
      </div>
    );
  },
  'activeLabel',
  'tool',
);

function actionOf(label: Label | null): string {
  if (label === null) return 'takes the label away';
  return label === 'excluded' ? 'excludes: not coronary' : `assigns to ${label}`;
}
