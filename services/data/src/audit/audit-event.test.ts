import fc from 'fast-check';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { databaseProblem } from '../database/errors.ts';
import { AUDIT_ACTIONS, type AuditEventInput, type AuditEventType, auditRecord, recordAudit } from './audit-event.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const ACTOR = `p1:${'a'.repeat(43)}`;
const reading: AuditEventInput = {
  type: 'prediction.read',
  outcome: 0,
  actor: ACTOR,
  site: 'north',
  studyUid: '1.2.826.0.1.3680043.8.498.1',
  at: new Date('2026-11-30T08:00:00.123Z'),
  roles: ['reader', 'reviewer'],
  purposeOfUse: 'TREAT',
  entities: [{ kind: 'prediction', id: '0b0e7a1c-2d3c-4f3a-9a58-6a1f4fb5a001', digest: 'ab'.repeat(32) }],
  requestId: 'req-1',
  ip: '192.0.2.7',
  userAgent: 'Mozilla/5.0',
  session: 'q83vEjRWeJ',
  durationMs: 12.5,
  detail: { count: 1, blinded: false, reason: 'site' },
};

const refused = (event: unknown) => () => auditRecord(event as AuditEventInput);

test('an event is one row: columns to search by, and canonical JSON that has all of it', async () => {
  const [id] = await database.db.transaction(tx => recordAudit(tx, reading));
  const row = await database.db.prisma.auditEvent.findUniqueOrThrow({ where: { id: id! } });
  expect(row).toMatchObject({
    at: new Date('2026-11-30T08:00:00.123Z'),
    site: 'north',
    actor: ACTOR,
    type: 'prediction.read',
    outcome: 0,
    studyUid: '1.2.826.0.1.3680043.8.498.1',
  });
  expect(row.event).toBe(
    `{"action":"R","actor":"${ACTOR}","at":"2026-11-30T08:00:00.123Z","detail":{"blinded":false,"count":1,"reason":"site"},` +
      `"durationMs":12.5,"entities":[{"digest":"${'ab'.repeat(32)}","id":"0b0e7a1c-2d3c-4f3a-9a58-6a1f4fb5a001",` +
      `"kind":"prediction"}],"id":"${id}","ip":"192.0.2.7","outcome":0,"purposeOfUse":"TREAT","requestId":"req-1",` +
      '"roles":["reader","reviewer"],"session":"q83vEjRWeJ","site":"north","studyUid":"1.2.826.0.1.3680043.8.498.1",' +
      '"type":"prediction.read","userAgent":"Mozilla/5.0"}',
  );
});

test('what does not apply is null in the columns and absent from the JSON', async () => {
  const before = Date.now();
  const [id] = await database.db.transaction(tx =>
    recordAudit(tx, { type: 'authentication.refused', outcome: 4, actor: null, site: null }),
  );
  const row = await database.db.prisma.auditEvent.findUniqueOrThrow({ where: { id: id! } });
  expect(row).toMatchObject({ site: null, actor: null, studyUid: null, outcome: 4 });
  expect(JSON.parse(row.event)).toEqual({
    id,
    at: row.at.toISOString(),
    type: 'authentication.refused',
    action: 'E',
    outcome: 4,
  });
  expect(row.at.getTime()).toBeGreaterThanOrEqual(before);
  expect(row.at.getTime()).toBeLessThanOrEqual(Date.now());
});

test('events share the fate of the transaction, and know its number', async () => {
  const count = () => database.db.prisma.auditEvent.count();
  const before = await count();
  await expect(
    database.db.transaction(async tx => {
      await recordAudit(tx, reading);
      throw new Error('the effect failed');
    }),
  ).rejects.toThrow('the effect failed');
  expect(await count()).toBe(before);

  const { ids, number } = await database.db.transaction(async tx => {
    const [{ number }] = await tx.$queryRaw<[{ number: bigint }]>`SELECT pg_current_xact_id()::text::bigint AS number`;
    return { number, ids: await recordAudit(tx, reading, reading, reading) };
  });
  expect(await database.db.prisma.auditEvent.findMany({ where: { id: { in: ids } } })).toMatchObject(
    ids.map(() => ({ transactionId: number })),
  );
});

