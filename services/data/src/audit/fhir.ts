// Audit rows as FHIR R4 (4.0.1) AuditEvent, with the event codes of DICOM PS3.16, CID 400 and 401.
import type { FhirAuditEvent, FhirBundle } from '@voxelwise/contract';
import type { AuditEventType, StoredAuditEvent } from './audit-event.ts';

type Agent = FhirAuditEvent['agent'][number];
type Entity = NonNullable<FhirAuditEvent['entity']>[number];
type Coding = FhirAuditEvent['type'];
type CodeableConcept = NonNullable<FhirAuditEvent['purposeOfEvent']>[number];

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const EVENT_TYPE = 'urn:voxelwise:audit-event-type';
const ENTITY_KIND = 'urn:voxelwise:audit-entity-kind';
const ROLE = 'urn:voxelwise:role';
const PSEUDONYM = 'urn:voxelwise:pseudonym';
const HL7 = 'http://terminology.hl7.org/CodeSystem';

/** DICOM PS3.16, CID 400: Audit Event ID. */
const EVENTS = {
  application: { code: '110100', display: 'Application Activity' },
  auditLog: { code: '110101', display: 'Audit Log Used' },
  export: { code: '110106', display: 'Export' },
  record: { code: '110110', display: 'Patient Record' },
  query: { code: '110112', display: 'Query' },
  security: { code: '110113', display: 'Security Alert' },
  authentication: { code: '110114', display: 'User Authentication' },
} as const;

/** DICOM PS3.16, CID 401: Audit Event Type Code. */
const SUBTYPES = {
  start: { code: '110120', display: 'Application Start' },
  stop: { code: '110121', display: 'Application Stop' },
  login: { code: '110122', display: 'Login' },
  emergency: { code: '110127', display: 'Emergency Override Started' },
  configuration: { code: '110129', display: 'Security Configuration' },
  decision: { code: '110147', display: 'Access Control Decision' },
} as const;

/** What each of our events is in DICOM's terms. Masks and results are records of a patient, not DICOM instances. */
const CODES: Record<AuditEventType, { event: keyof typeof EVENTS; subtype?: keyof typeof SUBTYPES }> = {
  'service.start': { event: 'application', subtype: 'start' },
  'service.stop': { event: 'application', subtype: 'stop' },
  'session.read': { event: 'application' },
  'authentication.refused': { event: 'authentication', subtype: 'login' },
  'access.refused': { event: 'security', subtype: 'decision' },
  'prediction.create': { event: 'record' },
  'prediction.read': { event: 'record' },
  'prediction.search': { event: 'query' },
  'review.create': { event: 'record' },
  'review.read': { event: 'record' },
  'object.write': { event: 'record' },
  'object.read': { event: 'record' },
  'metrics.read': { event: 'query' },
  'export.request': { event: 'export' },
  'export.read': { event: 'export' },
  'export.cancel': { event: 'export' },
  'export.disclose': { event: 'export' },
  'record.shred': { event: 'record' },
  'record.hold': { event: 'record' },
  'record.consent': { event: 'record' },
  'record.retention': { event: 'record' },
  'emergency.grant': { event: 'security', subtype: 'emergency' },
  'emergency.read': { event: 'security' },
  'audit.read': { event: 'auditLog' },
  'audit.verify': { event: 'auditLog' },
  'audit.continue': { event: 'security' },
  'keys.rotate': { event: 'security', subtype: 'configuration' },
  'backup.create': { event: 'application' },
  'backup.restore': { event: 'application' },
};

