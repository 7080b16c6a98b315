import type { ReactNode } from 'react';
import { BELOW_WEIGHTS_NOTE, type Interpretation, isBelowWeights } from '../core/index.ts';
import { formatAgatston, formatMass, formatTotalAgatston, formatVolume } from '../results/format.ts';
import { VESSEL_COLORS } from '../results/vessel-colors.ts';
import type { ScoreTable } from '../session/state.ts';

interface Props {
  readonly table: ScoreTable;
  readonly zeroConfirmed: boolean;
  readonly onConfirmZero: (confirmed: boolean) => void;
  /** Said beside the score. */
  readonly children?: ReactNode;
}

/** Total and category, then the table of vessels. */
export function ScoreCard({ table, zeroConfirmed, onConfirmZero, children }: Props) {
  const { rows, total, totalMass, interpretation } = table;
  const hasMass = totalMass.massMg !== null;
  return (
    <div className="vw-card">
      <div className="vw-total">
        <div>
          <span className="vw-label">Agatston score</span>
          <output className="vw-score" data-testid="calcium-total" data-value={total.agatston}>
            {interpretation ? formatTotalAgatston(total.agatston) : '–'}
          </output>
        </div>
        {interpretation && (
          <div className="vw-category" data-category={interpretation.category.id} data-testid="calcium-category">
            <strong>{interpretation.category.label}</strong>
            <span>{interpretation.category.range}</span>
          </div>
        )}
      </div>
      {children}
      {interpretation && <Flags interpretation={interpretation} />}
      {isBelowWeights(total) && (
        <p className="vw-flag" role="status" data-testid="calcium-below-weights">
          {BELOW_WEIGHTS_NOTE}
        </p>
      )}
      {total.lesions === 0 && (
        <div className="vw-hint">
          <p>No lesion is assigned yet. Click a tinted lesion in the axial view, or one in the list.</p>
          <label>
            <input
              type="checkbox"
              checked={zeroConfirmed}
              data-testid="calcium-confirm-zero"
              onChange={event => onConfirmZero(event.target.checked)}
            />
            I have looked: no coronary calcium
          </label>
        </div>
      )}
      <table className="vw-table" data-testid="calcium-table">
        <thead>
          <tr>
            <th scope="col">Vessel</th>
            <th scope="col">Lesions</th>
            <th scope="col">Agatston</th>
            <th scope="col">Volume, mm³</th>
            {hasMass && <th scope="col">Mass, mg</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ vessel, score, mass }) => (
            <tr key={vessel} data-vessel={vessel} className={score.lesions === 0 ? 'vw-zero' : undefined}>
              <th scope="row">
                <i className="vw-chip" style={{ background: VESSEL_COLORS[vessel] }} />
                {vessel}
              </th>
              <td>{score.lesions}</td>
              <td data-value={score.agatston}>{formatAgatston(score.agatston)}</td>
              <td data-value={score.volumeMm3}>{formatVolume(score.volumeMm3)}</td>
              {hasMass && <MassCell massMg={mass.massMg} />}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-vessel="total">
            <th scope="row">Total</th>
            <td>{total.lesions}</td>
            <td data-value={total.agatston}>{formatAgatston(total.agatston)}</td>
            <td data-value={total.volumeMm3}>{formatVolume(total.volumeMm3)}</td>
            {hasMass && <MassCell massMg={totalMass.massMg} />}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** What a reader must not miss beside the category. */
function Flags({ interpretation: { isVeryHigh, hasLeftMain, note } }: { interpretation: Interpretation }) {
  return (
    <>
      {(isVeryHigh || hasLeftMain) && (
        <div className="vw-flags">
          {isVeryHigh && (
            <span className="vw-flag" data-testid="calcium-very-high">
              Very high: above 1000
            </span>
          )}
          {hasLeftMain && (
            <span
              className="vw-flag"
              style={{ '--flag': VESSEL_COLORS.LM } as React.CSSProperties}
              data-testid="calcium-left-main"
            >
              Left main involved
            </span>
          )}
        </div>
      )}
      {note && (
        <p className="vw-muted" data-testid="calcium-low-score-note">
          {note}
        </p>
      )}
    </>
  );
}

function MassCell({ massMg }: { massMg: number | null }) {
  return <td data-value={massMg}>{formatMass(massMg)}</td>;
}
