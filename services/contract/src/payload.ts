import * as z from 'zod';
import { finiteSchema, labelSchema, recordIdSchema, tokenSchema, uidSchema } from './primitives.ts';

/** What was computed, by kind. A new kind is a schema here and its agreement in the data service. */

const amount = finiteSchema.min(0);

export const CORONARY_VESSELS = ['LM', 'LAD', 'LCX', 'RCA'] as const;

const calciumScore = {
  agatston: amount.meta({ description: 'Agatston score' }),
  volumeMm3: amount,
  massMg: amount.nullable().meta({ description: 'Null without a calibration' }),
  lesions: z.int().min(0),
};

export const calciumPayloadSchema = z
  .strictObject({
    ...calciumScore,
    vessels: z
      .array(z.strictObject({ vessel: z.enum(CORONARY_VESSELS), ...calciumScore }))
      .max(CORONARY_VESSELS.length)
      .refine(vessels => new Set(vessels.map(({ vessel }) => vessel)).size === vessels.length, {
        error: 'names a vessel twice',
      }),
  })
  .refine(
    ({ agatston, vessels }) => {
      const sum = vessels.reduce((total, vessel) => total + vessel.agatston, 0);
      return vessels.length === 0 || Math.abs(sum - agatston) <= 1e-6 * Math.max(1, agatston);
    },
    { error: 'the scores of the vessels do not add up to the total', path: ['agatston'] },
  )
  .meta({ id: 'CalciumPayload', description: 'Coronary calcium of a scan, and per vessel' });

export const PERFUSION_MAPS = ['CBF', 'CBV', 'MTT', 'TTP', 'Tmax'] as const;

export const perfusionPayloadSchema = z
  .strictObject({
    maps: z
      .array(z.enum(PERFUSION_MAPS))
      .max(PERFUSION_MAPS.length)
      .refine(maps => new Set(maps).size === maps.length, { error: 'names a map twice' })
      .meta({ uniqueItems: true }),
    coreVolumeMl: amount.nullable(),
    hypoperfusedVolumeMl: amount.nullable(),
    regions: z
      .array(
        z.strictObject({
          label: tokenSchema,
          map: z.enum(PERFUSION_MAPS),
          mean: finiteSchema,
          unit: z.enum(['ml/100ml/min', 'ml/100g/min', 'ml/100ml', 'ml/100g', 's']),
          voxels: z.int().min(1),
        }),
      )
      .max(500),
  })
  .meta({ id: 'PerfusionPayload', description: 'Volumes and regional means of perfusion maps' });

const box = z
  .strictObject({ left: amount, top: amount, right: amount, bottom: amount })
  .refine(({ left, top, right, bottom }) => right > left && bottom > top, { error: 'has no area' })
  .meta({ description: 'Pixels of the image, from its upper left corner' });

export const mammographyPayloadSchema = z
  .strictObject({
    findings: z
      .array(
        z.strictObject({
          id: recordIdSchema,
          sopInstanceUid: uidSchema,
          type: z.enum(['mass', 'calcification', 'asymmetry', 'architectural-distortion']),
          box,
          suspicionScore: finiteSchema.min(0).max(1),
        }),
      )
      .max(200),
    density: z.enum(['a', 'b', 'c', 'd']).nullable(),
    suggestedBiRads: z.enum(['0', '1', '2', '3', '4A', '4B', '4C', '5', '6']).nullable(),
  })
  .meta({ id: 'MammographyPayload', description: 'Marks with suspicion scores, density, suggested BI-RADS category' });

export const segmentationPayloadSchema = z
  .strictObject({
    segments: z
      .array(
        z.strictObject({
          number: z.int().min(1).max(65535),
          code: z.strictObject({ value: tokenSchema, scheme: tokenSchema, meaning: labelSchema }),
          voxels: z.int().min(0),
          volumeMm3: amount,
          mask: tokenSchema.optional().meta({ description: 'Name of the object that holds the mask' }),
        }),
      )
      .max(256)
      .refine(segments => new Set(segments.map(({ number }) => number)).size === segments.length, {
        error: 'names a segment twice',
      }),
  })
  .meta({ id: 'SegmentationPayload', description: 'Segments with their volumes; masks are objects' });

export const PAYLOADS = {
  calcium: calciumPayloadSchema,
  perfusion: perfusionPayloadSchema,
  mammography: mammographyPayloadSchema,
  segmentation: segmentationPayloadSchema,
} as const;

export const KINDS = Object.keys(PAYLOADS) as [Kind, ...Kind[]];
export type Kind = keyof typeof PAYLOADS;
export const kindSchema = z.enum(KINDS).meta({ id: 'Kind' });

export type CalciumPayload = z.infer<typeof calciumPayloadSchema>;
export type PerfusionPayload = z.infer<typeof perfusionPayloadSchema>;
export type MammographyPayload = z.infer<typeof mammographyPayloadSchema>;
export type SegmentationPayload = z.infer<typeof segmentationPayloadSchema>;

/** A payload with its kind beside it, as records carry it. */
export type KindAndPayload = { [K in Kind]: { kind: K; payload: z.infer<(typeof PAYLOADS)[K]> } }[Kind];