/** The event of an audit row as a FHIR resource. All that is in it comes from the sealed event. */
export function fhirAuditEvent(row: { event: string }): FhirAuditEvent {
  const event = JSON.parse(row.event) as StoredAuditEvent;
  // A newer release may have written a type that this one does not know.
  const { event: dicom, subtype } = CODES[event.type] ?? { event: 'application' };
  const entity = entitiesOf(event);
  return {
    resourceType: 'AuditEvent',
    id: event.id,
    type: { system: DCM, ...EVENTS[dicom] },
    subtype: [...(subtype ? [{ system: DCM, ...SUBTYPES[subtype] }] : []), { system: EVENT_TYPE, code: event.type }],
    action: event.action,
    recorded: event.at,
    outcome: `${event.outcome}`,
    ...(event.purposeOfUse && { purposeOfEvent: [concept(`${HL7}/v3-ActReason`, event.purposeOfUse)] }),
    agent: agentsOf(event),
    source: {
      ...(event.site !== undefined && { site: event.site }),
      observer: { display: 'Voxelwise data service' },
      type: [{ system: `${HL7}/security-source-type`, code: '4', display: 'Application Server' }],
    },
    ...(entity.length > 0 && { entity }),
  };
}

function agentsOf({ actor, roles, session, ip, userAgent }: StoredAuditEvent): Agent[] {
  const person: Agent = {
    ...(roles && roles.length > 0 && { role: roles.map(role => concept(ROLE, role)) }),
    who:
      actor === undefined ? { display: 'nobody authenticated' } : { identifier: { system: PSEUDONYM, value: actor } },
    ...(session !== undefined && { altId: session }),
    requestor: true,
    ...(ip !== undefined && { network: { address: ip, type: '2' as const } }),
  };
  if (userAgent === undefined) return [person];
  return [person, { type: concept(DCM, '110150', 'Application'), name: userAgent, requestor: false }];
}

function entitiesOf(event: StoredAuditEvent): Entity[] {
  const { studyUid, entities = [], emergencyAccessId, requestId, durationMs, detail = {} } = event;
  const list: Entity[] = [];
  if (studyUid !== undefined) {
    list.push({
      what: { identifier: { system: 'urn:dicom:uid', value: `urn:oid:${studyUid}` } },
      type: { system: DCM, code: '110180', display: 'Study Instance UID' },
      role: objectRole('4', 'Domain Resource'),
    });
  }
  for (const { kind, id, digest, digestBefore } of entities) {
    const digests = details({ sha256: digest, 'sha256-before': digestBefore });
    list.push({
      what: { identifier: { system: `urn:voxelwise:${kind}`, value: id } },
      type: { system: ENTITY_KIND, code: kind },
      role: objectRole('4', 'Domain Resource'),
      ...(digests.length > 0 && { detail: digests }),
    });
  }
  if (emergencyAccessId !== undefined) {
    list.push({
      what: { identifier: { system: 'urn:voxelwise:emergency-access', value: emergencyAccessId } },
      type: { system: ENTITY_KIND, code: 'emergency-access' },
      role: objectRole('13', 'Security Resource'),
    });
  }
  if (requestId !== undefined) {
    list.push({
      what: { identifier: { system: 'urn:voxelwise:request', value: requestId } },
      type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
    });
  }
  const more = details({ ...detail, durationMs });
  if (more.length > 0) list.push({ name: 'detail', detail: more });
  return list;
}

function details(values: Record<string, string | number | boolean | undefined>) {
  return Object.entries(values).flatMap(([type, value]) =>
    value === undefined ? [] : [{ type, valueString: String(value) }],
  );
}

function objectRole(code: string, display: string): Coding {
  return { system: `${HL7}/object-role`, code, display };
}

function concept(system: string, code: string, display?: string): CodeableConcept {
  return { coding: [{ system, code, ...(display !== undefined && { display }) }] };
}

/**
 * One page of a search as a FHIR Bundle.
 * @param links where this page is, and the next one where there is one
 */
export function fhirBundle(
  rows: readonly { id: string; event: string }[],
  links: { self: string; next?: string },
): FhirBundle {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: links.self },
      ...(links.next === undefined ? [] : [{ relation: 'next' as const, url: links.next }]),
    ],
    entry: rows.map(row => ({
      fullUrl: `urn:uuid:${row.id}`,
      resource: fhirAuditEvent(row),
      search: { mode: 'match' },
    })),
  };
}
