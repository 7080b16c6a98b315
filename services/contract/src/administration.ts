import * as z from 'zod';
import { CONSENTS, tombstoneSchema } from './prediction.ts';
import { dateSchema, freeTextSchema, momentSchema, recordIdSchema, siteSchema, uidSchema } from './primitives.ts';

export const consentInputSchema = z.strictObject({ consent: z.enum(CONSENTS) }).meta({ id: 'ConsentInput' });

export const retentionInputSchema = z
  .strictObject({ retentionUntil: dateSchema.nullable(), legalHold: z.boolean() })
  .meta({ id: 'RetentionInput', description: 'A record under legal hold is not erased, whatever its retention' });

export const administeredSchema = z
  .strictObject({
    id: recordIdSchema,
    consent: z.enum(CONSENTS),
    retentionUntil: dateSchema.nullable(),
    legalHold: z.boolean(),
  })
  .meta({ id: 'Administered' });

export const SHRED_REASONS = ['consent-withdrawn', 'requested', 'error'] as const;

export const shredInputSchema = z
  .strictObject({ reason: z.enum(SHRED_REASONS) })
  .meta({ id: 'ShredInput', description: 'Why the record is erased; there is no way back' });

export { tombstoneSchema };

export const EMERGENCY_HOURS = 4;

export const emergencyInputSchema = z
  .strictObject({
    id: recordIdSchema,
    site: siteSchema,
    studyUid: uidSchema.optional().meta({ description: 'Left out: all studies of the site' }),
    reason: freeTextSchema,
  })
  .meta({ id: 'EmergencyInput', description: 'Break-glass access: reason required, audited at once, for 4 hours' });

export const emergencySchema = z
  .strictObject({
    id: recordIdSchema,
    site: siteSchema,
    studyUid: uidSchema.nullable(),
    person: z.string(),
    reason: z.string().nullable().meta({ description: 'For auditors; null for others' }),
    grantedAt: momentSchema,
    expiresAt: momentSchema,
  })
  .meta({ id: 'EmergencyAccess' });

export const emergencyListSchema = z
  .strictObject({ accesses: z.array(emergencySchema) })
  .meta({ id: 'EmergencyAccessList' });

export type Emergency = z.infer<typeof emergencySchema>;
