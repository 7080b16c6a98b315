/** The viewer's side of the data service. The default export is the extension for OHIF; the rest is for clinical extensions. */

export { basisKey, conventionsKey } from './basis-key.ts';
export { ServiceError } from './client/service-error.ts';
export { ConfirmButton, ConfirmedNotice } from './confirmation/confirm-button.tsx';
export type { Confirmation, ConfirmationState, ConfirmedSession, ResultOnScreen } from './confirmation/confirmation.ts';
export { createConfirmation, isLogged } from './confirmation/confirmation.ts';
export type { ImageUids, ResultKind } from './confirmation/filed-results.ts';
export type {
  CalciumPayload,
  Conventions,
  Kind,
  ObjectReference,
  PerfusionPayload,
  PredictionInput,
  PredictionRecord,
  Provenance,
  Review,
  ReviewInput,
} from './contract.ts';
export { ageBandOf, MASK_MEDIA_TYPE } from './contract.ts';
export { sha256Of } from './digest.ts';
export { EXTENSION_ID, extension as default, PANEL_ID } from './extension.ts';
export type { Correction, KindView } from './kinds.ts';
export { registerKind } from './kinds.ts';
export { labelOf } from './label-text.ts';
export { newId } from './new-id.ts';
export type { Attachment, Entry } from './outbox/entry.ts';
export { referenceOf } from './outbox/reference.ts';
export { packedMask } from './packed-mask.ts';
export { recordedScanner, recordedSubject } from './recorded-image.ts';
export type { RecordedRun } from './recorded-provenance.ts';
export { recordedProvenance } from './recorded-provenance.ts';
export type { NewRecord, Records, RecordsState } from './records.ts';
export { entriesOfStudy, recordsOf } from './records.ts';
export { RecordsStatus } from './status/records-status.tsx';
