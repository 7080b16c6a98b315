import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Transaction } from '../database/connection.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** C create, R read, U update, D delete, E execute (DICOM PS3.15, A.5; FHIR AuditEvent.action). */
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** Every kind of event, and what it does where the event itself says nothing else. */
export const AUDIT_ACTIONS = {
  'service.start': 'E',
  'service.stop': 'E',
  'session.read': 'R',
  'authentication.refused': 'E',
  'access.refused': 'E',
  'prediction.create': 'C',
  'prediction.read': 'R',
  'prediction.search': 'R',
  'review.create': 'C',
  'review.read': 'R',
  'object.write': 'C',
  'object.read': 'R',
  'metrics.read': 'R',
  'export.request': 'C',
  'export.read': 'R',
  'export.cancel': 'U',
  'export.disclose': 'R',
  'record.shred': 'D',
  'record.hold': 'U',
  'record.consent': 'U',
  'record.retention': 'U',
  'emergency.grant': 'C',
  'emergency.read': 'R',
  'audit.read': 'R',
  'audit.verify': 'R',
  'audit.continue': 'E',
  'keys.rotate': 'U',
  'backup.create': 'E',
  'backup.restore': 'E',
} as const satisfies Record<string, AuditAction>;

export type AuditEventType = keyof typeof AUDIT_ACTIONS;

/** 0 success, 4 minor failure (refused), 8 serious failure, 12 major failure (DICOM PS3.15, A.5). */
export const AUDIT_OUTCOMES = [0, 4, 8, 12] as const;

/** HL7 v3 ActReason codes: treatment, emergency treatment, research, operations, quality, administration, compliance. */
export const PURPOSES_OF_USE = ['TREAT', 'ETREAT', 'HRESCH', 'HOPERAT', 'HQUALIMP', 'HSYSADMIN', 'HCOMPL'] as const;

/** What an event is about. */
export const AUDIT_ENTITY_KINDS = [
  'prediction',
  'review',
  'object',
  'export',
  'emergency-access',
  'audit-event',
  'tree-head',
  'key',
  'series',
] as const;

const USER_AGENT_LENGTH = 200;

// Names, numbers and codes, no sentences: nobody can write about a patient here.
const code = z
  .string()
  .regex(/^[\w.:/@+=-]{1,128}$/, 'must be a code of up to 128 letters, digits and . : / @ + = _ -');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 of 64 hexadecimal digits');
const pseudonym = z.string().regex(/^p[0-9]+:[A-Za-z0-9_-]{43}$/, 'must be a pseudonym such as p1:q83v...');

const auditEventSchema = z.strictObject({
  type: z.enum(Object.keys(AUDIT_ACTIONS) as [AuditEventType, ...AuditEventType[]]),
  outcome: z.literal(AUDIT_OUTCOMES),
  /** Pseudonym of the person or machine. Null where nobody is authenticated. */
  actor: pseudonym.nullable(),
  /** Null where it concerns no site, or all. */
  site: z
    .string()
    .regex(/^\P{C}{1,128}$/u, 'must be up to 128 printable characters')
    .nullable(),
  /** The moment it happened; now where not given. */
  at: z.date().optional(),
  /** The type's own where not given. */
  action: z.enum(['C', 'R', 'U', 'D', 'E']).optional(),
  /** Roles that the actor had. */
  roles: z.array(code).max(16).optional(),
  purposeOfUse: z.enum(PURPOSES_OF_USE).optional(),
  /** DICOM Study Instance UID. */
  studyUid: z
    .string()
    .regex(/^[0-9.]{1,64}$/, 'must be a DICOM UID')
    .optional(),
  /** What was read or written. A write names the SHA-256 of the new content, and of the old one where there was one. */
  entities: z
    .array(
      z.strictObject({
        kind: z.enum(AUDIT_ENTITY_KINDS),
        id: code,
        digest: sha256.optional(),
        digestBefore: sha256.optional(),
      }),
    )
    .max(1000)
    .optional(),
  requestId: code.optional(),
  ip: z
    .string()
    .refine(text => isIP(text) !== 0, 'must be an IP address')
    .optional(),
  /** Only its beginning is kept. */
  userAgent: z
    .string()
    .transform(text => [...text.replace(/\p{C}/gu, '')].slice(0, USER_AGENT_LENGTH).join(''))
    .optional(),
  /** Keyed digest of the token's `sid` or `jti`. */
  session: code.optional(),
  /** The emergency access that was made use of. */
  emergencyAccessId: z.uuid().optional(),
  durationMs: z.number().nonnegative().optional(),
  /** What else is worth knowing: codes, numbers, yes or no. */
  detail: z.record(z.string().regex(/^[A-Za-z]\w{0,31}$/), z.union([code, z.number(), z.boolean()])).optional(),
});

