import type { PredictionInput } from '@voxelwise/contract';
import { calciumPrediction, startTestService, type TestService } from '../testing/service.test-support.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service?.stop());

const SITES = ['east', 'north', 'west'];
const KINDS = ['calcium', 'perfusion'] as const;
const CONFIDENCES = [null, 0.25, 0.25, 0.75, null];

function predictionOf(kind: (typeof KINDS)[number], site: string, confidence: number | null): PredictionInput {
  if (kind === 'calcium') return calciumPrediction({ site, confidence });
  const payload = { maps: [], coreVolumeMl: 1, hypoperfusedVolumeMl: 2, regions: [] };
  return { ...calciumPrediction({ site, confidence }), kind, payload };
}

/** All items of an address, by pages of 4. */
async function allPages(address: string, roles: readonly string[]) {
  const items: { id: string; confidence: number | null; createdAt: string; site: string }[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next && `&cursor=${next}`;
    const { json } = await service.request('GET', `${address}?limit=4${cursor}`, { as: { roles, sites: SITES } });
    items.push(...json.items);
    next = json.next;
  }
  return items;
}

test('pages over several sites and kinds leave nothing out, and keep their order across sites and kinds', async () => {
  const sent: PredictionInput[] = [];
  for (const confidence of CONFIDENCES) {
    // Those of one batch have the same moment: only their ids tell them apart.
    const batch = SITES.flatMap(site => KINDS.map(kind => predictionOf(kind, site, confidence)));
    await service.request('POST', '/predictions', { json: { predictions: batch }, as: { sites: SITES } });
    sent.push(...batch);
  }
  const ids = sent.map(({ id }) => id).sort();

  const listed = await allPages('/predictions', ['reader']);
  expect(listed.map(({ id }) => id).sort()).toEqual(ids);
  const newestFirst = listed.toSorted((a, b) => (`${a.createdAt} ${a.id}` < `${b.createdAt} ${b.id}` ? 1 : -1));
  expect(listed).toEqual(newestFirst);

  const queued = await allPages('/review-queue', ['reviewer']);
  expect(queued.map(({ id }) => id).sort()).toEqual(ids);
  const leastConfidentFirst = queued.toSorted(
    (a, b) => (a.confidence ?? -1) - (b.confidence ?? -1) || (a.id < b.id ? -1 : 1),
  );
  expect(queued).toEqual(leastConfidentFirst);
});

test('a list of one site, one study or one kind holds no other', async () => {
  const as = { sites: SITES };
  const [one] = (await service.request('GET', '/predictions?site=west&limit=1', { as })).json.items;
  expect(one.site).toBe('west');
  const ofKind = (await service.request('GET', '/predictions?kind=perfusion', { as })).json.items;
  expect(new Set(ofKind.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(['perfusion']));
  expect((await service.request('GET', '/predictions?studyUid=1.2.3', { as })).json.items).toEqual([]);
});
