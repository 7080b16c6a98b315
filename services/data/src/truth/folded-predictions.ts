import type { Kind } from '@voxelwise/contract';
import type { Transaction } from '../database/connection.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { type DataKey, unwrapDataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { type Content, correctedContent } from './content.ts';
import { foldReviews, type ReviewEvent, type ReviewFold } from './fold.ts';
import { compareMasks } from './mask-dice.ts';
import { openCorrection } from './sealed-corrections.ts';

/** What it takes to fold stored reviews. */
export interface FoldSources {
  readonly ring: KeyRing;
  /** The newest pseudonym of a reader: the same person may be stored under several versions. */
  readonly newestReader: (pseudonym: string) => string;
  /** The bytes of a mask of a site. */
  readonly openMask: (site: string, sha256: string) => Promise<AsyncIterable<Uint8Array>>;
}

const select = (asOf: Date | undefined) =>
  ({
    omit: { noteSealed: true },
    include: {
      dataKey: true,
      objects: { where: { reviewId: null }, include: { object: { select: { mediaType: true, sizeBytes: true } } } },
      reviews: { where: asOf && { createdAt: { lte: asOf } }, orderBy: { seq: 'asc' } },
    },
  }) satisfies Prisma.PredictionDefaultArgs;

export type PredictionRow = Prisma.PredictionGetPayload<ReturnType<typeof select>>;

export interface FoldedPrediction {
  readonly row: PredictionRow;
  readonly content: Content;
  readonly fold: ReviewFold;
}

/**
 * Reads predictions with where their reviews stand, in the order of their ids.
 *
 * @param asOf reviews after this moment are left out; all count where it is not given
 * @returns erased ones are not among them
 * @throws SealError where a correction was changed; what opening a mask throws
 */
export async function readFoldedPredictions(
  transaction: Transaction,
  ids: readonly string[],
  sources: FoldSources,
  asOf?: Date,
): Promise<FoldedPrediction[]> {
  const rows = await transaction.prediction.findMany({
    ...select(asOf),
    where: { id: { in: [...ids] }, shreddedAt: null },
    orderBy: { id: 'asc' },
  });
  const folded: FoldedPrediction[] = [];
  for (const row of rows) folded.push(await foldRow(row, sources));
  return folded;
}

async function foldRow(row: PredictionRow, sources: FoldSources): Promise<FoldedPrediction> {
  const content = contentOfRow(row);
  const reviews = reviewEvents(row, content, sources);
  const corrections = reviews.flatMap(({ correction }) => correction ?? []);
  const diceOf = await compareMasks([content, ...corrections], sha256 => sources.openMask(row.site, sha256));
  return { row, content, fold: foldReviews(content, reviews, diceOf) };
}

function contentOfRow({ kind, payload, objects }: PredictionRow): Content {
  const named = objects.map(({ name, sha256, object }) => ({ name, sha256, mediaType: object.mediaType }));
  // Nothing else is stored than what the contract accepts.
  return { kind: kind as Kind, payload, objects: named } as unknown as Content;
}

function reviewEvents({ dataKey, reviews }: PredictionRow, content: Content, sources: FoldSources): ReviewEvent[] {
  let opened: DataKey | undefined;
  const open = (reviewId: string, sealed: string) => {
    if (!dataKey?.wrapped) throw new Error(`The correction of the review ${reviewId} has no data key.`);
    opened ??= unwrapDataKey(sources.ring, { ...dataKey, wrapped: dataKey.wrapped });
    return correctedContent(content, openCorrection(reviewId, opened, sealed));
  };
  return reviews.map(({ id, reader, part, action, correctionSealed }) => ({
    reader: sources.newestReader(reader),
    part: part as ReviewEvent['part'],
    action: action as ReviewEvent['action'],
    correction: correctionSealed === null ? null : open(id, correctionSealed),
  }));
}
