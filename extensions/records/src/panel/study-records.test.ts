import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createDataService } from '../client/data-service.ts';
import { closeServers, serve } from '../client/http-server.test-support.ts';
import { createStudyRecords } from './study-records.ts';

afterEach(closeServers);

const FIXTURES = path.join(__dirname, '../../../../services/contract/fixtures/valid');
const RECORD = JSON.parse(readFileSync(path.join(FIXTURES, 'Prediction/record.json'), 'utf8'));
const withId = (number: number) => ({ ...RECORD, id: `0b1f6c9e-3a52-4d7e-9c1a-${String(number).padStart(12, '0')}` });

/** A study whose records come in pages; `total` may change. */
async function studyOf(pageSize: number, total = { count: 0 }) {
  const asked: string[] = [];
  let status = 200;
  const url = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    asked.push(`${pathname}?${searchParams.get('cursor') ?? ''}`);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    if (pathname !== '/predictions') {
      const prediction = withId(Number(pathname.split('-').at(-1)));
      return response.end(JSON.stringify({ prediction, reviews: [] }));
    }
    const from = Number(searchParams.get('cursor') ?? 0);
    const until = Math.min(total.count, from + pageSize);
    const items = Array.from({ length: until - from }, (_, i) => withId(from + i + 1));
    response.end(JSON.stringify({ items, next: until < total.count ? String(until) : null }));
  });
  const service = createDataService({ url, authorizationHeaders: () => ({}) });
  const study = createStudyRecords(service, { studyUid: '1.2.3' });
  return {
    study,
    asked,
    total,
    answerWith(next: number) {
      status = next;
    },
  };
}

test('records come page by page, and all that are on screen are read again', async () => {
  const { study, asked, total } = await studyOf(20, { count: 45 });
  await study.reload();
  expect(study.getState()).toMatchObject({ phase: 'ready', hasMore: true, problem: '' });
  expect(study.getState().records).toHaveLength(20);
  await study.loadMore();
  await study.loadMore();
  expect(study.getState().records.map(({ id }) => id)).toEqual(Array.from({ length: 45 }, (_, i) => withId(i + 1).id));
  expect(study.getState().hasMore).toBe(false);
  asked.length = 0;
  total.count = 46;
  await study.reload();
  expect(study.getState().records).toHaveLength(46);
  expect(asked).toEqual(['/predictions?', '/predictions?20', '/predictions?40']);
});

test('a record that was opened is read again with the others, until it is closed', async () => {
  const { study, asked } = await studyOf(20, { count: 2 });
  await study.reload();
  const { id } = withId(2);
  await study.open(id);
  expect(Object.keys(study.getState().details)).toEqual([id]);
  await study.reload();
  expect(asked.filter(one => one.startsWith(`/predictions/${id}`))).toHaveLength(2);
  study.close(id);
  await study.reload();
  expect(asked.filter(one => one.startsWith(`/predictions/${id}`))).toHaveLength(2);
});

test('what was read stays on screen when reading it again fails', async () => {
  const { study, answerWith } = await studyOf(20, { count: 2 });
  await study.reload();
  answerWith(503);
  await study.reload();
  expect(study.getState()).toMatchObject({
    phase: 'problem',
    problem: expect.stringMatching(/cannot answer right now/),
  });
  expect(study.getState().records).toHaveLength(2);
  answerWith(200);
  await study.reload();
  expect(study.getState()).toMatchObject({ phase: 'ready', problem: '' });
});

test('a newer reading takes the place of one that is under way', async () => {
  const { study } = await studyOf(20, { count: 2 });
  const states: string[] = [];
  study.subscribe(() => states.push(study.getState().phase));
  await Promise.all([study.reload(), study.reload()]);
  expect(states.filter(phase => phase === 'ready')).toHaveLength(1);
  study.stop();
});
