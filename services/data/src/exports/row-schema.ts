import {
  AGE_BANDS,
  algorithmSchema,
  conventionsSchema,
  finiteSchema,
  imageSchema,
  kindSchema,
  momentSchema,
  objectReferenceSchema,
  PAYLOADS,
  type Profile,
  provenanceSchema,
  SEXES,
  SPLITS,
  sha256Schema,
  TRUTH_LEVELS,
  tokenSchema,
  uidSchema,
} from '@voxelwise/contract';
import { z } from 'zod';

const id = z.string().regex(/^[0-9a-f]{32}$/);
const remappedUid = uidSchema.startsWith('2.25.');
const payload = z.union(Object.values(PAYLOADS));

const common = {
  id,
  split: z.enum(SPLITS),
  kind: kindSchema,
  patient: id.nullable(),
  sex: z.enum(SEXES).nullable(),
  ageBand: z.enum(AGE_BANDS).nullable(),
  image: z.strictObject({
    study: remappedUid,
    series: remappedUid.nullable(),
    instances: z.array(z.strictObject({ sopInstanceUid: remappedUid, frames: z.array(z.int().min(1)).optional() })),
    modality: imageSchema.shape.modality.unwrap().nullable(),
    scanner: z.strictObject({ manufacturer: z.string().nullable(), model: z.string().nullable() }),
  }),
  algorithm: algorithmSchema.extend({ digest: sha256Schema.nullable() }),
  confidence: finiteSchema.min(0).max(1).nullable(),
  conventions: conventionsSchema,
  parameters: conventionsSchema.nullable(),
  software: z.strictObject({
    viewer: provenanceSchema.shape.viewer.unwrap().nullable(),
    extension: provenanceSchema.shape.extension.unwrap().nullable(),
    producer: tokenSchema.nullable(),
  }),
  prediction: payload,
  label: z.strictObject({
    decision: z.enum(['as-predicted', 'corrected', 'rejected', 'none']),
    /** Whose content the label is; that it is rejected says a review. Null where there is no label. */
    source: z.enum(['prediction', 'review']).nullable(),
    level: z.enum(TRUTH_LEVELS).nullable(),
    agreement: finiteSchema.min(0).max(1).nullable(),
    payload: payload.nullable(),
  }),
  quality: z.strictObject({ score: finiteSchema.min(0).max(1), reasons: z.array(tokenSchema) }),
};

const safeHarborRow = z.strictObject({ ...common, producedYear: z.int() });

const limitedDataSetRow = z.strictObject({
  ...common,
  producedAt: momentSchema,
  storedAt: momentSchema,
  inputSha256: sha256Schema.nullable(),
  objects: z.array(objectReferenceSchema),
});

export type SafeHarborRow = z.infer<typeof safeHarborRow>;
export type LimitedDataSetRow = z.infer<typeof limitedDataSetRow>;
export type ExportRow = SafeHarborRow | LimitedDataSetRow;

/** One line of records.jsonl, by profile: exactly these fields. */
export const EXPORT_ROWS = {
  'safe-harbor': safeHarborRow.superRefine(payloadsOfKind),
  'limited-data-set': limitedDataSetRow.superRefine(payloadsOfKind),
} as const satisfies Record<Profile, z.ZodType>;

function payloadsOfKind(row: ExportRow, context: z.RefinementCtx): void {
  const schema = PAYLOADS[row.kind];
  for (const [name, content] of [
    ['prediction', row.prediction],
    ['label', row.label.payload],
  ] as const) {
    if (content === null || schema.safeParse(content).success) continue;
    context.addIssue({ code: 'custom', path: [name], message: `is not of the kind ${row.kind}` });
  }
}
