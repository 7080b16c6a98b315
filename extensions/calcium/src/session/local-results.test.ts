import { keysToForget, LIMITS } from './local-results.ts';

const NOW = Date.UTC(2026, 0, 31);
const record = (key: string, ageMs: number, length = 1000) => ({ key, savedAt: NOW - ageMs, length });

test('results are forgotten past their age', () => {
  const records = [record('new', 0), record('old', LIMITS.ageMs), record('too old', LIMITS.ageMs + 1)];
  expect(keysToForget(records, NOW)).toEqual(['too old']);
});

test('when there are too many, the oldest are forgotten until the rest is small enough', () => {
  const third = LIMITS.totalLength / 3;
  const records = [record('oldest', 4, 1), record('b', 2, third), record('a', 1, third), record('c', 3, third)];
  expect(keysToForget(records, NOW)).toEqual(['oldest']);
  expect(keysToForget([...records, record('newest', 0, third)], NOW)).toEqual(['c', 'oldest']);
});
