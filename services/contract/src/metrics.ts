import * as z from 'zod';
import { kindSchema } from './payload.ts';
import { finiteSchema, momentSchema } from './primitives.ts';

const proportion = z
  .strictObject({
    count: z.int().min(0),
    n: z.int().min(0),
    /** Null without observations. */
    rate: finiteSchema.nullable(),
    lower: finiteSchema.nullable(),
    upper: finiteSchema.nullable(),
  })
  .meta({
    id: 'Proportion',
    description: 'Count of n with the 95 % Wilson score interval, without continuity correction',
  });

const error = z
  .strictObject({
    quantity: z.string(),
    unit: z.string(),
    n: z.int().min(0),
    meanAbsolute: finiteSchema.nullable(),
    medianAbsolute: finiteSchema.nullable(),
    bias: finiteSchema.nullable().meta({ description: 'Mean of prediction minus ground truth' }),
    limitsOfAgreement: z
      .tuple([finiteSchema, finiteSchema])
      .nullable()
      .meta({ description: 'Bias ± 1.96 SD (Bland and Altman 1986)' }),
  })
  .meta({ id: 'AbsoluteError' });

export const metricsRowSchema = z
  .strictObject({
    kind: kindSchema,
    algorithm: z.strictObject({ name: z.string(), version: z.string() }),
    predictions: z.int().min(0),
    reviewed: proportion,
    accepted: proportion.meta({ description: 'First reads; n counts predictions with a read' }),
    edited: proportion,
    rejected: proportion,
    /** Predictions that agree with their ground truth by more than the threshold. */
    accurate: proportion,
    errors: z.array(error),
    readersAgree: proportion.meta({ description: 'Of predictions with two reads' }),
  })
  .meta({ id: 'MetricsRow' });

export const metricsSchema = z
  .strictObject({
    asOf: momentSchema,
    agreementThreshold: finiteSchema,
    truthLevel: z.enum(['single', 'double', 'adjudicated']),
    rows: z.array(metricsRowSchema),
  })
  .meta({ id: 'Metrics' });

export type Metrics = z.infer<typeof metricsSchema>;
export type MetricsRow = z.infer<typeof metricsRowSchema>;
export type Proportion = z.infer<typeof proportion>;
export type AbsoluteError = z.infer<typeof error>;

/** More than this share of agreement, and a prediction counts as training data as it is. */
export const AGREEMENT_THRESHOLD = 0.85;
