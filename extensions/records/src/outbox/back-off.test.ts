import { backOffMs } from './back-off.ts';

test('every failure doubles the wait, up to five minutes', () => {
  const waits = [1, 2, 3, 8, 9, 1000].map(failures => backOffMs(failures, 0));
  expect(waits).toEqual([2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
});

test('chance takes up to half of it away', () => {
  expect(backOffMs(3, 0.5)).toBe(6_000);
  expect(backOffMs(3, 1)).toBe(4_000);
});
