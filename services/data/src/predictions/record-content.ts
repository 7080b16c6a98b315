import { createHash } from 'node:crypto';
import type { PredictionInput } from '@voxelwise/contract';
import canonicalize from 'canonicalize';
import type { Prediction as PredictionRow } from '../generated/prisma/client.ts';

/** The columns that say what was predicted. */
export type RecordColumns = Pick<
  PredictionRow,
  | 'id'
  | 'site'
  | 'kind'
  | 'producedAt'
  | 'sex'
  | 'ageBand'
  | 'studyUid'
  | 'seriesUid'
  | 'instances'
  | 'modality'
  | 'scannerManufacturer'
  | 'scannerModel'
  | 'algorithmName'
  | 'algorithmVersion'
  | 'algorithmDigest'
  | 'confidence'
  | 'payload'
  | 'conventions'
  | 'provenance'
>;

/** The columns of a prediction as it was sent; JSON columns as plain values, null where nothing was sent. */
export function recordColumns(input: PredictionInput, site: string) {
  const { image, algorithm, subject } = input;
  return {
    id: input.id,
    site,
    kind: input.kind,
    producedAt: new Date(input.producedAt),
    sex: subject.sex ?? null,
    ageBand: subject.ageBand ?? null,
    studyUid: image.studyUid,
    seriesUid: image.seriesUid ?? null,
    instances: image.instances ?? null,
    modality: image.modality ?? null,
    scannerManufacturer: image.scanner?.manufacturer ?? null,
    scannerModel: image.scanner?.model ?? null,
    algorithmName: algorithm.name,
    algorithmVersion: algorithm.version,
    algorithmDigest: algorithm.digest ?? null,
    confidence: input.confidence,
    payload: input.payload,
    conventions: input.conventions,
    provenance: input.provenance,
  } satisfies Record<keyof RecordColumns, unknown>;
}

/**
 * SHA-256 of what a record says, without identifiers and free text: it is the same for what was sent and for what is stored, so that
 * a changed row is noticed. The audit event names it.
 */
export function recordSha256(columns: Record<keyof RecordColumns, unknown>): Buffer<ArrayBuffer> {
  const { producedAt, ...rest } = columns;
  const text = canonicalize({ ...rest, producedAt: (producedAt as Date).toISOString() });
  return createHash('sha256')
    .update(text as string)
    .digest() as Buffer<ArrayBuffer>;
}
