import { AUDIT_ACTIONS, type AuditEventInput, type AuditEventType, auditRecord } from './audit-event.ts';
import { fhirAuditEvent, fhirBundle } from './fhir.ts';

const ACTOR = `p1:${'a'.repeat(43)}`;
const full: AuditEventInput = {
  type: 'prediction.read',
  outcome: 0,
  actor: ACTOR,
  site: 'north',
  studyUid: '1.2.3',
  at: new Date('2026-11-30T08:00:00.123Z'),
  roles: ['reader'],
  purposeOfUse: 'TREAT',
  entities: [{ kind: 'prediction', id: 'id-1', digest: 'ab'.repeat(32), digestBefore: 'cd'.repeat(32) }],
  requestId: 'req-1',
  ip: '192.0.2.7',
  userAgent: 'Mozilla/5.0',
  session: 'q83v',
  emergencyAccessId: '0b0e7a1c-2d3c-4f3a-9a58-6a1f4fb5a001',
  durationMs: 12.5,
  detail: { count: 1, blinded: false },
};
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';

test('an event with everything', () => {
  const { stored, text } = auditRecord(full);
  expect(fhirAuditEvent({ event: text })).toEqual({
    resourceType: 'AuditEvent',
    id: stored.id,
    type: { system: DCM, code: '110110', display: 'Patient Record' },
    subtype: [{ system: 'urn:voxelwise:audit-event-type', code: 'prediction.read' }],
    action: 'R',
    recorded: '2026-11-30T08:00:00.123Z',
    outcome: '0',
    purposeOfEvent: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }] }],
    agent: [
      {
        role: [{ coding: [{ system: 'urn:voxelwise:role', code: 'reader' }] }],
        who: { identifier: { system: 'urn:voxelwise:pseudonym', value: ACTOR } },
        altId: 'q83v',
        requestor: true,
        network: { address: '192.0.2.7', type: '2' },
      },
      {
        type: { coding: [{ system: DCM, code: '110150', display: 'Application' }] },
        name: 'Mozilla/5.0',
        requestor: false,
      },
    ],
    source: {
      site: 'north',
      observer: { display: 'Voxelwise data service' },
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
    entity: [
      {
        what: { identifier: { system: 'urn:dicom:uid', value: 'urn:oid:1.2.3' } },
        type: { system: DCM, code: '110180', display: 'Study Instance UID' },
        role: expect.objectContaining({ code: '4' }),
      },
      {
        what: { identifier: { system: 'urn:voxelwise:prediction', value: 'id-1' } },
        type: { system: 'urn:voxelwise:audit-entity-kind', code: 'prediction' },
        role: expect.objectContaining({ code: '4' }),
        detail: [
          { type: 'sha256', valueString: 'ab'.repeat(32) },
          { type: 'sha256-before', valueString: 'cd'.repeat(32) },
        ],
      },
      {
        what: {
          identifier: { system: 'urn:voxelwise:emergency-access', value: '0b0e7a1c-2d3c-4f3a-9a58-6a1f4fb5a001' },
        },
        type: { system: 'urn:voxelwise:audit-entity-kind', code: 'emergency-access' },
        role: expect.objectContaining({ code: '13' }),
      },
      {
        what: { identifier: { system: 'urn:voxelwise:request', value: 'req-1' } },
        type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
      },
      {
        name: 'detail',
        detail: [
          { type: 'blinded', valueString: 'false' },
          { type: 'count', valueString: '1' },
          { type: 'durationMs', valueString: '12.5' },
        ],
      },
    ],
  });
});

test('an event of nobody has an agent all the same, and leaves out what does not apply', () => {
  const { text } = auditRecord({ type: 'authentication.refused', outcome: 4, actor: null, site: null });
  const resource = fhirAuditEvent({ event: text });
  expect(resource).toMatchObject({
    type: { code: '110114' },
    subtype: [{ code: '110122' }, { code: 'authentication.refused' }],
    action: 'E',
    outcome: '4',
    agent: [{ who: { display: 'nobody authenticated' }, requestor: true }],
  });
  expect(resource).not.toHaveProperty('entity');
  expect(resource).not.toHaveProperty('purposeOfEvent');
  expect(resource.source).not.toHaveProperty('site');
  expect(resource.agent).toHaveLength(1);
});

test.each([
  ['service.start', '110100', '110120'],
  ['service.stop', '110100', '110121'],
  ['access.refused', '110113', '110147'],
  ['emergency.grant', '110113', '110127'],
  ['keys.rotate', '110113', '110129'],
  ['export.disclose', '110106', 'export.disclose'],
  ['prediction.search', '110112', 'prediction.search'],
  ['audit.read', '110101', 'audit.read'],
  ['record.shred', '110110', 'record.shred'],
] as const)('%s is event %s of DICOM, first subtype %s', (type, event, subtype) => {
  const resource = fhirAuditEvent({ event: auditRecord({ ...full, type }).text });
  expect(resource.type.code).toBe(event);
  expect(resource.subtype[0]!.code).toBe(subtype);
});

test('every type of event is a resource, also one of a newer release', () => {
  for (const type of Object.keys(AUDIT_ACTIONS) as AuditEventType[]) {
    const resource = fhirAuditEvent({ event: auditRecord({ ...full, type }).text });
    expect(resource.type.system).toBe(DCM);
    expect(resource.subtype.at(-1)).toEqual({ system: 'urn:voxelwise:audit-event-type', code: type });
  }
  const newer = auditRecord(full).text.replace('prediction.read', 'dictation.create');
  expect(fhirAuditEvent({ event: newer }).subtype.at(-1)!.code).toBe('dictation.create');
});

test('a page of a search is a Bundle', () => {
  const { stored, text } = auditRecord(full);
  const bundle = fhirBundle([{ id: stored.id, event: text }], { self: '/api/audit?a=1', next: '/api/audit?a=2' });
  expect(bundle).toEqual({
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: '/api/audit?a=1' },
      { relation: 'next', url: '/api/audit?a=2' },
    ],
    entry: [{ fullUrl: `urn:uuid:${stored.id}`, resource: fhirAuditEvent({ event: text }), search: { mode: 'match' } }],
  });
  expect(fhirBundle([], { self: '/api/audit' })).toEqual({
    resourceType: 'Bundle',
    type: 'searchset',
    link: [{ relation: 'self', url: '/api/audit' }],
    entry: [],
  });
});
