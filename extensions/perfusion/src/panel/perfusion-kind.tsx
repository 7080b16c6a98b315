import { reasonOf } from '@voxelwise/host';
import {
  type Correction,
  conventionsKey,
  type KindView,
  type PerfusionPayload,
  type PredictionRecord,
} from '@voxelwise/records';
import { perfusionAttachments } from '../results/prediction/index.ts';
import { imageUidsOf, recordOnScreen } from '../session/perfusion-confirmation.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { CorrectionForm } from './correction-form.tsx';

/** How perfusion results look in the records panel, and how they are corrected. */
export function perfusionKind(session: PerfusionSession): KindView<PerfusionPayload> {
  return {
    kind: 'perfusion',
    name: 'Perfusion',
    headline: ({ coreVolumeMl, hypoperfusedVolumeMl }) =>
      `core ${inMl(coreVolumeMl)}, hypoperfusion ${inMl(hypoperfusedVolumeMl)}`,
    Comparison,
    CorrectionForm,
    fromScreen: record => correctionFromScreen(session, record),
  };
}

/** @throws Error with a sentence for the reader where what is on the screen is none of the record */
async function correctionFromScreen(
  session: PerfusionSession,
  record: PredictionRecord,
): Promise<Correction<PerfusionPayload>> {
  const series = session.currentSeries();
  if (!series || record.image.seriesUid !== imageUidsOf(series).seriesUid) {
    throw new Error('The record is of another series than the one on the screen.');
  }
  let shown: ReturnType<typeof recordOnScreen>;
  try {
    shown = recordOnScreen(session);
  } catch (error) {
    throw new Error(`Nothing can be taken from the screen: ${reasonOf(error)}.`);
  }
  if (conventionsKey(shown.conventions) !== conventionsKey(record.conventions)) {
    throw new Error('The result on the screen rests on other settings than the record: choose the same ones first.');
  }
  return { payload: shown.payload, attachments: await perfusionAttachments(shown.result) };
}

interface ComparisonProps {
  readonly payload: PerfusionPayload;
  readonly correction: PerfusionPayload | null;
}

/** The volumes of a result, beside those of a correction; then the regions, whose means nobody types over. */
function Comparison({ payload, correction }: ComparisonProps) {
  const rows = [
    ['Core', (one: PerfusionPayload) => one.coreVolumeMl],
    ['Hypoperfusion', (one: PerfusionPayload) => one.hypoperfusedVolumeMl],
    ['Mismatch', mismatchOf],
  ] as const;
  return (
    <>
      <table className="vw-records-table" data-testid="records-perfusion-table">
        <thead>
          <tr>
            <th scope="col">Volume, mL</th>
            <th scope="col">{correction ? 'Predicted' : 'Result'}</th>
            {correction && (
              <>
                <th scope="col">Corrected</th>
                <th scope="col">Change</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{shown(of(payload))}</td>
              {correction && (
                <>
                  <td>{shown(of(correction))}</td>
                  <td>{changeOf(of(payload), of(correction))}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {payload.regions.length > 0 && (
        <table className="vw-records-table">
          <thead>
            <tr>
              <th scope="col">Region</th>
              <th scope="col">Map</th>
              <th scope="col">Mean</th>
            </tr>
          </thead>
          <tbody>
            {payload.regions.map(({ label, map, mean, unit }) => (
              <tr key={`${label} ${map}`}>
                <th scope="row">{label}</th>
                <td>{map}</td>
                <td>
                  {mean.toFixed(2)} {unit}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function mismatchOf({ coreVolumeMl, hypoperfusedVolumeMl }: PerfusionPayload): number | null {
  return coreVolumeMl === null || hypoperfusedVolumeMl === null ? null : hypoperfusedVolumeMl - coreVolumeMl;
}

function changeOf(before: number | null, after: number | null): string {
  if (before === null || after === null) return '–';
  const change = after - before;
  return Math.abs(change) < 0.05 ? '0' : `${change > 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}`;
}

function shown(volumeMl: number | null): string {
  return volumeMl === null ? '–' : volumeMl.toFixed(1);
}

function inMl(volumeMl: number | null): string {
  return volumeMl === null ? 'not measured' : `${volumeMl.toFixed(1)} mL`;
}
