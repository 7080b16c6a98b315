import type { CalciumPayload } from '../contract.ts';
import type { Entry } from '../outbox/entry.ts';
import { type FiledResult, withWaiting } from './filed-results.ts';

const payload = (agatston: number): CalciumPayload => ({
  agatston,
  volumeMm3: 0,
  massMg: null,
  lesions: 1,
  vessels: [],
});
const entry = (predictionId: string, madeAt: number, content: object) => ({ predictionId, madeAt, content }) as Entry;
const prediction = (id: string, madeAt: number, seriesUid = '1.3', kind = 'calcium') =>
  entry(id, madeAt, {
    kind: 'prediction',
    body: {
      kind,
      image: { seriesUid },
      payload: payload(1),
      algorithm: { name: 'Voxelwise calcium', version: '1' },
      conventions: { a: 1 },
    },
  });
const edit = (id: string, madeAt: number, agatston: number) =>
  entry(id, madeAt, { kind: 'review', body: { action: 'edit', correction: { payload: payload(agatston) } } });

const payloadKey = (payload: CalciumPayload) => JSON.stringify(payload);
const CALCIUM = { kind: 'calcium', payloadKey } as const;

const delivered: FiledResult = {
  predictionId: 'd',
  basis: 'Voxelwise calcium 1 [["a",1]]',
  payload: payloadKey(payload(5)),
  at: 1,
  canBeChanged: true,
};

test('what waits counts as confirmed: a prediction, and what it was changed to', () => {
  const found = withWaiting([], [prediction('p', 2), edit('p', 3, 7)], '1.3', CALCIUM);
  expect(found).toEqual([
    {
      predictionId: 'p',
      basis: 'Voxelwise calcium 1 [["a",1]]',
      payload: payloadKey(payload(7)),
      at: 3,
      canBeChanged: true,
    },
  ]);
});

test('a change that waits goes before what the service has', () => {
  expect(withWaiting([delivered], [edit('d', 4, 9)], '1.3', CALCIUM)).toEqual([
    { ...delivered, payload: payloadKey(payload(9)), at: 4 },
  ]);
});

test('an accepted result is no other result; other series and kinds are not looked at', () => {
  const accept = entry('d', 4, { kind: 'review', body: { action: 'accept' } });
  const others = [accept, prediction('q', 5, '1.4'), prediction('r', 6, '1.3', 'perfusion')];
  expect(withWaiting([delivered], others, '1.3', CALCIUM)).toEqual([delivered]);
});