/** An event as the service reports it. There is no place for free text in it. */
export type AuditEventInput = z.input<typeof auditEventSchema>;

/** An event as the canonical JSON in `audit_event.event` holds it. What does not apply is left out. */
export type StoredAuditEvent = Omit<z.output<typeof auditEventSchema>, 'actor' | 'site' | 'at' | 'action'> & {
  id: string;
  /** ISO 8601, UTC, milliseconds. */
  at: string;
  action: AuditAction;
  actor?: string;
  site?: string;
};

/** An event that can be written, and its canonical JSON. */
export interface AuditRecord {
  stored: StoredAuditEvent;
  /** RFC 8785. */
  text: string;
}

/**
 * Gives an event its id, time and canonical JSON.
 * @throws TypeError that names the field that is not allowed, without its content
 */
export function auditRecord(input: AuditEventInput): AuditRecord {
  const parsed = auditEventSchema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(issue => `${fieldName(issue.path)}: ${issue.message}`);
    throw new TypeError(`The audit event is not allowed. ${problems.join('; ')}`);
  }
  const { at, action, actor, site, userAgent, ...rest } = parsed.data;
  const stored: StoredAuditEvent = {
    ...rest,
    id: randomUUID(),
    at: (at ?? new Date()).toISOString(),
    action: action ?? AUDIT_ACTIONS[rest.type],
    ...(actor !== null && { actor }),
    ...(site !== null && { site }),
    ...(userAgent && { userAgent }),
  };
  return { stored, text: canonicalize(stored) as string };
}

/** A path such as `detail.reason`. What is not a plain name is left out: it may be content. */
function fieldName(path: readonly PropertyKey[]): string {
  const names = path.map(String).filter(name => /^\w{1,32}$/.test(name));
  return names.join('.') || 'event';
}

/**
 * Writes events in the caller's transaction, with one INSERT: they are there if, and only if, its effect is. Where an event
 * cannot be written this throws, and the caller's transaction must not be committed.
 *
 * @returns ids of the events
 * @throws TypeError that names the field that is not allowed, without its content
 */
export async function recordAudit(transaction: Transaction, ...events: AuditEventInput[]): Promise<string[]> {
  if (events.length === 0) return [];
  const records = events.map(auditRecord);
  const rows = records.map(({ stored, text }) => {
    const { id, at, site = null, actor = null, type, outcome, studyUid = null } = stored;
    return Prisma.sql`(${id}::uuid, ${at}::timestamptz, ${site}, ${actor}, ${type}, ${outcome}::int, ${studyUid}, ${text})`;
  });
  // The transaction gets its number before the row gets its `seq`, which is a default and evaluated last: only then can no
  // event have a `seq` from before and a transaction from after a tree head (see ceiling in the schema).
  await transaction.$executeRaw`
    INSERT INTO audit_event (id, at, site, actor, type, outcome, study_uid, event, transaction_id)
    SELECT v.id, v.at, v.site, v.actor, v.type, v.outcome, v.study_uid, v.event, x.id
    FROM (SELECT pg_current_xact_id()::text::bigint AS id OFFSET 0) x,
      (VALUES ${Prisma.join(rows)}) v (id, at, site, actor, type, outcome, study_uid, event)`;
  return records.map(({ stored }) => stored.id);
}
