import type { ReviewInput } from '@voxelwise/contract';
import { openDataKey } from '../keys/data-keys.ts';
import type { ViewedRow } from '../predictions/view.ts';
import type { Services } from '../services.ts';
import { correctedContent } from '../truth/content.ts';
import { compareMasks } from '../truth/mask-dice.ts';
import type { MaskDice } from '../truth/segment-agreement.ts';
import { contentOfRow, eventsOfRows } from './fold-record.ts';
import { foldSources } from './fold-sources.ts';

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
  const { openMask } = foldSources(services);
  return compareMasks(contents, sha256 => openMask(row.site, sha256));
}
