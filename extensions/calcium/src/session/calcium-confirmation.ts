import type { Host } from '@voxelwise/host';
import { type Confirmation, createConfirmation, type PredictionRecord, type Records } from '@voxelwise/records';
import { formatTotalAgatston } from '../results/format.ts';
import { payloadKey } from './calcium-payload.ts';
import { ALGORITHM, attachmentsOf, imageUidsOf, predictionOf, scoreOnScreen } from './calcium-record.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { isSettled } from './state.ts';

/** The reader's word that a calcium score is final. */
export function calciumConfirmation(host: Host, session: CalciumSession, records: Records): Confirmation {
  return createConfirmation(records, {
    of: { kind: 'calcium', payloadKey },
    noun: 'score',
    algorithmOf: () => ALGORITHM,
    subscribe: session.subscribe,
    series: session.currentSeries,
    imageUids: imageUidsOf,
    basisOfResult() {
      const { labeled, calibration, zeroConfirmed, preview, scoring, scoredWith } = session.getState();
      return [labeled, calibration, zeroConfirmed, preview, scoring, scoredWith];
    },
    isSettled: () => isSettled(session.getState()),
    result: () => scoreOnScreen(session),
    titleOf: ({ payload }) => `Calcium score ${formatTotalAgatston(payload.agatston)}`,
    attachmentsOf,
    predictionOf: (score, attachments) => predictionOf(score, host, attachments),
  });
}

/** True for records of the series that is on the screen. */
export function isOfSeries({ image }: Pick<PredictionRecord, 'image'>, series: CtSeries): boolean {
  return image.seriesUid === imageUidsOf(series).seriesUid;
}
