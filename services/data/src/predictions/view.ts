import type { Prediction, PredictionRecord, ReviewState, Tombstone } from '@voxelwise/contract';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Principal } from '../identity/principal.ts';
import { type FiledRead, standingOf } from '../reviews/standing.ts';

/** What is read of a prediction to show it. */
export const VIEWED = {
  objects: { where: { reviewId: null }, include: { object: true } },
  reviews: { orderBy: { seq: 'asc' }, select: { part: true, reader: true } },
} as const satisfies Prisma.PredictionInclude;

export type ViewedRow = Prisma.PredictionGetPayload<{ include: typeof VIEWED }>;

/** A prediction as one person may see it. */
export function predictionView(row: ViewedRow, principal: Principal, note: string | null): Prediction {
  return row.shreddedAt ? tombstoneView(row) : recordView(row, principal, note);
}

export function tombstoneView({
  id,
  site,
  kind,
  createdAt,
  shreddedAt,
  shredReason,
}: Pick<ViewedRow, 'id' | 'site' | 'kind' | 'createdAt' | 'shreddedAt' | 'shredReason'>): Tombstone {
  return {
    id,
    site,
    kind: kind as Tombstone['kind'],
    createdAt: createdAt.toISOString(),
    shredded: { at: shreddedAt!.toISOString(), reason: shredReason as Tombstone['shredded']['reason'] },
  };
}

function recordView(row: ViewedRow, principal: Principal, note: string | null): PredictionRecord {
  const { scannerManufacturer, scannerModel } = row;
  const scanner = {
    ...(scannerManufacturer && { manufacturer: scannerManufacturer }),
    ...(scannerModel && { model: scannerModel }),
  };
  const record = {
    id: row.id,
    site: row.site,
    kind: row.kind,
    createdAt: row.createdAt.toISOString(),
    createdByMe: principal.persons.includes(row.createdBy),
    producedAt: row.producedAt.toISOString(),
    subject: { patient: row.patient, sex: row.sex, ageBand: row.ageBand },
    image: {
      studyUid: row.studyUid,
      ...(row.seriesUid && { seriesUid: row.seriesUid }),
      ...(row.instances && { instances: row.instances }),
      ...(row.modality && { modality: row.modality }),
      ...(Object.keys(scanner).length > 0 && { scanner }),
    },
    algorithm: {
      name: row.algorithmName,
      version: row.algorithmVersion,
      ...(row.algorithmDigest && { digest: row.algorithmDigest }),
    },
    confidence: row.confidence,
    payload: row.payload,
    conventions: row.conventions,
    provenance: row.provenance,
    objects: row.objects.map(({ name, sha256, object }) => ({
      name,
      sha256,
      sizeBytes: Number(object.sizeBytes),
      mediaType: object.mediaType,
    })),
    note,
    review: reviewState(row, principal),
    quality: { score: row.quality, reasons: row.qualityReasons },
    consent: row.consent,
    retentionUntil: row.retentionUntil?.toISOString().slice(0, 10) ?? null,
    legalHold: row.legalHold,
  };
  // The columns hold what the contract let in, and the answer is checked against the contract again before it leaves.
  const view = record as unknown as PredictionRecord;
  // Quality depends on reviews, too.
  return view.review.isBlinded ? { ...view, quality: null } : view;
}

function reviewState(row: ViewedRow, principal: Principal): ReviewState {
  const reads: FiledRead[] = row.reviews;
  const { isBlinded, next } = standingOf(principal, row, reads);
  const count = row.reviewCount;
  if (isBlinded) return { count, isBlinded, status: null, groundTruth: null, next: [...next] };
  const groundTruth = row.groundTruthLevel
    ? { level: row.groundTruthLevel, payload: row.groundTruth, agreement: row.agreement }
    : null;
  return { count, isBlinded, status: row.status, groundTruth, next: [...next] } as ReviewState;
}
