import { dateSchema, freeTextSchema, identifierSchema, momentSchema } from './primitives.ts';

test.each([
  ['1900-01-01T00:00:00Z', true],
  ['1899-12-31T23:59:59Z', false],
  ['1900-01-01T00:00:00+01:00', false],
  ['1899-12-31T23:30:00-01:00', true],
  ['2999-12-31T23:59:59.999Z', true],
  ['2999-12-31T23:59:59-01:00', false],
  ['3000-01-01T00:30:00+01:00', true],
  ['0000-01-01T00:00:00Z', false],
])('the moment %s is of a usual year in UTC: %s', (text, isUsual) => {
  expect(momentSchema.safeParse(text).success).toBe(isUsual);
  // It is given out again in UTC, by the same contract.
  if (isUsual) expect(momentSchema.safeParse(new Date(text).toISOString()).success).toBe(true);
});

test('a date is of a usual year', () => {
  expect(['1900-01-01', '2999-12-31'].every(text => dateSchema.safeParse(text).success)).toBe(true);
  expect(['1899-12-31', '3000-01-01'].some(text => dateSchema.safeParse(text).success)).toBe(false);
});

test.each(['\u0000', 'a\u0000b', '\ud800', 'a\udfffb', '\udc00\ud800'])(
  'text that cannot come back as it was sent is refused (%j)',
  text => {
    expect(freeTextSchema.safeParse(text).success).toBe(false);
    expect(identifierSchema.safeParse(text).success).toBe(false);
  },
);

test('text of all scripts is taken over', () => {
  const text = 'Läsion im RCA, 心臓, 🫀\n\tsecond line';
  expect(freeTextSchema.parse(text)).toBe(text);
});
