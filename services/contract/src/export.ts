import * as z from 'zod';
import { kindSchema } from './payload.ts';
import { CONSENTS } from './prediction.ts';
import {
  finiteSchema,
  labelSchema,
  momentSchema,
  recordIdSchema,
  sha256Schema,
  siteSchema,
  tokenSchema,
} from './primitives.ts';
import { PROBLEM_CODES } from './problem.ts';
import { TRUTH_LEVELS } from './review.ts';

/**
 * safe-harbor: random ids, made for this export (45 CFR 164.514(b)(2)); of dates the year alone.
 * limited-data-set: ids that stay the same between exports of one line, dates kept (45 CFR 164.514(e); needs a data use agreement).
 */
export const PROFILES = ['safe-harbor', 'limited-data-set'] as const;
export const SPLITS = ['train', 'validation', 'test'] as const;

export const exportQuerySchema = z
  .strictObject({
    kinds: z.array(kindSchema).min(1).optional(),
    algorithmName: labelSchema.optional(),
    algorithmVersion: labelSchema.optional(),
    from: momentSchema.optional(),
    until: momentSchema.optional(),
    minimumTruth: z
      .enum(TRUTH_LEVELS)
      .nullable()
      .optional()
      .meta({ description: 'null: also without ground truth; default single' }),
    minimumQuality: finiteSchema
      .min(0)
      .max(1)
      .optional()
      .meta({ description: 'Of train and validation; a test split is never filtered' }),
    consents: z.array(z.enum(CONSENTS)).min(1).optional().meta({ description: 'Default: granted alone' }),
  })
  .meta({ id: 'ExportQuery' });

export const exportInputSchema = z
  .strictObject({
    id: recordIdSchema,
    site: siteSchema.optional(),
    query: exportQuerySchema,
    profile: z.enum(PROFILES),
    line: tokenSchema.meta({ description: 'Data sets of one line share their splits by patient' }),
    ratios: z
      .strictObject({ train: finiteSchema.min(0), validation: finiteSchema.min(0), test: finiteSchema.min(0) })
      .refine(({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9, {
        error: 'do not add up to 1',
      })
      .optional()
      .meta({ description: 'Default 0.7, 0.15, 0.15' }),
    asOf: momentSchema.optional().meta({ description: 'Default: now. Later records and reviews are left out' }),
    identifiersOf: recordIdSchema
      .optional()
      .meta({ description: 'Takes over the random ids of an earlier export of this site' }),
    recipient: labelSchema.meta({ description: 'To whom it is disclosed: an institution, not a person' }),
    purpose: z.enum(['research', 'training', 'quality-assurance']),
  })
  .meta({ id: 'ExportInput' });

export const exportFileSchema = z.strictObject({
  name: z.string(),
  sha256: sha256Schema,
  sizeBytes: z.int().min(0),
  rows: z.int().min(0).optional(),
});

const splitSize = z.strictObject({
  rows: z.int().min(0),
  patients: z.int().min(0),
  ratio: finiteSchema.nullable().meta({ description: 'Of the rows; null where there are none' }),
});

export const exportManifestSchema = z
  .strictObject({
    format: z.literal('voxelwise-export 1'),
    site: siteSchema,
    query: exportQuerySchema,
    asOf: momentSchema,
    profile: z.enum(PROFILES),
    deIdentification: z.string(),
    line: z.string(),
    recipient: z.string(),
    purpose: z.string(),
    codeVersion: z.string(),
    rows: z.int().min(0),
    patients: z.int().min(0),
    splits: z.strictObject({ train: splitSize, validation: splitSize, test: splitSize } satisfies Record<
      Split,
      z.ZodType
    >),
    labels: z.strictObject({ asPredicted: z.int(), corrected: z.int(), rejected: z.int(), none: z.int() }),
    leftOut: z.record(z.string(), z.int()),
    warnings: z.array(z.string()),
    files: z.array(exportFileSchema),
  })
  .meta({ id: 'ExportManifest' });

export const EXPORT_STATUSES = ['queued', 'running', 'ready', 'failed', 'cancelled'] as const;

export const exportSchema = z
  .strictObject({
    id: recordIdSchema,
    site: siteSchema,
    status: z.enum(EXPORT_STATUSES),
    doneRows: z.int().min(0),
    totalRows: z.int().min(0).nullable(),
    asOf: momentSchema,
    createdAt: momentSchema,
    finishedAt: momentSchema.nullable(),
    problem: z.strictObject({ code: z.enum(PROBLEM_CODES), detail: z.string() }).nullable(),
    manifest: exportManifestSchema.nullable(),
  })
  .meta({ id: 'Export' });

export const exportListSchema = z.strictObject({ exports: z.array(exportSchema) }).meta({ id: 'ExportList' });

export type ExportInput = z.infer<typeof exportInputSchema>;
export type ExportQuery = z.infer<typeof exportQuerySchema>;
export type ExportManifest = z.infer<typeof exportManifestSchema>;
export type Export = z.infer<typeof exportSchema>;
export type Profile = (typeof PROFILES)[number];
export type Split = (typeof SPLITS)[number];
