import type { ObjectReference } from '@voxelwise/contract';
import type { Transaction } from '../database/connection.ts';
import { ServiceProblem } from '../http/service-problem.ts';

interface Needed {
  readonly predictionId: string;
  readonly site: string;
  readonly objects: readonly ObjectReference[];
  /** Set where a correction brings them. */
  readonly reviewId?: string;
}

/**
 * Ties uploaded objects to the records that refer to them, so that they are kept.
 * @throws ServiceProblem object-missing where one was not uploaded to the record's site, or has another size or media type
 */
export async function requireObjects(transaction: Transaction, needed: readonly Needed[]): Promise<void> {
  const references = needed.flatMap(({ predictionId, site, objects, reviewId = null }) =>
    objects.map(object => ({ predictionId, site, reviewId, ...object })),
  );
  if (references.length === 0) return;
  const stored = await transaction.storedObject.findMany({
    where: { OR: references.map(({ site, sha256 }) => ({ site, sha256 })) },
    select: { site: true, sha256: true, sizeBytes: true, mediaType: true },
  });
  const byKey = new Map(stored.map(object => [`${object.site} ${object.sha256}`, object]));
  for (const { site, sha256, sizeBytes, mediaType } of references) {
    const object = byKey.get(`${site} ${sha256}`);
    if (!object || object.sizeBytes !== BigInt(sizeBytes) || object.mediaType !== mediaType) {
      throw new ServiceProblem(
        'object-missing',
        'An object that the record refers to was not uploaded, or has another size or media type. Upload it first.',
      );
    }
  }
  await transaction.objectReference.createMany({
    data: references.map(({ predictionId, name, reviewId, site, sha256 }) => ({
      predictionId,
      name,
      reviewId,
      site,
      sha256,
    })),
    skipDuplicates: true,
  });
}
