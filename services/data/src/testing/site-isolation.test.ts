import { randomUUID } from 'node:crypto';
import { isBytes, MASK_MEDIA_TYPE, ROLES, ROUTES, type Route, type RouteName } from '@voxelwise/contract';
import { ROUTE_EXAMPLES, type RouteRequest } from './route-examples.test-support.ts';
import { calciumPrediction, startTestService, type TestPerson, type TestService } from './service.test-support.ts';
import { fillSite, type SiteRecords, sealAuditNow } from './site-records.test-support.ts';

let service: TestService;
let own: SiteRecords;
let other: SiteRecords;
beforeAll(async () => {
  service = await startTestService();
  other = await fillSite(service, 'south');
  own = await fillSite(service, 'north');
  await sealAuditNow(service);
}, 120_000);
afterAll(() => service?.stop());

const routes = Object.entries(ROUTES) as [RouteName, Route][];
const ofNorth = (roles: readonly string[]): TestPerson => ({ name: 'curious', roles, sites: ['north'] });
const PEOPLE = [...ROLES.map(role => [role]), [...ROLES]].map(roles => [roles.join(' and '), ofNorth(roles)] as const);

test.each(PEOPLE)('%s of one site gets nothing of another site by asking as usual', async (_roles, person) => {
  for (const [name, route] of routes) {
    const request = await ROUTE_EXAMPLES[name]({ service, records: own, sender: person });
    expectNothingOfOther(request, await ask(route, request, person));
    if (!route.query || route.parameters) continue;
    const open = { target: route.path };
    expectNothingOfOther(open, await ask(route, open, person));
  }
});

test('an auditor finds in the whole trail nothing of another site, and of the own one who tried to get in', async () => {
  const nobody = ofNorth(['reader']);
  await service.request('GET', `/predictions/${other.predictions.calcium}`, { as: nobody });
  const seenBy = async (site: string) => {
    const entries: { detail: string }[] = [];
    let target = '/audit?limit=200';
    while (target) {
      const { json } = await service.request('GET', target, {
        as: { name: 'auditor', roles: ['auditor'], sites: [site] },
      });
      entries.push(...json.entry.map((entry: unknown) => ({ detail: JSON.stringify(entry) })));
      const next = json.link.find(({ relation }: { relation: string }) => relation === 'next');
      target = next ? next.url.replace(/^\/api/, '') : '';
    }
    return entries.map(({ detail }) => detail);
  };
  const ofNorthTrail = (await seenBy('north')).join('\n');
  expect(ofNorthTrail).toContain(own.predictions.calcium);
  expectNothingOfOther(null, ofNorthTrail);
  const attempts = (await seenBy('south')).filter(
    text => text.includes(other.predictions.calcium) && text.includes('access.refused'),
  );
  expect(attempts.length).toBeGreaterThan(0);
});

test.each(PEOPLE)('%s of one site gets nothing of another site by naming what it has', async (_roles, person) => {
  const before = await rowsOfOther();
  for (const [name, route] of routes) {
    for (const request of probesOf(route)) {
      const answer = await ask(route, request, person);
      // What people tried is in the trail of their own site: there are the ids that they have typed.
      const isNews = (secret: string) => name !== 'readAudit' || !/^[0-9a-f-]{36}$/.test(secret);
      expectNothingOfOther(request, answer, other.secrets.filter(isNews));
    }
  }
  expect(await rowsOfOther()).toEqual(before);
});

test('whoever works at both sites leaves an event for each, and the auditors of a site see theirs alone', async () => {
  const both: TestPerson = { name: 'of-both', roles: ['reader'], sites: ['north', 'south'] };
  const [inNorth, inSouth] = ['north', 'south'].map(site => calciumPrediction({ site }));
  const sent = await service.request('POST', '/predictions', { json: { predictions: [inNorth, inSouth] }, as: both });
  expect(sent.status).toBe(201);
  expect((await service.request('GET', '/predictions?limit=200', { as: both })).status).toBe(200);
  for (const [site, seen, unseen] of [
    ['north', inNorth!.id, inSouth!.id],
    ['south', inSouth!.id, inNorth!.id],
  ] as const) {
    for (const type of ['prediction.create', 'prediction.search']) {
      const as = { name: 'auditor', roles: ['auditor'], sites: [site] };
      const { text } = await service.request('GET', `/audit?type=${type}&limit=1`, { as });
      expect([type, site, text.includes(seen), text.includes(unseen)]).toEqual([type, site, true, false]);
    }
  }
});

test('the exported files of a site hold nothing of another one', async () => {
  for (const name of own.exportFiles) {
    const { status, text } = await service.request('GET', `/exports/${own.exportId}/files/${name}`, {
      as: ofNorth(['researcher']),
    });
    expect(status).toBe(200);
    expectNothingOfOther(null, text);
  }
});

