import * as z from 'zod';
import { objectReferencesSchema } from './object.ts';
import { PAYLOADS } from './payload.ts';
import { finiteSchema, freeTextSchema, momentSchema, recordIdSchema } from './primitives.ts';

export const REVIEW_ACTIONS = ['accept', 'reject', 'edit'] as const;
export const REVIEW_PARTS = ['first', 'second', 'adjudication'] as const;
export const REASON_CODES = [
  'false-positive',
  'false-negative',
  'wrong-location',
  'wrong-boundary',
  'wrong-measurement',
  'poor-image-quality',
  'wrong-series',
  'changed-by-reader',
  'other',
] as const;

/** unreviewed, one read, two that agree, two that do not, decided by a third person. */
export const REVIEW_STATUSES = ['unreviewed', 'single-read', 'agreed', 'disputed', 'adjudicated'] as const;

/** How far a ground truth is backed. */
export const TRUTH_LEVELS = ['single', 'double', 'adjudicated'] as const;

const common = {
  id: recordIdSchema,
  reasonCode: z.enum(REASON_CODES).optional(),
  reason: freeTextSchema.optional(),
  durationMs: z.int().min(0).max(86_400_000).optional().meta({ description: 'How long the reader looked' }),
  adjudicates: z.boolean().optional().meta({ description: 'Decides between two reads that disagree' }),
};

const correction = z
  .strictObject({
    payload: z.union(Object.values(PAYLOADS)),
    objects: objectReferencesSchema.optional(),
  })
  .meta({ id: 'Correction', description: 'The content as it should be; of the kind of the prediction' });

/** What a reader says of a prediction. */
export const reviewInputSchema = z
  .discriminatedUnion('action', [
    z.strictObject({ ...common, action: z.literal('accept') }).meta({ id: 'AcceptInput' }),
    z
      .strictObject({ ...common, action: z.literal('reject'), reasonCode: z.enum(REASON_CODES) })
      .meta({ id: 'RejectInput' }),
    z
      .strictObject({ ...common, action: z.literal('edit'), reasonCode: z.enum(REASON_CODES), correction })
      .meta({ id: 'EditInput' }),
  ])
  .meta({ id: 'ReviewInput' });

export const reviewSchema = z
  .strictObject({
    id: recordIdSchema,
    part: z.enum(REVIEW_PARTS),
    createdAt: momentSchema,
    /** Pseudonyms tell readers apart; names stay with the identity provider. */
    reader: z.string(),
    isMine: z.boolean(),
    action: z.enum(REVIEW_ACTIONS),
    reasonCode: z.enum(REASON_CODES).nullable(),
    reason: z.string().nullable(),
    correction: correction.nullable(),
  })
  .meta({ id: 'Review' });

/** Where the reviews of a prediction stand. A reader who has not filed a read yet is told how many there are, and nothing more. */
export const reviewStateSchema = z
  .strictObject({
    count: z.int().min(0),
    isBlinded: z.boolean().meta({ description: 'True until you have filed your read: status and truth are withheld' }),
    status: z.enum(REVIEW_STATUSES).nullable(),
    groundTruth: z
      .strictObject({
        level: z.enum(TRUTH_LEVELS),
        payload: z.union(Object.values(PAYLOADS)).nullable().meta({ description: 'Null for a rejected prediction' }),
        agreement: finiteSchema.min(0).max(1).nullable().meta({ description: 'Of the prediction with it' }),
      })
      .nullable(),
    /** What you may do next. */
    next: z.array(z.enum(['first', 'second', 'adjudication', 'revise'])),
  })
  .meta({ id: 'ReviewState' });

export const reviewStoredSchema = z
  .strictObject({ id: recordIdSchema, outcome: z.enum(['created', 'repeated']), part: z.enum(REVIEW_PARTS) })
  .meta({ id: 'ReviewStored' });

export type ReviewInput = z.infer<typeof reviewInputSchema>;
export type Review = z.infer<typeof reviewSchema>;
export type ReviewState = z.infer<typeof reviewStateSchema>;
export type ReviewAction = (typeof REVIEW_ACTIONS)[number];
export type ReviewPart = (typeof REVIEW_PARTS)[number];
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];
export type TruthLevel = (typeof TRUTH_LEVELS)[number];
export type ReasonCode = (typeof REASON_CODES)[number];
export type Correction = z.infer<typeof correction>;
