import type { Entry } from '../outbox/entry.ts';
import type { RecordsState } from '../records.ts';
import { entrySentence, statusOf } from './status-text.ts';

const entry = (change: Partial<Entry> = {}) =>
  ({ id: 'a', owner: 'me', state: 'waiting', problem: '', ...change }) as Entry;
const stateWith = (
  entries: Entry[],
  change: Partial<RecordsState> = {},
  outbox: Partial<RecordsState['outbox']> = {},
) =>
  ({
    presence: 'present',
    trouble: '',
    session: null,
    owner: 'me',
    revision: 0,
    outbox: { isKnown: true, entries, pause: null, sending: null, problem: '', ...outbox },
    ...change,
  }) as RecordsState;

test.each([
  [[], 'synced', 'Records: synced'],
  [[entry(), entry()], 'waiting', 'Records: waiting 2'],
  [[entry(), entry({ state: 'refused' })], 'refused', 'Records: refused 1'],
  [[entry({ owner: 'somebody' })], 'waiting', 'Records: 1 of others'],
])('%j is %s', (entries, level, text) => {
  expect(statusOf(stateWith(entries))).toMatchObject({ level, text });
});

test('without a data service nothing is shown, unless something waits for one', () => {
  for (const presence of ['off', 'absent', 'looking'] as const)
    expect(statusOf(stateWith([], { presence }))).toBeNull();
  const left = statusOf(stateWith([entry()], { presence: 'off' }));
  expect(left).toMatchObject({ text: 'Records: waiting 1', sentence: 'The data service is switched off here.' });
});

test('why it waits, and who it waits for, is said', () => {
  const pause = { until: 1, failures: 1, isAsked: false, problem: 'The data service cannot be reached.' };
  const entries = [entry(), entry({ owner: 'x' }), entry({ owner: 'x' })];
  expect(statusOf(stateWith(entries, {}, { pause }))?.sentence).toBe(
    'The data service cannot be reached. 2 records of others wait in this browser until their makers sign in.',
  );
});

test('nothing is said before it is known whether something waits', () => {
  expect(statusOf(stateWith([], {}, { isKnown: false }))).toBeNull();
});

test('a service that is down and a browser that keeps nothing are no good news', () => {
  expect(statusOf(stateWith([], { trouble: 'It is down.' }))).toMatchObject({
    level: 'problem',
    sentence: 'It is down.',
  });
  expect(statusOf(stateWith([], {}, { problem: 'Its storage is full.' }))).toMatchObject({ level: 'problem' });
});

test.each([
  [entry({ owner: 'somebody' }), 'Waits until whoever made it signs in.'],
  [entry({ state: 'refused', problem: 'Refused.' }), 'Refused.'],
  [entry({ id: 'now' }), 'Is being delivered.'],
  [entry({ problem: 'It failed.' }), 'It failed.'],
  [entry(), 'The service is down.'],
])('%j: %s', (one, sentence) => {
  expect(entrySentence(one, 'me', 'now', 'The service is down.')).toBe(sentence);
});
