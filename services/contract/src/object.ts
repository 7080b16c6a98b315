import * as z from 'zod';
import { sha256Schema, siteSchema } from './primitives.ts';

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
