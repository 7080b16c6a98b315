import * as z from 'zod';
import { momentSchema } from './primitives.ts';

/** FHIR R4 AuditEvent, the elements that the service fills (http://hl7.org/fhir/R4/auditevent.html). */
const coding = z.strictObject({ system: z.string(), code: z.string(), display: z.string().optional() });

export const fhirAuditEventSchema = z
  .strictObject({
    resourceType: z.literal('AuditEvent'),
    id: z.string(),
    type: coding,
    subtype: z.array(coding),
    action: z.enum(['C', 'R', 'U', 'D', 'E']),
    recorded: momentSchema,
    outcome: z.enum(['0', '4', '8', '12']),
    purposeOfEvent: z.array(z.strictObject({ coding: z.array(coding) })).optional(),
    agent: z.array(z.looseObject({ requestor: z.boolean() })),
    source: z.looseObject({}),
    entity: z.array(z.looseObject({})).optional(),
  })
  .meta({ id: 'AuditEvent', description: 'FHIR R4 AuditEvent' });

export const auditBundleSchema = z
  .strictObject({
    resourceType: z.literal('Bundle'),
    type: z.literal('searchset'),
    link: z.array(z.strictObject({ relation: z.enum(['self', 'next']), url: z.string() })),
    entry: z.array(z.strictObject({ resource: fhirAuditEventSchema })),
  })
  .meta({ id: 'AuditBundle' });

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

export const treeHeadSchema = z
  .strictObject({
    size: z.int().min(0),
    root: base64,
    at: momentSchema,
    keyId: z.string(),
    signature: base64,
    publicKey: z.string().meta({ description: 'Ed25519, SPKI in PEM' }),
  })
  .meta({ id: 'TreeHead', description: 'Signed head of the RFC 6962 tree of the audit events' });

export const inclusionProofSchema = z
  .strictObject({
    eventId: z.string(),
    leafIndex: z.int().min(0),
    size: z.int().min(1),
    leaf: z.string().meta({ description: 'What is hashed: canonical JSON' }),
    path: z.array(base64),
  })
  .meta({ id: 'InclusionProof' });

export const consistencyProofSchema = z
  .strictObject({ first: z.int().min(0), second: z.int().min(0), path: z.array(base64) })
  .meta({ id: 'ConsistencyProof' });
