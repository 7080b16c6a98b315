import { hasPermission, PROBLEMS, problemSchema, ROLES, ROUTES, type Route, type RouteName } from '@voxelwise/contract';
import { AUDIT_OF_ROUTE } from '../http/audit-of-route.ts';
import { ROUTE_EXAMPLES, type RouteRequest } from './route-examples.test-support.ts';
import { type Answer, startTestService, type TestPerson, type TestService } from './service.test-support.ts';
import { fillSite, type SiteRecords, sealAuditNow } from './site-records.test-support.ts';

let service: TestService;
let records: SiteRecords;
beforeAll(async () => {
  service = await startTestService({ REFUSED_SIGN_INS_PER_MINUTE: '10000' });
  records = await fillSite(service, 'north');
  await sealAuditNow(service);
}, 120_000);
afterAll(() => service?.stop());

const routes = Object.entries(ROUTES) as [RouteName, Route][];

/**
 * What somebody gets who has the permission, but not the site that the request is about. `own view`: an answer, about what the person may
 * see; site-isolation.test.ts makes sure that nothing else is in it.
 */
const WITHOUT_THE_SITE: Record<RouteName, 'not-found' | 'forbidden' | 'own view'> = {
  getSession: 'own view',
  storePredictions: 'forbidden',
  listPredictions: 'own view',
  readQueue: 'own view',
  readPrediction: 'not-found',
  reviewPrediction: 'not-found',
  setConsent: 'not-found',
  setRetention: 'not-found',
  shredPrediction: 'not-found',
  writeObject: 'forbidden',
  readObject: 'not-found',
  readMetrics: 'own view',
  requestExport: 'forbidden',
  listExports: 'own view',
  readExport: 'not-found',
  cancelExport: 'not-found',
  readExportFile: 'not-found',
  takeEmergencyAccess: 'own view', // Break-glass: at any site that is named.
  listEmergencyAccess: 'own view',
  readAudit: 'own view',
  readTreeHead: 'own view',
  proveInclusion: 'not-found',
  proveConsistency: 'own view', // Hashes, which say nothing of what was hashed.
};

const SITES: Record<string, readonly string[]> = {
  'the site': ['north'],
  'the site and another': ['north', 'south'],
  'another site': ['south'],
  'no site': [],
};

const NOBODY = [
  ['no role', []],
  ['a role that does not exist', ['administrator ', 'root', '__proto__', 'constructor']],
] as const;
const EVERY_ROLE = ROLES.map(role => [role, [role]] as const);
const EVERY_PAIR = ROLES.flatMap((first, index) =>
  ROLES.slice(index + 1).map(second => [`${first} and ${second}`, [first, second]] as const),
);

test('every route has its example and its line here', () => {
  const names = Object.keys(ROUTES).sort();
  expect(Object.keys(ROUTE_EXAMPLES).sort()).toEqual(names);
  expect(Object.keys(WITHOUT_THE_SITE).sort()).toEqual(names);
});

describe.each(routes)('%s', (name, route) => {
  test('needs a token', async () => {
    const request = await exampleOf(name, {});
    for (const Authorization of ['', 'Bearer', 'Bearer x.y.z', 'Basic cmVhZGVyOnJlYWRlcg==']) {
      const answer = await send(route, request, null, { Authorization });
      expectRefusal(answer, 'unauthenticated');
      expect(await eventsOf(answer)).toEqual([{ type: 'authentication.refused', outcome: 4, route: name }]);
    }
  });

  test.each([...NOBODY, ...EVERY_ROLE, ...EVERY_PAIR])('is for whoever has the permission: %s', async (_who, roles) => {
    for (const sites of _who.includes(' and ') ? [SITES['the site']!] : Object.values(SITES)) {
      const person: TestPerson = { name: 'person', roles, sites };
      const answer = await send(route, await exampleOf(name, person), person);
      const isAllowed = hasPermission(
        ROLES.filter(role => (roles as readonly string[]).includes(role)),
        route.permission!,
      );
      const withoutSite = sites.includes('north') ? 'own view' : WITHOUT_THE_SITE[name];
      if (isAllowed && withoutSite === 'own view') {
        expect([answer.status, answer.text]).toEqual([
          answer.status,
          expect.not.stringContaining('urn:voxelwise:problem'),
        ]);
        expect(Object.keys(route.responses).map(Number)).toContain(answer.status);
        expect(await eventsOf(answer)).toEqual([{ type: AUDIT_OF_ROUTE[name].type, outcome: 0 }]);
        continue;
      }
      const code = isAllowed ? (withoutSite as 'not-found' | 'forbidden') : 'forbidden';
      expectRefusal(answer, code);
      expect(await eventsOf(answer)).toEqual([{ type: 'access.refused', outcome: 4, route: name }]);
    }
  });
});

function exampleOf(name: RouteName, sender: TestPerson): Promise<RouteRequest> | RouteRequest {
  return ROUTE_EXAMPLES[name]({ service, records, sender });
}

function send(
  route: Route,
  { target, ...content }: RouteRequest,
  as: TestPerson | null,
  headers: Record<string, string> = {},
) {
  return service.request(route.method.toUpperCase(), target, { ...content, as, headers });
}

function expectRefusal(answer: Answer, code: 'unauthenticated' | 'forbidden' | 'not-found'): void {
  expect([answer.status, answer.json?.code]).toEqual([PROBLEMS[code].status, code]);
  expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
  problemSchema.parse(answer.json);
}

/** The audit events of one request: there must be one. */
async function eventsOf({ headers }: Answer) {
  const { rows } = await service.database.owner.pool.query<{ event: string }>(
    `SELECT event FROM audit_event WHERE event::jsonb ->> 'requestId' = $1`,
    [headers.get('X-Request-Id')],
  );
  return rows.map(row => {
    const { type, outcome, actor, detail } = JSON.parse(row.event);
    if (type !== 'authentication.refused') expect(actor).toMatch(/^p1:/);
    return { type, outcome, ...(outcome !== 0 && { route: detail.route }) };
  });
}
