import type { Host } from '@voxelwise/host';
import { type Confirmation, createConfirmation, type Records } from '@voxelwise/records';
import {
  perfusionAttachments,
  perfusionConventions,
  perfusionPayload,
  perfusionPayloadKey,
  perfusionPrediction,
} from '../results/prediction/index.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { basisOfResult, resultOnScreen } from './result-on-screen.ts';
import { isSettled } from './state.ts';

/** UIDs of the study and of the series that maps are computed of. */
export function imageUidsOf({ instances }: PerfusionSeries): { studyUid: string; seriesUid: string } {
  const [{ StudyInstanceUID, SeriesInstanceUID } = {}] = instances;
  return { studyUid: String(StudyInstanceUID), seriesUid: String(SeriesInstanceUID) };
}

/** What is on the screen, as the data service takes it. @throws Error with a clause where there is no result */
export function recordOnScreen(session: PerfusionSession) {
  const shown = resultOnScreen(session);
  return { ...shown, payload: perfusionPayload(shown.result), conventions: perfusionConventions(shown.result) };
}

/** The reader's word that a perfusion result is final. */
export function perfusionConfirmation(host: Host, session: PerfusionSession, records: Records): Confirmation {
  return createConfirmation(records, {
    of: { kind: 'perfusion', payloadKey: perfusionPayloadKey },
    noun: 'result',
    algorithmOf: ({ result }) => result.software,
    subscribe: session.subscribe,
    series: session.currentSeries,
    imageUids: imageUidsOf,
    basisOfResult: () => basisOfResult(session.getState()),
    isSettled: () => isSettled(session.getState()),
    result: () => recordOnScreen(session),
    titleOf: ({ payload: { coreVolumeMl, hypoperfusedVolumeMl } }) =>
      `Perfusion: core ${inMl(coreVolumeMl)}, hypoperfusion ${inMl(hypoperfusedVolumeMl)}`,
    attachmentsOf: ({ result }) => perfusionAttachments(result),
    predictionOf: ({ result, series }, attachments) =>
      perfusionPrediction(
        result,
        { instances: series.source.frames.map(({ instance }) => instance), voxels: series.volume.voxels },
        host,
        attachments,
      ),
  });
}

function inMl(volumeMl: number | null): string {
  return volumeMl === null ? 'not measured' : `${volumeMl.toFixed(1)} mL`;
}
