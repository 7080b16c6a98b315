import { reasonOf } from '@voxelwise/host';
import {
  type CalciumPayload,
  type Correction,
  conventionsKey,
  type KindView,
  type PredictionRecord,
} from '@voxelwise/records';
import { formatAgatston, formatMass, formatTotalAgatston, formatVolume } from '../results/format.ts';
import { VESSEL_COLORS } from '../results/vessel-colors.ts';
import { isOfSeries } from '../session/calcium-confirmation.ts';
import { attachmentsOf, scoreOnScreen } from '../session/calcium-record.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import { CorrectionForm } from './correction-form.tsx';

/** How calcium scores look in the records panel, and how they are corrected. */
export function calciumKind(session: CalciumSession): KindView<CalciumPayload> {
  return {
    kind: 'calcium',
    name: 'Calcium score',
    headline: ({ agatston }) => formatTotalAgatston(agatston),
    Comparison,
    CorrectionForm,
    fromScreen: record => correctionFromScreen(session, record),
  };
}

/** @throws Error with a sentence for the reader where what is on the screen is none of the record */
async function correctionFromScreen(
  session: CalciumSession,
  record: PredictionRecord,
): Promise<Correction<CalciumPayload>> {
  const series = session.currentSeries();
  if (!series || !isOfSeries(record, series)) {
    throw new Error('The record is of another series than the one that is scored on the screen.');
  }
  let score: ReturnType<typeof scoreOnScreen>;
  try {
    score = scoreOnScreen(session);
  } catch (error) {
    throw new Error(`Nothing can be taken from the screen: ${reasonOf(error)}.`);
  }
  if (conventionsKey(score.conventions) !== conventionsKey(record.conventions)) {
    throw new Error('The score on the screen rests on another convention than the record: choose the same one first.');
  }
  return { payload: score.payload, attachments: await attachmentsOf(score) };
}

interface ComparisonProps {
  readonly payload: CalciumPayload;
  readonly correction: CalciumPayload | null;
}

/** The vessels of a score; beside a correction the Agatston scores of both, as numbers and as bars. */
function Comparison({ payload, correction }: ComparisonProps) {
  const hasMass = payload.massMg !== null && correction === null;
  return (
    <>
      <table className="vw-records-table" data-testid="records-calcium-table">
        <thead>
          <tr>
            <th scope="col">Vessel</th>
            <th scope="col">{correction ? 'Predicted' : 'Agatston'}</th>
            {correction ? (
              <>
                <th scope="col">Corrected</th>
                <th scope="col">Change</th>
              </>
            ) : (
              <>
                <th scope="col">Lesions</th>
                <th scope="col">Volume, mm³</th>
                {hasMass && <th scope="col">Mass, mg</th>}
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {payload.vessels.map(row => (
            <Row
              key={row.vessel}
              name={row.vessel}
              score={row}
              corrected={correction && (correction.vessels.find(({ vessel }) => vessel === row.vessel) ?? null)}
              hasMass={hasMass}
            />
          ))}
        </tbody>
        <tfoot>
          <Row name="Total" score={payload} corrected={correction} hasMass={hasMass} />
        </tfoot>
      </table>
      {correction && (
        <figure className="vw-records-figure">
          <Bars payload={payload} correction={correction} />
          <figcaption className="vw-records-muted">Filled: predicted. Outlined: corrected.</figcaption>
        </figure>
      )}
    </>
  );
}

type OneScore = Pick<CalciumPayload, 'agatston' | 'volumeMm3' | 'massMg' | 'lesions'>;

function Row({
  name,
  score,
  corrected,
  hasMass,
}: {
  readonly name: string;
  readonly score: OneScore;
  readonly corrected: OneScore | null;
  readonly hasMass: boolean;
}) {
  const change = corrected ? corrected.agatston - score.agatston : 0;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{formatAgatston(score.agatston)}</td>
      {corrected ? (
        <>
          <td>{formatAgatston(corrected.agatston)}</td>
          <td>{change === 0 ? '0' : `${change > 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}`}</td>
        </>
      ) : (
        <>
          <td>{score.lesions}</td>
          <td>{formatVolume(score.volumeMm3)}</td>
          {hasMass && <td>{formatMass(score.massMg)}</td>}
        </>
      )}
    </tr>
  );
}

const BAR_HEIGHT = 7;
const ROW_HEIGHT = 22;
const LABEL_WIDTH = 34;
const PLOT_WIDTH = 260;

/** Two bars per vessel on one scale: above the prediction, hollow below what it should be. */
function Bars({ payload, correction }: { readonly payload: CalciumPayload; readonly correction: CalciumPayload }) {
  const rows = payload.vessels.map(({ vessel, agatston }) => ({
    vessel,
    predicted: agatston,
    corrected: correction.vessels.find(one => one.vessel === vessel)?.agatston ?? 0,
  }));
  const most = Math.max(1e-9, ...rows.flatMap(({ predicted, corrected }) => [predicted, corrected]));
  const width = (value: number) => (value / most) * (PLOT_WIDTH - LABEL_WIDTH - 2);
  const inWords = rows.map(
    ({ vessel, predicted, corrected }) => `${vessel} ${formatAgatston(predicted)}, then ${formatAgatston(corrected)}`,
  );
  return (
    <svg
      className="vw-records-bars"
      viewBox={`0 0 ${PLOT_WIDTH} ${rows.length * ROW_HEIGHT}`}
      role="img"
      aria-label={`Agatston scores, predicted and corrected: ${inWords.join('; ')}`}
    >
      {rows.map(({ vessel, predicted, corrected }, index) => {
        const top = index * ROW_HEIGHT + 2;
        const color = VESSEL_COLORS[vessel];
        return (
          <g key={vessel}>
            <text x={0} y={top + BAR_HEIGHT + 4} fill="currentColor" fontSize={11}>
              {vessel}
            </text>
            <rect x={LABEL_WIDTH} y={top} width={width(predicted)} height={BAR_HEIGHT} fill={color} />
            <rect
              x={LABEL_WIDTH + 0.5}
              y={top + BAR_HEIGHT + 2}
              width={width(corrected)}
              height={BAR_HEIGHT}
              fill="none"
              stroke={color}
            />
          </g>
        );
      })}
    </svg>
  );
}
