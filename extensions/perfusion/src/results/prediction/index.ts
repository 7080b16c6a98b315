/** Results as predictions of the data service: for the viewer, and not for the command line, which has none. */

export { perfusionConventions, perfusionPayload, perfusionPayloadKey } from './perfusion-payload.ts';
export type { PredictedSeries } from './perfusion-prediction.ts';
export { ALGORITHM, perfusionAttachments, perfusionPrediction } from './perfusion-prediction.ts';
