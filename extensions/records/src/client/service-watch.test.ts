import { PROBLEMS, type ProblemCode, problemType, type Session } from '../contract.ts';
import { createDataService } from './data-service.ts';
import { closeServers, type Said, serve } from './http-server.test-support.ts';
import { createServiceWatch, type SeenServices, type WatchState } from './service-watch.ts';

afterEach(closeServers);

const SESSION: Session = {
  person: 'p1:x',
  roles: ['reader'],
  permissions: ['predictions:write'],
  sites: ['north'],
  isLocal: false,
  emergencyUntil: null,
  service: { version: '0.1.0' },
};
const HERE: Said = { status: 200, body: SESSION };
const NOT_HERE: Said = {
  status: 404,
  body: { type: 'about:blank', status: 404, detail: 'There is no data service here.' },
};
const PAGE: Said = { status: 200, body: '<!doctype html>', headers: { 'Content-Type': 'text/html' } };
const says = (code: ProblemCode): Said => {
  const { status, title } = PROBLEMS[code];
  return { status, body: { type: problemType(code), title, status, code, detail: `It says ${code}.`, requestId: 'r' } };
};

/** A watch over a server that says one thing after the other. */
async function watching(answers: Said[], { isNamed = false, wasSeen = false } = {}) {
  const url = await serve((_request, response) => {
    const { status, body, headers } = answers.shift() ?? NOT_HERE;
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    response
      .writeHead(status, { 'Content-Type': type, ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const known = new Set(wasSeen ? [url] : []);
  const seen: SeenServices = { has: address => known.has(address), add: address => known.add(address) };
  const states: WatchState[] = [];
  const service = createDataService({ url, authorizationHeaders: () => ({}) });
  const watch = createServiceWatch({ url, isNamed, problem: '' }, service, {
    seen,
    onChange: state => states.push(state),
  });
  return { watch, known, states };
}

test('a service that answers is there, says who the reader is, and is remembered', async () => {
  const { watch, known } = await watching([HERE]);
  expect(watch.getState().presence).toBe('looking');
  await watch.check();
  expect(watch.getState()).toEqual({ presence: 'present', session: SESSION, trouble: '' });
  expect(known.size).toBe(1);
});

test.each([NOT_HERE, PAGE])(
  'where nothing says that it is one, there is none, and nothing is said of it: %#',
  async said => {
    const { watch, known } = await watching([said]);
    await watch.check();
    expect(watch.getState()).toEqual({ presence: 'absent', session: null, trouble: '' });
    expect(known.size).toBe(0);
  },
);

test.each<ProblemCode>(['unauthenticated', 'forbidden', 'unavailable', 'internal'])(
  'a problem of its own (%s) is a service, too',
  async code => {
    const { watch, known } = await watching([says(code)]);
    await watch.check();
    expect(watch.getState()).toMatchObject({ presence: 'present', session: null });
    expect(watch.getState().trouble).toContain(`It says ${code}.`);
    expect(known.size).toBe(1);
  },
);

test.each([{ isNamed: true }, { wasSeen: true }])(
  'one that is expected (%j) is present while it is down',
  async expected => {
    const { watch } = await watching([PAGE], expected);
    expect(watch.getState().presence).toBe('present');
    await watch.check();
    expect(watch.getState()).toMatchObject({
      presence: 'present',
      trouble: expect.stringMatching(/is not the data service/),
    });
  },
);

test('who the reader is stays known while the service is away, and not when it says that nobody has signed in', async () => {
  const { watch } = await watching([HERE, says('unavailable'), says('unauthenticated')]);
  await watch.check();
  await watch.check();
  expect(watch.getState().session).toEqual(SESSION);
  await watch.check();
  expect(watch.getState().session).toBeNull();
});

test('checks at the same time are one', async () => {
  const { watch, states } = await watching([HERE]);
  await Promise.all([watch.check(), watch.check()]);
  expect(states).toHaveLength(1);
  expect(watch.getState().presence).toBe('present');
});

test('a service that is switched off is not asked', async () => {
  const service = createDataService({ url: '', authorizationHeaders: () => ({}) });
  const watch = createServiceWatch({ url: null, isNamed: false, problem: '' }, service, {
    seen: { has: () => true, add: () => undefined },
    onChange: () => {
      throw new Error('it was asked');
    },
  });
  await watch.check();
  expect(watch.getState().presence).toBe('off');
});
