import * as z from 'zod';
import { momentSchema } from './primitives.ts';

/** FHIR R4 AuditEvent, the elements that the service fills (http://hl7.org/fhir/R4/auditevent.html). */
const coding = z.strictObject({ system: z.string(), code: z.string(), display: z.string().optional() });
const concept = z.strictObject({ coding: z.array(coding) });
const identifier = z.strictObject({ system: z.string(), value: z.string() });

const agent = z.strictObject({
  type: concept.optional(),
  role: z.array(concept).optional(),
  who: z.strictObject({ identifier: identifier.optional(), display: z.string().optional() }).optional(),
  altId: z.string().optional(),
  name: z.string().optional(),
  requestor: z.boolean(),
  network: z.strictObject({ address: z.string(), type: z.literal('2') }).optional(),
});

const entity = z.strictObject({
  what: z.strictObject({ identifier }).optional(),
  type: coding.optional(),
  role: coding.optional(),
  name: z.string().optional(),
  detail: z.array(z.strictObject({ type: z.string(), valueString: z.string() })).optional(),
});

export const fhirAuditEventSchema = z
  .strictObject({
    resourceType: z.literal('AuditEvent'),
    id: z.string(),
    type: coding,
    subtype: z.array(coding),
    action: z.enum(['C', 'R', 'U', 'D', 'E']),
    recorded: momentSchema,
    outcome: z.enum(['0', '4', '8', '12']),
    purposeOfEvent: z.array(concept).optional(),
    agent: z.array(agent),
    source: z.strictObject({
      site: z.string().optional(),
      observer: z.strictObject({ display: z.string() }),
      type: z.array(coding),
    }),
    entity: z.array(entity).optional(),
  })
  .meta({ id: 'AuditEvent', description: 'FHIR R4 AuditEvent' });

export const auditBundleSchema = z
  .strictObject({
    resourceType: z.literal('Bundle'),
    type: z.literal('searchset'),
    link: z.array(z.strictObject({ relation: z.enum(['self', 'next']), url: z.string() })),
    entry: z.array(
      z.strictObject({
        fullUrl: z.string(),
        resource: fhirAuditEventSchema,
        search: z.strictObject({ mode: z.literal('match') }),
      }),
    ),
  })
  .meta({ id: 'AuditBundle' });

export type FhirAuditEvent = z.infer<typeof fhirAuditEventSchema>;
export type FhirBundle = z.infer<typeof auditBundleSchema>;

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256, hexadecimal' });
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

const signedHead = {
  size: z.int().min(0),
  root: hash,
  statement: z.string().meta({ description: 'The text that is signed: canonical JSON' }),
  keyId: z.string(),
  signature: base64.meta({ description: 'Ed25519 over the UTF-8 of the statement' }),
};

export const signedHeadSchema = z
  .strictObject(signedHead)
  .meta({ id: 'SignedHead', description: 'Signed head of the RFC 9162 tree of the audit events' });

export const treeHeadSchema = z
  .strictObject({ ...signedHead, publicKey: z.string().meta({ description: 'Ed25519, SPKI in PEM' }) })
  .meta({ id: 'TreeHead', description: 'The newest signed head, with the key that verifies it' });

export const inclusionProofSchema = z
  .strictObject({
    eventId: z.string(),
    leafData: z.string().meta({ description: 'The leaf hash is the SHA-256 of a zero byte and the UTF-8 of this' }),
    leafHash: hash,
    leafIndex: z.int().min(0),
    size: z.int().min(1),
    proof: z.array(hash).meta({ description: 'RFC 9162, 2.1.3' }),
    head: signedHeadSchema.optional().meta({ description: 'Where a head of exactly that size was signed' }),
  })
  .meta({ id: 'InclusionProof' });

export const consistencyProofSchema = z
  .strictObject({
    first: z.int().min(0),
    second: z.int().min(0),
    proof: z.array(hash).meta({ description: 'RFC 9162, 2.1.4' }),
    firstHead: signedHeadSchema.optional(),
    secondHead: signedHeadSchema.optional(),
  })
  .meta({ id: 'ConsistencyProof' });