test('where the event cannot be written, the effect is undone', async () => {
  const id = crypto.randomUUID();
  const effect = (event: AuditEventInput) =>
    database.db.transaction(async tx => {
      await tx.dataKey.create({ data: { id, masterKeyId: 'm1', wrapped: Buffer.alloc(40) } });
      await recordAudit(tx, event);
    });
  await expect(effect({ ...reading, actor: 'Dr. Smith' })).rejects.toThrow(TypeError);
  await database.owner.pool.query(`ALTER TABLE audit_event ADD CONSTRAINT audit_is_full CHECK (type <> 'keys.rotate')`);
  await expect(effect({ ...reading, type: 'keys.rotate' })).rejects.toThrow();
  expect(await database.db.prisma.dataKey.count({ where: { id } })).toBe(0);
  await effect(reading);
  expect(await database.db.prisma.dataKey.count({ where: { id } })).toBe(1);
});

test('the service cannot change, delete or empty what it wrote', async () => {
  for (const statement of [
    `UPDATE audit_event SET outcome = 8`,
    'DELETE FROM audit_event',
    'TRUNCATE audit_event CASCADE',
    'DELETE FROM audit_leaf',
    'DELETE FROM audit_node',
    'UPDATE audit_tree_head SET size = 0',
    'ALTER TABLE audit_event DISABLE TRIGGER ALL',
  ]) {
    const error = await database.db.pool.query(statement).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect([statement, databaseProblem(error)]).toEqual([statement, 'permission-denied']);
  }
});

test.each<[string, Record<string, unknown>]>([
  ['type', { type: 'patient.read' }],
  ['outcome', { outcome: 1 }],
  ['actor', { actor: 'Jane Doe' }],
  ['actor', { actor: undefined }],
  ['site', { site: 'a\nb' }],
  ['studyUid', { studyUid: 'Doe^Jane' }],
  ['entities.0.id', { entities: [{ kind: 'prediction', id: 'Jane Doe' }] }],
  ['entities.0.kind', { entities: [{ kind: 'patient', id: '1' }] }],
  ['entities.0.digest', { entities: [{ kind: 'object', id: '1', digest: 'Jane Doe' }] }],
  ['requestId', { requestId: 'Jane Doe' }],
  ['ip', { ip: 'Jane Doe' }],
  ['session', { session: 'Jane Doe' }],
  ['roles.0', { roles: ['Jane Doe'] }],
  ['detail.reason', { detail: { reason: 'seen by Jane Doe' } }],
  ['detail', { detail: { 'Jane Doe': 1 } }],
  ['detail.count', { detail: { count: Number.NaN } }],
  ['durationMs', { durationMs: Number.POSITIVE_INFINITY }],
  ['durationMs', { durationMs: -1 }],
  ['event', { patientName: 'x' }],
])('%s: what is not of its kind is refused without repeating it', (field, change) => {
  const event = refused({ ...reading, ...change });
  expect(event).toThrow(TypeError);
  expect(event).toThrow(`The audit event is not allowed. ${field}: `);
  expect(event).not.toThrow(/Jane/);
});

test('of the user agent only a printable beginning is kept', () => {
  const kept = (userAgent: string) => auditRecord({ ...reading, userAgent }).stored.userAgent;
  expect(kept('a\r\nb\u0000c')).toBe('abc');
  expect(kept('x'.repeat(5000))).toHaveLength(200);
  expect(kept('\u0000')).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), userAgent => {
      const { text, stored } = auditRecord({ ...reading, userAgent });
      expect(JSON.parse(text)).toEqual(stored);
      expect(Buffer.from(text).toString()).toBe(text);
    }),
  );
});

test('every type of event can be written, with its own action or the one it is given', () => {
  for (const [type, action] of Object.entries(AUDIT_ACTIONS)) {
    const event = { type: type as AuditEventType, outcome: 0 as const, actor: null, site: null };
    expect(auditRecord(event).stored.action).toBe(action);
    expect(auditRecord({ ...event, action: 'D' }).stored.action).toBe('D');
  }
});
