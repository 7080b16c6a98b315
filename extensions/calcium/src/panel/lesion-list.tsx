import { useMemo, useState } from 'react';
import { LARGE_STRUCTURE_MM3, type LesionSet, scoreLesion, type Vessel } from '../core/index.ts';
import { formatAgatston, formatVolume } from '../results/format.ts';
import { CANDIDATE_COLOR, VESSEL_COLORS } from '../results/vessel-colors.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import { type CalciumState, sortedLesions } from '../session/state.ts';

/** Rows shown at first and added per click: a scan can have a thousand candidates, a reader looks at the top ones. */
const PAGE = 10;

/** Every candidate: assigned ones first, then by score. Choosing a row assigns it and shows its slice. */
export function LesionList({ state, session }: { state: CalciumState; session: CalciumSession }) {
  const { lesionSet, vessels, selectedLesion } = state;
  const [shown, setShown] = useState(PAGE);
  const [showLarge, setShowLarge] = useState(false);
  const { candidates, largeStructures } = useMemo(() => sortedLesions({ lesionSet, vessels }), [lesionSet, vessels]);
  if (!lesionSet) return null;

  const rowOf = (lesion: number) => (
    <LesionRow
      key={lesion}
      set={lesionSet}
      lesion={lesion}
      vessel={vessels[lesion] ?? null}
      isSelected={lesion === selectedLesion}
      onChoose={() => {
        session.chooseLesion(lesion);
        session.showLesion(lesion);
      }}
      onShow={() => session.showLesion(lesion)}
    />
  );

  return (
    <div className="vw-lesions">
      <div className="vw-list-head">
        <span className="vw-label">Lesion candidates</span>
        <span className="vw-muted" data-testid="calcium-candidate-count">
          {candidates.length + largeStructures.length}
        </span>
      </div>
      {candidates.length === 0 && (
        <p className="vw-empty">No voxel group reaches the threshold and the minimum size.</p>
      )}
      <ul data-testid="calcium-lesions">{candidates.slice(0, shown).map(rowOf)}</ul>
      {candidates.length > shown && (
        <button type="button" className="vw-button vw-more" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, candidates.length - shown)} more of {candidates.length - shown}
        </button>
      )}
      {largeStructures.length > 0 && (
        <>
          <button
            type="button"
            className="vw-button vw-more"
            aria-expanded={showLarge}
            title={`Larger than ${LARGE_STRUCTURE_MM3} mm³: nearly always bone`}
            onClick={() => setShowLarge(!showLarge)}
          >
            {showLarge ? 'Hide' : 'Show'} {largeStructures.length} large{' '}
            {largeStructures.length === 1 ? 'structure' : 'structures'} (bone)
          </button>
          {showLarge && <ul>{largeStructures.slice(0, PAGE).map(rowOf)}</ul>}
        </>
      )}
    </div>
  );
}

interface RowProps {
  readonly set: LesionSet;
  readonly lesion: number;
  readonly vessel: Vessel | null;
  readonly isSelected: boolean;
  readonly onChoose: () => void;
  readonly onShow: () => void;
}

function LesionRow({ set, lesion, vessel, isSelected, onChoose, onShow }: RowProps) {
  const { agatston, volumeMm3 } = scoreLesion(set, lesion);
  const peakHu = Math.round(set.lesions.peakHu[lesion]!);
  return (
    <li className={isSelected ? 'vw-selected' : undefined} data-lesion={lesion} data-vessel={vessel ?? ''}>
      <button type="button" className="vw-row" onClick={onChoose} title="Assign to the active vessel and show">
        <i className="vw-chip" style={{ background: vessel ? VESSEL_COLORS[vessel] : CANDIDATE_COLOR }} />
        <span className="vw-row-vessel">{vessel ?? '–'}</span>
        <span className="vw-row-score">{formatAgatston(agatston)}</span>
        <span className="vw-row-volume">{formatVolume(volumeMm3)} mm³</span>
        <span className="vw-row-peak">{peakHu} HU</span>
      </button>
      <button type="button" className="vw-show" onClick={onShow} aria-label="Show the slice without assigning">
        Show
      </button>
    </li>
  );
}
