import { randomUUID } from 'node:crypto';
import { hasOrthanc, startOrthanc, type TestOrthanc } from '../identity/orthanc.test-support.ts';
import { calciumPrediction, startTestService, type TestPerson, type TestService } from './service.test-support.ts';
import { fillSite, personOf, type SiteRecords } from './site-records.test-support.ts';

const STUDY = '2.25.1001';
const OTHER_STUDY = '2.25.1002';
const describeWithOrthanc = hasOrthanc() ? describe : describe.skip;

describeWithOrthanc('emergency access, with an archive that shows nothing to anybody', () => {
  let open: TestService;
  let service: TestService;
  let orthanc: TestOrthanc;
  let south: SiteRecords;
  let inStudy: string;
  let inOtherStudy: string;

  beforeAll(async () => {
    open = await startTestService();
    [inStudy, inOtherStudy] = [await stored(STUDY), await stored(OTHER_STUDY)];
    for (let more = 0; more < 5; more++) await stored(OTHER_STUDY);
    south = await fillSite(open, 'south');
    orthanc = await startOrthanc([]);
    service = await open.alsoWith({ archiveUrl: orthanc.url, hasWorker: false });
  }, 120_000);
  afterAll(async () => {
    await service?.stop();
    await Promise.all([open?.stop(), orthanc?.stop()]);
  });

  async function stored(studyUid: string): Promise<string> {
    const json = calciumPrediction({ image: { studyUid }, note: 'Motion.' });
    await open.request('POST', '/predictions', { json });
    return json.id;
  }
  const take = async (as: TestPerson, site: string, studyUid?: string) => {
    const json = { id: randomUUID(), site, reason: 'Shock room.', ...(studyUid && { studyUid }) };
    const answer = await service.request('POST', '/emergency-access', { json, as });
    expect(answer.status).toBe(201);
    return json.id;
  };
  const read = async (as: TestPerson, id: string) =>
    (await service.request('GET', `/predictions/${id}`, { as })).status;
  const listed = async (as: TestPerson, query = '') => {
    const seen: { id: string; site: string; image: { studyUid: string } }[] = [];
    let cursor = '';
    do {
      const { json } = await service.request('GET', `/predictions?limit=3${query}${cursor}`, { as });
      seen.push(...json.items);
      cursor = json.next ? `&cursor=${json.next}` : '';
    } while (cursor);
    return seen;
  };

  test('opens the study that it names, to whoever took it, and nothing else to nobody else', async () => {
    const as = personOf('north', 'reader', 'on-call');
    expect([await read(as, inStudy), await read(as, inOtherStudy)]).toEqual([403, 403]);
    await take(as, 'north', STUDY);
    expect([await read(as, inStudy), await read(as, inOtherStudy)]).toEqual([200, 403]);
    expect(await read(as, south.predictions.calcium)).toBe(404);
    expect(await read(personOf('north', 'reader', 'somebody-else'), inStudy)).toBe(403);
    expect((await listed(as)).map(({ id }) => id)).toEqual([inStudy]);
  });

  test('opens a study at a site that the token does not name, and no other study of that site', async () => {
    const as = personOf('west', 'reader', 'from-elsewhere');
    await take(as, 'north', STUDY);
    expect([await read(as, inStudy), await read(as, inOtherStudy)]).toEqual([200, 404]);
    // Nothing of the other studies, and no pages that say how many there are.
    const { json } = await service.request('GET', '/predictions?limit=3', { as });
    expect([json.items.map(({ id }: { id: string }) => id), json.next]).toEqual([[inStudy], null]);
    expect(await listed(as, '&site=south')).toEqual([]);
    const write = await service.request('POST', '/predictions', { json: calciumPrediction({ site: 'north' }), as });
    expect([write.status, write.json.code]).toEqual([403, 'forbidden']);
  });

  test('opens a whole site, and no other one', async () => {
    const as = personOf('west', 'reader', 'whole-site');
    await take(as, 'north');
    expect([await read(as, inStudy), await read(as, inOtherStudy)]).toEqual([200, 200]);
    expect(await read(as, south.predictions.calcium)).toBe(404);
    const seen = await listed(as);
    expect(seen).toHaveLength(7);
    expect(new Set(seen.map(({ site }) => site))).toEqual(new Set(['north']));
  });

  test('gives no role that the person does not have', async () => {
    const as = personOf('north', 'reader', 'ambitious');
    await take(as, 'north');
    for (const [method, target] of [
      ['GET', '/review-queue'],
      ['GET', '/metrics'],
      ['GET', '/exports'],
      ['GET', '/audit'],
      ['POST', `/predictions/${inStudy}/shredding`],
    ] as const) {
      const { status, json } = await service.request(method, target, { as });
      expect([target, status, json.code]).toEqual([target, 403, 'forbidden']);
    }
    const json = { id: randomUUID(), site: 'north', reason: 'Please.' };
    for (const role of ['researcher', 'administrator', 'auditor', 'service'] as const) {
      const { status } = await service.request('POST', '/emergency-access', { json, as: personOf('north', role) });
      expect([role, status]).toEqual([role, 403]);
    }
  });

  test('ends when its time is over, also where it is repeated', async () => {
    const as = personOf('north', 'reader', 'late');
    const json = { id: randomUUID(), site: 'north', studyUid: STUDY, reason: 'Shock room.' };
    const taken = await service.request('POST', '/emergency-access', { json, as });
    const hours = (Date.parse(taken.json.expiresAt) - Date.parse(taken.json.grantedAt)) / 3_600_000;
    expect([taken.status, hours]).toEqual([201, 4]);
    expect(await read(as, inStudy)).toBe(200);
    await open.database.owner.pool.query(
      `UPDATE emergency_access SET granted_at = now() - interval '4 hours', expires_at = now() WHERE id = $1`,
      [json.id],
    );
    expect(await read(as, inStudy)).toBe(403);
    expect((await service.request('POST', '/emergency-access', { json, as })).status).toBe(200);
    expect(await read(as, inStudy)).toBe(403);
    expect(await listed(as)).toEqual([]);
    const session = await service.request('GET', '/session', { as });
    expect(session.json.emergencyUntil).toBeNull();
  });

  test('is before the auditor at once, with what was made of it', async () => {
    const as = personOf('north', 'reader', 'watched');
    const id = await take(as, 'north', STUDY);
    await read(as, inStudy);
    const auditor = personOf('north', 'auditor');
    const grants = await service.request('GET', '/audit?type=emergency.grant&limit=1', { as: auditor });
    expect(grants.text).toContain(id);
    const reads = await service.request('GET', `/audit?type=prediction.read&studyUid=${STUDY}&limit=1`, {
      as: auditor,
    });
    expect(reads.text).toContain(id);
    const [first] = (await service.request('GET', '/emergency-access', { as: auditor })).json.accesses;
    expect(first).toMatchObject({ id, site: 'north', studyUid: STUDY, reason: 'Shock room.' });
    const others = [personOf('north', 'administrator'), personOf('south', 'auditor')];
    const [ofAdministrator, ofSouth] = await Promise.all(
      others.map(person => service.request('GET', '/emergency-access', { as: person })),
    );
    expect(ofAdministrator!.json.accesses[0]).toMatchObject({ id, reason: null });
    expect(ofSouth!.text).not.toContain(id);
  });
});
