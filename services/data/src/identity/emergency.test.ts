import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import {
  accessThatCovers,
  activeEmergencyAccesses,
  type EmergencyInput,
  listEmergencyAccesses,
  type ReasonSeal,
  sitesInEmergency,
  takeEmergencyAccess,
  withEmergencyAccess,
} from './emergency.ts';
import { testPseudonyms } from './provider.test-support.ts';
import { siteAuthority } from './study-authority.ts';

const NOW = new Date('2026-11-30T08:00:00Z');
const HOUR_MS = 3_600_000;
const REASON = 'Mrs. Doe is in the shock room';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
}, 120_000);
afterAll(() => database.drop());

/** AES-256-GCM with a key that the row of the data key holds. */
const reasons: ReasonSeal = {
  async seal(transaction, id, reason) {
    const key = randomBytes(32);
    const dataKey = await transaction.dataKey.create({ data: { id: randomUUID(), masterKeyId: 'm1', wrapped: key } });
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
    const text = Buffer.concat([iv, cipher.update(reason, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { reasonSealed: `f1:${dataKey.id}:${text.toString('base64url')}`, dataKeyId: dataKey.id };
  },
  async open(transaction, accesses) {
    return Promise.all(
      accesses.map(async ({ id, dataKeyId, reasonSealed }) => {
        const { wrapped } = await transaction.dataKey.findUniqueOrThrow({ where: { id: dataKeyId } });
        if (!wrapped) return null;
        const text = Buffer.from(reasonSealed.split(':')[2]!, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', wrapped, text.subarray(0, 12)).setAAD(Buffer.from(id));
        decipher.setAuthTag(text.subarray(-16));
        return Buffer.concat([decipher.update(text.subarray(12, -16)), decipher.final()]).toString('utf8');
      }),
    );
  },
};

function person(name: string) {
  const persons = testPseudonyms('person', name);
  return { person: persons[0]!, persons };
}

const anna = person('anna');

/** Every test has a site of its own. */
function input(further: Partial<EmergencyInput> = {}): EmergencyInput {
  return { id: randomUUID(), site: `site-${randomUUID()}`, reason: REASON, ...further };
}

const take = (of: EmergencyInput, who = anna, now = NOW) =>
  database.db.transaction(transaction => takeEmergencyAccess(transaction, who, of, reasons, now));
const active = (who: { persons: readonly string[] }, now: Date) =>
  database.db.transaction(transaction => activeEmergencyAccesses(transaction, who.persons, now));
const countOf = (id: string) => database.db.prisma.emergencyAccess.count({ where: { id } });

test('an access holds for four hours, and not a moment longer', async () => {
  const who = person('of four hours');
  const granted = await take(input(), who);
  expect(granted).toMatchObject({ outcome: 'created', access: { actor: who.person, grantedAt: NOW } });
  expect(await active(who, NOW)).toHaveLength(1);
  expect(await active(who, new Date(NOW.getTime() + 4 * HOUR_MS - 1))).toHaveLength(1);
  expect(await active(who, new Date(NOW.getTime() + 4 * HOUR_MS))).toHaveLength(0);
  expect(await active(who, new Date(NOW.getTime() - 1))).toHaveLength(0);
});

test('it belongs to the person who took it, also after their pseudonym was renewed', async () => {
  const [newest, oldest] = testPseudonyms('person', 'renewed');
  const before = { person: oldest!, persons: [oldest!] };
  const of = input();
  await take(of, before);
  expect(await active({ persons: [newest!, oldest!] }, NOW)).toHaveLength(1);
  expect(await take(of, { person: newest!, persons: [newest!, oldest!] })).toMatchObject({ outcome: 'repeated' });
  expect(await active(person('somebody else'), NOW)).toHaveLength(0);
});

test('repeating a request changes nothing, and does not prolong it', async () => {
  const of = input({ studyUid: '1.2.3' });
  const first = await take(of);
  const again = await take(of, anna, new Date(NOW.getTime() + HOUR_MS));
  expect(again).toEqual({ outcome: 'repeated', access: 'access' in first && first.access });
  expect(await countOf(of.id)).toBe(1);
});

test.each<[string, Partial<EmergencyInput>, { person: string; persons: readonly string[] }?]>([
  ['another site', { site: 'elsewhere' }],
  ['another study', { studyUid: '1.2.4' }],
  ['all studies', { studyUid: undefined }],
  ['another reason', { reason: 'Mr. Roe is in the shock room' }],
  ['another person', {}, person('ben')],
])('an id that was used for %s is taken', async (_case, change, who = anna) => {
  const of = input({ studyUid: '1.2.3' });
  await take(of);
  expect(await take({ ...of, ...change }, who)).toEqual({ outcome: 'id-taken' });
});

test('50 deliveries at once are one access with one data key', async () => {
  const of = input();
  const keysBefore = await database.db.prisma.dataKey.count();
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => take(of)));
  expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(49);
  expect(await countOf(of.id)).toBe(1);
  expect((await database.db.prisma.dataKey.count()) - keysBefore).toBe(1);
});

test('where the transaction fails nothing is left, neither access nor key', async () => {
  const of = input();
  const keysBefore = await database.db.prisma.dataKey.count();
  const failing = database.db.transaction(async transaction => {
    await takeEmergencyAccess(transaction, anna, of, reasons, NOW);
    throw new Error('The audit event could not be written.');
  });
  await expect(failing).rejects.toThrow('audit event');
  expect(await countOf(of.id)).toBe(0);
  expect(await database.db.prisma.dataKey.count()).toBe(keysBefore);
});

test('the reason is in no column as it was written, and a reason that is not sealed is refused by the database', async () => {
  const of = input();
  await take(of);
  const { rows } = await database.owner.pool.query('SELECT * FROM emergency_access WHERE id = $1', [of.id]);
  expect(JSON.stringify(rows)).not.toContain('shock');
  expect(rows[0].reason_sealed).toMatch(/^f1:/);
  const plain: ReasonSeal = {
    ...reasons,
    seal: async (transaction, id, reason) => ({
      ...(await reasons.seal(transaction, id, reason)),
      reasonSealed: reason,
    }),
  };
  const bare = database.db.transaction(transaction => takeEmergencyAccess(transaction, anna, input(), plain, NOW));
  await expect(bare).rejects.toThrow();
});

test('the application can neither change nor remove an access', async () => {
  const of = input();
  await take(of);
  for (const statement of [
    'UPDATE emergency_access SET expires_at = now()',
    'DELETE FROM emergency_access',
    'TRUNCATE emergency_access',
  ]) {
    await expect(database.db.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
  }
});

test('an auditor sees those of the sites asked for, newest first, also ended ones', async () => {
  const site = `site-${randomUUID()}`;
  const taken = [0, 2, 1].map(hours => ({ of: input({ site }), now: new Date(NOW.getTime() - hours * 100 * HOUR_MS) }));
  for (const { of, now } of taken) await take(of, anna, now);
  await take(input());
  const list = (sites: string[], limit = 10) =>
    database.db.transaction(transaction => listEmergencyAccesses(transaction, sites, limit));
  const ids = [taken[0]!, taken[2]!, taken[1]!].map(({ of }) => of.id);
  expect((await list([site])).map(({ id }) => id)).toEqual(ids);
  expect((await list([site, 'another'], 2)).map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(await list([])).toEqual([]);
});

describe('what an access opens', () => {
  const principal = {
    ...anna,
    roles: ['reader' as const],
    sites: ['north'],
    sessionId: null,
    token: null,
    expiresAt: null,
    isLocal: false,
  };

  async function accessesOf(name: string, ...inputs: EmergencyInput[]) {
    const who = person(name);
    for (const of of inputs) await take(of, who);
    return active(who, NOW);
  }

  test('is one study where one is named, and all of the site otherwise; the site of the token stays', async () => {
    const accesses = await accessesOf(
      'who opens',
      input({ site: 'south', studyUid: '1.2.3' }),
      input({ site: 'west' }),
    );
    const authority = withEmergencyAccess(siteAuthority(), accesses);
    const studies = [
      { site: 'south', studyUid: '1.2.3' },
      { site: 'south', studyUid: '1.2.4' },
      { site: 'west', studyUid: '1.2.5' },
      { site: 'east', studyUid: '1.2.3' },
      { site: 'north', studyUid: '1.2.6' },
    ];
    const answers = ['yes', 'no', 'yes', 'no', 'yes'];
    expect(await authority.maySeeMany(principal, studies)).toEqual(answers);
    expect(await Promise.all(studies.map(study => authority.maySee(principal, study)))).toEqual(answers);
    expect(sitesInEmergency(principal, accesses).sort()).toEqual(['north', 'south', 'west']);
  });

  test('is named in the audit event: the access of the very study before that of its site', async () => {
    const ofStudy = input({ site: 'south', studyUid: '1.2.3' });
    const ofSite = input({ site: 'south' });
    const accesses = await accessesOf('who is audited', ofSite, ofStudy);
    expect(accessThatCovers(accesses, { site: 'south', studyUid: '1.2.3' })?.id).toBe(ofStudy.id);
    expect(accessThatCovers(accesses, { site: 'south', studyUid: '1.2.4' })?.id).toBe(ofSite.id);
    expect(accessThatCovers(accesses, { site: 'north', studyUid: '1.2.3' })).toBeUndefined();
  });
});
