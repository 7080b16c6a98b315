import * as z from 'zod';
import { objectReferenceSchema, objectReferencesSchema } from './object.ts';
import { kindSchema, PAYLOADS, type SegmentationPayload } from './payload.ts';
import {
  conventionsSchema,
  dateSchema,
  finiteSchema,
  freeTextSchema,
  identifierSchema,
  labelSchema,
  momentSchema,
  recordIdSchema,
  sha256Schema,
  siteSchema,
  tokenSchema,
  uidSchema,
} from './primitives.ts';
import { reviewSchema, reviewStateSchema } from './review.ts';

export const AGE_BANDS = [
  '0-9',
  '10-19',
  '20-29',
  '30-39',
  '40-49',
  '50-59',
  '60-69',
  '70-79',
  '80-89',
  '90+',
] as const;
export const SEXES = ['female', 'male', 'other'] as const;
export const CONSENTS = ['granted', 'refused', 'not-recorded'] as const;

/** The band of an age in years; everybody of 90 and more is one band (45 CFR 164.514(b)(2)(i)(C)). */
export function ageBandOf(ageYears: number): (typeof AGE_BANDS)[number] {
  return AGE_BANDS[Math.min(AGE_BANDS.length - 1, Math.max(0, Math.floor(ageYears / 10)))]!;
}

/** Who was imaged. The service keeps pseudonyms of the identifiers, and never the identifiers. */
export const subjectInputSchema = z
  .strictObject({
    patientId: identifierSchema.optional(),
    issuerOfPatientId: identifierSchema.optional(),
    accessionNumber: identifierSchema.optional(),
    sex: z.enum(SEXES).optional(),
    ageBand: z.enum(AGE_BANDS).optional(),
  })
  .meta({ id: 'SubjectInput' });

export const imageSchema = z
  .strictObject({
    studyUid: uidSchema,
    seriesUid: uidSchema.optional(),
    instances: z
      .array(z.strictObject({ sopInstanceUid: uidSchema, frames: z.array(z.int().min(1)).max(20000).optional() }))
      .max(20000)
      .optional(),
    modality: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{0,15}$/)
      .optional(),
    scanner: z.strictObject({ manufacturer: labelSchema.optional(), model: labelSchema.optional() }).optional(),
  })
  .meta({ id: 'Image', description: 'What was looked at: study, series, instances and frames, scanner' });

export const algorithmSchema = z
  .strictObject({ name: labelSchema, version: labelSchema, digest: sha256Schema.optional() })
  .meta({ id: 'Algorithm', description: 'Algorithm or model that computed it; the digest is that of a model file' });

const software = z.strictObject({ name: labelSchema, version: labelSchema });

/** Enough to run it again and compare. */
export const provenanceSchema = z
  .strictObject({
    viewer: software.optional(),
    extension: software.optional(),
    producer: tokenSchema.optional().meta({ description: 'Kernel implementation: webgl2, wasm, typescript' }),
    device: z
      .strictObject({
        userAgent: labelSchema.optional(),
        gpu: labelSchema.optional(),
        logicalProcessors: z.int().min(1).max(4096).optional(),
      })
      .optional(),
    timingsMs: z
      .record(tokenSchema, finiteSchema.min(0))
      .refine(timings => Object.keys(timings).length <= 64, { error: 'has more than 64 entries' })
      .optional(),
    inputSha256: sha256Schema.optional().meta({ description: 'Of the voxels that went in' }),
    parameters: conventionsSchema.optional().meta({ description: 'What else it takes to run it again' }),
  })
  .meta({ id: 'Provenance' });

const base = {
  id: recordIdSchema,
  site: siteSchema.optional().meta({ description: 'May be left out by whoever has one site' }),
  producedAt: momentSchema,
  subject: subjectInputSchema,
  image: imageSchema,
  algorithm: algorithmSchema,
  confidence: finiteSchema.min(0).max(1).nullable().meta({ description: 'Null where the algorithm gives none' }),
  conventions: conventionsSchema,
  provenance: provenanceSchema,
  objects: objectReferencesSchema.optional(),
  note: freeTextSchema.optional(),
  consent: z.enum(CONSENTS).optional(),
  retentionUntil: dateSchema.optional(),
};

function inputOf<K extends keyof typeof PAYLOADS>(kind: K) {
  return z.strictObject({ ...base, kind: z.literal(kind), payload: PAYLOADS[kind] });
}

