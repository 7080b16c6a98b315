import type { ReviewInput } from '@voxelwise/contract';
import { openDataKey } from '../keys/data-keys.ts';
import { readObject } from '../objects/encrypted-objects.ts';
import type { ViewedRow } from '../predictions/view.ts';
import type { Services } from '../services.ts';
import { correctedContent } from '../truth/content.ts';
import { compareMasks } from '../truth/mask-dice.ts';
import type { MaskDice } from '../truth/segment-agreement.ts';
import { contentOfRow, eventsOfRows } from './fold-record.ts';

/**
 * Compares the masks of a segmentation with those of its corrections, the new one among them.
 * @throws ServiceProblem where a mask cannot be read
 */
export async function maskComparison(services: Services, row: ViewedRow, input: ReviewInput): Promise<MaskDice> {
  if (row.kind !== 'segmentation') return () => null;
  const { prisma } = services.database;
  const content = contentOfRow(row);
  const contents = [content];
  const keys = services.keys.keys();
  if (row.dataKeyId) {
    const reviews = await prisma.review.findMany({ where: { predictionId: row.id }, orderBy: { seq: 'asc' } });
    const events = eventsOfRows(content, reviews, await openDataKey(prisma, keys, row.dataKeyId), keys);
    contents.push(...events.flatMap(({ correction }) => correction ?? []));
  }
  if (input.action === 'edit') contents.push(correctedContent(content, input.correction));
  return compareMasks(contents, async sha256 => {
    const object = await prisma.storedObject.findUnique({ where: { site_sha256: { site: row.site, sha256 } } });
    // Where the new correction's mask was not uploaded, storing the review says so.
    return object ? readObject(services, object) : empty();
  });
}

async function* empty(): AsyncGenerator<Uint8Array> {}