test('operators see neither names of sites nor anything of theirs', async () => {
  for (const path of ['/metrics', '/readyz', '/livez', '/version', '/api/openapi.json']) {
    const text = await (await fetch(`${service.url}${path}`)).text();
    expectNothingOfOther(null, text);
    if (path !== '/api/openapi.json') expect(text).not.toMatch(/north|south/);
  }
});

/** Requests that name what belongs to the other site, wherever something can be named. */
function* probesOf(route: Route): Generator<RouteRequest> {
  const ids = [...Object.values(other.predictions), other.exportId, other.emergencyId, other.auditEventId];
  const names = [other.objectName, ...other.exportFiles];
  for (const id of route.path.includes('{id}') ? ids : ['']) {
    for (const name of route.path.includes('{name}') ? names : ['']) {
      const target = route.path.replace('{id}', id).replace('{name}', name).replace('{sha256}', other.objectSha256);
      for (const query of queriesOf(route)) {
        for (const content of contentsOf(route)) yield { target: `${target}${query}`, ...content };
      }
    }
  }
}

function queriesOf({ query }: Route): string[] {
  const values: Record<string, readonly string[]> = {
    site: [other.site],
    studyUid: [other.studyUid],
    seriesUid: [`${other.uidRoot}.2`],
    algorithmName: [other.marker],
    algorithmVersion: [other.marker],
    cursor: other.cursors,
    actor: other.secrets.filter(secret => secret.startsWith('p1:')),
    event: [other.auditEventId],
  };
  const names = Object.keys(query?.shape ?? {}).filter(name => values[name]);
  return ['', ...names.flatMap(name => values[name]!.map(value => `?${name}=${encodeURIComponent(value)}`))];
}

function contentsOf({ path, body }: Route): Omit<RouteRequest, 'target'>[] {
  if (!body) return [{}];
  if (isBytes(body)) return [{ bytes: Buffer.from('guess'), mediaType: MASK_MEDIA_TYPE }];
  const correction = { payload: calciumPrediction().payload };
  const exported = { query: {}, profile: 'limited-data-set', line: other.marker, recipient: 'Us', purpose: 'research' };
  const bodies: Record<string, unknown[]> = {
    '/predictions': [
      calciumPrediction({ site: other.site }),
      calciumPrediction({ id: other.predictions.calcium }),
      calciumPrediction({
        objects: [
          { name: 'mask', sha256: other.objectSha256, sizeBytes: other.objectSizeBytes, mediaType: MASK_MEDIA_TYPE },
        ],
      }),
    ],
    '/predictions/{id}/reviews': [
      { id: randomUUID(), action: 'accept' },
      { id: randomUUID(), action: 'edit', reasonCode: 'other', correction },
      { id: randomUUID(), action: 'accept', adjudicates: true },
    ],
    '/predictions/{id}/consent': [{ consent: 'refused' }],
    '/predictions/{id}/retention': [{ retentionUntil: '2026-01-01', legalHold: true }],
    '/predictions/{id}/shredding': [{ reason: 'error' }],
    '/exports': [
      { ...exported, id: randomUUID(), site: other.site },
      { ...exported, id: randomUUID(), identifiersOf: other.exportId },
      { ...exported, id: other.exportId },
    ],
    // Another one's id; that break-glass opens what it names is its own test.
    '/emergency-access': [{ id: other.emergencyId, site: own.site, reason: 'Shock room.' }],
  };
  const known = bodies[path];
  if (!known) throw new Error(`Say here what to send to ${path}.`);
  return known.map(json => ({ json }));
}

async function ask(route: Route, { target, ...content }: RouteRequest, as: TestPerson): Promise<string> {
  const { text, headers } = await service.request(route.method.toUpperCase(), target, { ...content, as });
  return `${text}\n${JSON.stringify([...headers])}`;
}

/** Fails for anything of the other site that the client has not sent itself. */
function expectNothingOfOther(request: RouteRequest | null, answer: string, secrets = other.secrets): void {
  const sent = request ? decodeURIComponent(request.target) + JSON.stringify(request.json ?? '') : '';
  const leaked = secrets.filter(secret => answer.includes(secret) && !sent.includes(secret));
  if (leaked.length > 0) throw new Error(`${leaked.join(', ')} came back:\n${sent}\n${answer.slice(0, 2000)}`);
}

async function rowsOfOther(): Promise<unknown> {
  const tables = [
    'prediction',
    'review',
    'stored_object',
    'object_reference',
    'emergency_access',
    'export',
    'split_assignment',
  ];
  const counts = tables.map(
    table =>
      `SELECT '${table}' AS name, count(*) AS rows, sum(hashtextextended(t::text, 0)) AS sum FROM "${table}" t WHERE site = 'south'`,
  );
  return (await service.database.owner.pool.query(counts.join(' UNION ALL '))).rows;
}
