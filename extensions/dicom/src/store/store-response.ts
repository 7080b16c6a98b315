import { itemsOf, numberOf, parseDatasets, textOf } from './dicom-json.ts';

// The Store Instances Response (PS3.18 annex I) in DICOM JSON. XML, which archives answer when they ignore the Accept
// header, is not read: the status alone counts then.

/** What the response says of the objects, by SOP Instance UID. */
export interface StoreResponse {
  /** Stored, with the Warning Reason where there is one. */
  readonly stored: ReadonlyMap<string, number | undefined>;
  /** Refused, with the Failure Reason where there is one. */
  readonly failed: ReadonlyMap<string, number | undefined>;
  /** Failure Reasons of objects that the archive could not name. */
  readonly unnamedFailures: readonly number[];
}

const REFERENCED_SOP_SEQUENCE = '00081199';
const FAILED_SOP_SEQUENCE = '00081198';
const OTHER_FAILURES_SEQUENCE = '0008119A';
const REFERENCED_SOP_INSTANCE_UID = '00081155';
const WARNING_REASON = '00081196';
const FAILURE_REASON = '00081197';

/** Reads a response body; null when it is not a Store Instances Response in DICOM JSON. */
export function parseStoreResponse(bytes: Uint8Array): StoreResponse | null {
  const [dataset] = parseDatasets(bytes) ?? [];
  if (
    !dataset ||
    ![REFERENCED_SOP_SEQUENCE, FAILED_SOP_SEQUENCE, OTHER_FAILURES_SEQUENCE].some(tag => tag in dataset)
  ) {
    return null;
  }
  const byUid = (sequence: string, reason: string) =>
    new Map(
      itemsOf(dataset, sequence).map(item => [textOf(item, REFERENCED_SOP_INSTANCE_UID), numberOf(item, reason)]),
    );
  return {
    stored: byUid(REFERENCED_SOP_SEQUENCE, WARNING_REASON),
    failed: byUid(FAILED_SOP_SEQUENCE, FAILURE_REASON),
    unnamedFailures: itemsOf(dataset, OTHER_FAILURES_SEQUENCE).map(item => numberOf(item, FAILURE_REASON) ?? 0x0110),
  };
}
