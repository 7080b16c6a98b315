import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Database } from '../database/connection.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { pseudonym } from '../keys/pseudonyms.ts';
import type { ObjectContext, ObjectId, StoreRequest } from './encrypted-objects.ts';
import type { ObjectStore } from './object-store.ts';

export function objectContext(db: Database, store: ObjectStore, ring: KeyRing = newKeyRing()): ObjectContext {
  return { db, store, keys: { keys: () => ring, reload: async () => ring, problem: () => null } };
}

/** A request to store this content, and the content as a stream. */
export function upload(
  content: string | Buffer,
  change: Partial<StoreRequest> = {},
): [request: StoreRequest, stream: Readable] {
  const request = {
    site: 'site-a',
    sha256: createHash('sha256').update(content).digest('hex'),
    mediaType: 'application/dicom',
    createdBy: pseudonym(newKeyRing(), 'person', 'a reader'),
    maxBytes: 2 ** 30,
    ...change,
  };
  return [request, Readable.from([Buffer.from(content)])];
}

/** Makes a prediction that refers to an object. Returns its id. */
export async function referTo(db: Database, object: ObjectId): Promise<string> {
  const id = randomUUID();
  const prediction = {
    id,
    site: object.site,
    kind: 'segmentation',
    producedAt: new Date(),
    createdBy: pseudonym(newKeyRing(), 'person', 'a reader'),
    recordSha256: randomBytes(32),
    algorithmName: 'test',
    algorithmVersion: '1',
    qualityReasons: [],
  };
  await db.transaction(async tx => {
    await tx.prediction.createMany({ data: [prediction] });
    await tx.objectReference.createMany({
      data: [{ predictionId: id, name: 'mask', site: object.site, sha256: object.sha256 }],
    });
  });
  return id;
}