/** A mask that is among no objects would be lost without anybody noticing. */
function masksAreObjects({ payload, objects = [] }: { payload: SegmentationPayload; objects?: { name: string }[] }) {
  const names = new Set(objects.map(({ name }) => name));
  return payload.segments.every(({ mask }) => mask === undefined || names.has(mask));
}

/** One prediction, as a viewer or a program sends it. */
export const predictionInputSchema = z
  .discriminatedUnion('kind', [
    inputOf('calcium').meta({ id: 'CalciumPredictionInput' }),
    inputOf('perfusion').meta({ id: 'PerfusionPredictionInput' }),
    inputOf('mammography').meta({ id: 'MammographyPredictionInput' }),
    inputOf('segmentation')
      .refine(masksAreObjects, { error: 'names a mask that is not among the objects', path: ['payload', 'segments'] })
      .meta({ id: 'SegmentationPredictionInput' }),
  ])
  .meta({ id: 'PredictionInput' });

export const LARGEST_BATCH = 100;

export const predictionBatchSchema = z
  .strictObject({ predictions: z.array(predictionInputSchema).min(1).max(LARGEST_BATCH) })
  .refine(({ predictions }) => new Set(predictions.map(({ id }) => id)).size === predictions.length, {
    error: 'uses an id twice',
    path: ['predictions'],
  })
  .meta({ id: 'PredictionBatch', description: 'All of them are stored, or none' });

export const predictionsStoredSchema = z
  .strictObject({
    results: z.array(z.strictObject({ id: recordIdSchema, outcome: z.enum(['created', 'repeated']) })),
  })
  .meta({ id: 'PredictionsStored' });

/** Who and what the record is about, as it is given out. */
const subject = z.strictObject({
  patient: z.string().nullable().meta({ description: 'Pseudonym' }),
  sex: z.enum(SEXES).nullable(),
  ageBand: z.enum(AGE_BANDS).nullable(),
});

export const qualitySchema = z.strictObject({ score: finiteSchema.min(0).max(1), reasons: z.array(tokenSchema) }).meta({
  id: 'Quality',
  description: 'Score by the rules of docs/quality-score.md, and which of them took something off',
});

const administered = {
  consent: z.enum(CONSENTS),
  retentionUntil: dateSchema.nullable(),
  legalHold: z.boolean(),
};

export const recordSchema = z
  .strictObject({
    id: recordIdSchema,
    site: siteSchema,
    kind: kindSchema,
    createdAt: momentSchema,
    createdByMe: z.boolean(),
    producedAt: momentSchema,
    subject,
    image: imageSchema,
    algorithm: algorithmSchema,
    confidence: finiteSchema.nullable(),
    payload: z.union(Object.values(PAYLOADS)),
    conventions: conventionsSchema,
    provenance: provenanceSchema,
    objects: z.array(objectReferenceSchema),
    note: z.string().nullable(),
    review: reviewStateSchema,
    quality: qualitySchema.nullable().meta({ description: 'Null while you are blinded: it depends on reviews' }),
    ...administered,
  })
  .meta({ id: 'PredictionRecord' });

/** What is left of a record that was erased. */
export const tombstoneSchema = z
  .strictObject({
    id: recordIdSchema,
    site: siteSchema,
    kind: kindSchema,
    createdAt: momentSchema,
    shredded: z.strictObject({
      at: momentSchema,
      reason: z.enum(['consent-withdrawn', 'retention-ended', 'requested', 'error']),
    }),
  })
  .meta({ id: 'Tombstone' });

export const predictionSchema = z.union([recordSchema, tombstoneSchema]).meta({ id: 'Prediction' });

export const predictionDetailSchema = z
  .strictObject({ prediction: predictionSchema, reviews: z.array(reviewSchema) })
  .meta({ id: 'PredictionDetail' });

export type PredictionInput = z.infer<typeof predictionInputSchema>;
export type PredictionRecord = z.infer<typeof recordSchema>;
export type Tombstone = z.infer<typeof tombstoneSchema>;
export type Prediction = z.infer<typeof predictionSchema>;
export type PredictionDetail = z.infer<typeof predictionDetailSchema>;
export type Provenance = z.infer<typeof provenanceSchema>;
export type Conventions = z.infer<typeof conventionsSchema>;
export type Consent = (typeof CONSENTS)[number];
