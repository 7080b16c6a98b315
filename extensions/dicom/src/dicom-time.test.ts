import { secondsOfDate, secondsOfDateTime, secondsOfDay } from './dicom-time.ts';

test.each([
  ['101530', 36_930],
  ['101530.25', 36_930.25],
  ['1015', 36_900],
  ['10', 36_000],
  ['10:15:30.5', 36_930.5],
  ['000000.000001', 1e-6],
])('%s is a time of day', (time, seconds) => {
  expect(secondsOfDay(time)).toBeCloseTo(seconds, 9);
});

test.each([
  ['20250115', Date.UTC(2025, 0, 15) / 1000],
  ['2025.01.15', Date.UTC(2025, 0, 15) / 1000],
])('%s is a date', (date, seconds) => {
  expect(secondsOfDate(date)).toBe(seconds);
});

test.each([
  ['20250115101530.5', '2025-01-15T10:15:30.500Z'],
  ['20250115101530+0100', '2025-01-15T09:15:30.000Z'],
  ['20250115001530.125-0530', '2025-01-15T05:45:30.125Z'],
])('%s is a date and time', (dateTime, iso) => {
  expect(secondsOfDateTime(dateTime)).toBeCloseTo(Date.parse(iso) / 1000, 6);
});

test.each(['', '1', '10h15', '2025', '20250115', 'noon', '1015301'])('"%s" is none', text => {
  expect([secondsOfDay(text.length === 4 || text.length === 8 ? 'x' : text), secondsOfDateTime(text)]).toEqual([
    Number.NaN,
    Number.NaN,
  ]);
});
