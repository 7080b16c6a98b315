import { useState } from 'react';
import { LARGE_STRUCTURE_MM3, type LabeledLesions } from '../core/index.ts';
import { formatRowAgatston, formatRowVolume } from '../results/format.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import { colorOf } from '../session/label-colors.ts';
import { type CalciumState, type SortedParts, scorePart } from '../session/state.ts';
import { dependsOn } from './depends-on.ts';

/** Rows shown at first and added per click: a scan can have a thousand candidates, a reader looks at the top ones. */
const PAGE = 10;
const FOLDED_ROWS = 20;

interface ListProps {
  readonly state: CalciumState;
  readonly session: CalciumSession;
  /** Of the state's lesions. */
  readonly parts: SortedParts;
}

/** Every candidate: assigned ones first, then by score. Choosing a row gives it the active label and shows its slice. */
export const LesionList = dependsOn(
  function LesionList({ state, session, parts }: ListProps) {
    const { labeled, selectedPart } = state;
    const [shown, setShown] = useState(PAGE);
    const { candidates, excluded, largeStructures } = parts;
    if (!labeled) return null;

    const rowOf = (part: number) => (
      <LesionRow
        key={part}
        labeled={labeled}
        part={part}
        isSelected={part === selectedPart}
        onChoose={() => {
          session.choosePart(part);
          session.showPart(part);
        }}
        onShow={() => session.showPart(part)}
      />
    );

    return (
      <div className="vw-lesions">
        {candidates.length === 0 && (
          <p className="vw-empty">No voxel group reaches the threshold and the minimum size.</p>
        )}
        <ul data-testid="calcium-lesions">{candidates.slice(0, shown).map(rowOf)}</ul>
        {candidates.length > shown && (
          <button type="button" className="vw-button vw-more" onClick={() => setShown(shown + PAGE)}>
            {candidates.length - shown <= PAGE
              ? `Show all ${candidates.length}`
              : `Show ${PAGE} more of ${candidates.length}`}
          </button>
        )}
        <Folded name={`${excluded.length} excluded`} parts={excluded} rowOf={rowOf} />
        <Folded
          name={`${largeStructures.length} large ${largeStructures.length === 1 ? 'structure' : 'structures'} (bone)`}
          hint={`Larger than ${LARGE_STRUCTURE_MM3} mm³: nearly always bone`}
          parts={largeStructures}
          rowOf={rowOf}
        />
      </div>
    );
  },
  'labeled',
  'selectedPart',
);

interface FoldedProps {
  readonly name: string;
  readonly hint?: string;
  readonly parts: readonly number[];
  readonly rowOf: (part: number) => React.ReactNode;
}

/** Rows that are rarely looked at. */
function Folded({ name, hint, parts, rowOf }: FoldedProps) {
  const [isOpen, setOpen] = useState(false);
  if (parts.length === 0) return null;
  return (
    <>
      <button
        type="button"
        className="vw-button vw-more"
        aria-expanded={isOpen}
        title={hint}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Hide' : 'Show'} {name}
      </button>
      {isOpen && <ul>{parts.slice(0, FOLDED_ROWS).map(rowOf)}</ul>}
      {isOpen && parts.length > FOLDED_ROWS && (
        <p className="vw-muted">and {parts.length - FOLDED_ROWS} more with a lower score</p>
      )}
    </>
  );
}

interface RowProps {
  readonly labeled: LabeledLesions;
  readonly part: number;
  readonly isSelected: boolean;
  readonly onChoose: () => void;
  readonly onShow: () => void;
}

function LesionRow({ labeled, part, isSelected, onChoose, onShow }: RowProps) {
  const { agatston, volumeMm3 } = scorePart(labeled, part);
  const { label: labels, peakHu, firstSlice, lastSlice } = labeled.parts;
  const label = labels[part] ?? null;
  const slices = lastSlice[part]! - firstSlice[part]! + 1;
  return (
    <li className={isSelected ? 'vw-selected' : undefined} data-lesion={part} data-vessel={label ?? ''}>
      <button type="button" className="vw-row" onClick={onChoose} title="Give it the active label and show it">
        <i className="vw-chip" style={{ background: colorOf(label) }} />
        <span className="vw-row-vessel">{label === 'excluded' ? '×' : (label ?? '–')}</span>
        <span className="vw-row-score">{formatRowAgatston(agatston)}</span>
        <span className="vw-row-volume">{formatRowVolume(volumeMm3)}</span>
        <span className="vw-row-peak">{Math.round(peakHu[part]!)} HU</span>
        <span className="vw-row-slices" title={slices === 1 ? 'in one slice' : `in ${slices} slices`}>
          {slices} sl
        </span>
      </button>
      <button type="button" className="vw-show" onClick={onShow} aria-label="Show the slice without assigning">
        Show
      </button>
    </li>
  );
}
