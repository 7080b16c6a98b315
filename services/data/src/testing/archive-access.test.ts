import { ROLES, ROUTES, type Route, type RouteName } from '@voxelwise/contract';
import { hasOrthanc, startOrthanc, type TestOrthanc } from '../identity/orthanc.test-support.ts';
import { ROUTE_EXAMPLES, type RouteRequest } from './route-examples.test-support.ts';
import { calciumPrediction, startTestService, type TestService } from './service.test-support.ts';
import { fillSite, type SiteRecords, sealAuditNow } from './site-records.test-support.ts';

/** What each route does where the archive does not show the study to whoever asks. */
const WHERE_THE_ARCHIVE_REFUSES: Record<RouteName, 'refuses' | 'leaves out' | 'does not ask'> = {
  getSession: 'does not ask',
  storePredictions: 'refuses',
  listPredictions: 'leaves out',
  readQueue: 'leaves out',
  readPrediction: 'refuses',
  reviewPrediction: 'refuses',
  // Administrators do not look into studies.
  setConsent: 'does not ask',
  setRetention: 'does not ask',
  shredPrediction: 'does not ask',
  writeObject: 'does not ask', // It is of no study until a record refers to it.
  readObject: 'refuses',
  // Numbers of many records, and data sets without identifiers.
  readMetrics: 'does not ask',
  requestExport: 'does not ask',
  listExports: 'does not ask',
  readExport: 'does not ask',
  cancelExport: 'does not ask',
  readExportFile: 'does not ask',
  takeEmergencyAccess: 'does not ask',
  listEmergencyAccess: 'does not ask',
  readAudit: 'does not ask',
  readTreeHead: 'does not ask',
  proveInclusion: 'does not ask',
  proveConsistency: 'does not ask',
};

const those = (what: string) =>
  (Object.entries(ROUTES) as [RouteName, Route][]).filter(([name]) => WHERE_THE_ARCHIVE_REFUSES[name] === what);

const describeWithOrthanc = hasOrthanc() ? describe : describe.skip;

describeWithOrthanc('with an archive that is asked with the token of whoever asks', () => {
  let open: TestService;
  let orthanc: TestOrthanc;
  let service: TestService;
  let records: SiteRecords;
  let trusted: string;
  let stranger: string;

  beforeAll(async () => {
    open = await startTestService();
    records = await fillSite(open, 'north');
    await sealAuditNow(open);
    [trusted, stranger] = await Promise.all([tokenOf('trusted'), tokenOf('stranger')]);
    orthanc = await startOrthanc([trusted.replace('Bearer ', '')]);
    await orthanc.addStudy(records.studyUid);
    service = await open.alsoWith({ archiveUrl: orthanc.url, hasWorker: false });
  }, 120_000);
  afterAll(async () => {
    await service?.stop();
    await Promise.all([open?.stop(), orthanc?.stop()]);
  });

  const tokenOf = (name: string, sites = ['north']) => open.as({ name, roles: ROLES, sites });
  const send = (method: string, { target, ...content }: RouteRequest, Authorization: string) =>
    service.request(method.toUpperCase(), target, { ...content, as: null, headers: { Authorization } });
  const ask = async (name: RouteName, token: string) => {
    // What has to be there before is sent where no archive is asked.
    const request = await ROUTE_EXAMPLES[name]({ service: open, records, sender: { name: 'stranger' } });
    return send(ROUTES[name].method, aboutTheStudy(name, request), token);
  };
  /** New records of the examples are of no study that the archive has. */
  const aboutTheStudy = (name: RouteName, request: RouteRequest): RouteRequest =>
    name === 'storePredictions'
      ? { ...request, json: calciumPrediction({ image: { studyUid: records.studyUid } }) }
      : name === 'reviewPrediction'
        ? { ...request, target: `/predictions/${records.predictions.mammography}/reviews` }
        : request;

  test('every route says what it does', () => {
    expect(Object.keys(WHERE_THE_ARCHIVE_REFUSES).sort()).toEqual(Object.keys(ROUTES).sort());
  });

  test.each(those('refuses'))('%s refuses whom the archive refuses, and tells the auditor', async name => {
    const answer = await ask(name, stranger);
    expect([answer.status, answer.json.code]).toEqual([403, 'study-refused']);
    for (const secret of records.secrets) expect(answer.text).not.toContain(secret);
    const requestId = answer.headers.get('X-Request-Id');
    const { rows } = await open.database.owner.pool.query(
      `SELECT type, event::jsonb -> 'detail' ->> 'code' AS code FROM audit_event WHERE event::jsonb ->> 'requestId' = $1`,
      [requestId],
    );
    expect(rows).toEqual([{ type: 'access.refused', code: 'study-refused' }]);
    expect((await ask(name, trusted)).status).toBeLessThan(300);
  });

  test.each(those('leaves out'))('%s leaves out what the archive does not show', async name => {
    const refused = await ask(name, stranger);
    expect([refused.status, refused.json.items]).toEqual([200, []]);
    for (const secret of records.secrets) expect(refused.text).not.toContain(secret);
    // Where a page ends is not told, either: the cursor is encrypted.
    const page = await send('GET', { target: `${ROUTES[name].path}?limit=1` }, stranger);
    const decoded = Buffer.from(page.json.next ?? '', 'base64url').toString('latin1');
    for (const secret of records.secrets) expect(decoded).not.toContain(secret);
    expect((await ask(name, trusted)).json.items.length).toBeGreaterThan(0);
  });

  test.each(those('does not ask'))('%s does not ask the archive', async name => {
    expect((await ask(name, stranger)).status).toBeLessThan(300);
  });

  test('a study that the archive does not have is shown to nobody', async () => {
    const prediction = calciumPrediction({ site: 'north', image: { studyUid: '2.25.4711' } });
    await open.request('POST', '/predictions', { json: prediction });
    const { status, json } = await send('GET', { target: `/predictions/${prediction.id}` }, trusted);
    expect([status, json.code]).toEqual([403, 'study-refused']);
  });

  test('while the archive does not answer, nothing of a study is shown to those who have not been told before', async () => {
    const other = await tokenOf('somebody-else');
    orthanc.freeze();
    try {
      const asked = [...those('refuses'), ...those('leaves out')].map(([name]) => name);
      const answers = await Promise.all(asked.map(name => ask(name, other)));
      for (const { status, json, headers } of answers) {
        expect([status, json.code, headers.get('Retry-After')]).toEqual([503, 'archive-unavailable', '5']);
      }
    } finally {
      orthanc.thaw();
    }
  }, 120_000);
});
