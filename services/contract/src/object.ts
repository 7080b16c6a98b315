import * as z from 'zod';
import { sha256Schema, siteSchema, tokenSchema } from './primitives.ts';

/** What a record or a correction says of an object that it needs. */
export const objectReferenceSchema = z
  .strictObject({
    name: tokenSchema,
    sha256: sha256Schema,
    sizeBytes: z.int().min(0),
    mediaType: z.string().regex(/^[a-z0-9][a-z0-9.+-]{0,63}\/[a-z0-9][a-z0-9.+-]{0,63}$/),
  })
  .meta({ id: 'ObjectReference', description: 'A mask or another large payload, uploaded before' });

const distinctNames = (objects: readonly { name: string }[]) =>
  new Set(objects.map(({ name }) => name)).size === objects.length;

export const objectReferencesSchema = z
  .array(objectReferenceSchema)
  .max(64)
  .refine(distinctNames, { error: 'uses a name twice' });

/** An uploaded object, known by the digest of its content. */
export const objectStoredSchema = z
  .strictObject({
    site: siteSchema,
    sha256: sha256Schema,
    sizeBytes: z.int().min(0),
    outcome: z.enum(['created', 'repeated']),
  })
  .meta({ id: 'ObjectStored' });

/**
 * A packed mask: one bit for each voxel, the lowest bit of a byte first, voxels in the order x, y, z. The service compares two
 * of them by itself; of other media types it keeps the bytes.
 */
export const MASK_MEDIA_TYPE = 'application/vnd.voxelwise.mask';

export type ObjectReference = z.infer<typeof objectReferenceSchema>;
