import { matches } from './matching.ts';

const found = (vr: string, ...Value: (string | number | { Alphabetic?: string; Ideographic?: string })[]) => ({
  vr,
  Value,
});

test.each([
  ['LO', 'Chest*', 'Chest CT', true],
  ['LO', 'chest*', 'CHEST CT', true],
  ['LO', '*CT', 'Chest CT', true],
  ['LO', '*s?', 'Chest CT', false],
  ['LO', '*s?', 'Chest', true],
  ['LO', 'C?est CT', 'Chest CT', true],
  ['LO', 'Chest', 'Chest CT', false],
  ['LO', 'a.c', 'abc', false],
  ['LO', '[a-z]*(', '[a-z]x(', true],
  ['LO', '*a*b*', 'xxaxxbxx', true],
  ['LO', '*ab*ab', 'abxab', true],
  ['LO', '*ab*ab', 'ab', false],
  ['LO', '**', '', true],
  ['LO', '?', '😀', true],
  ['LO', 'a,b', 'a', false], // in a description, a comma is a comma
  ['CS', 'CT,MR', 'MR', true],
  ['CS', 'CT', 'MR', false],
  ['UI', '1.2.3,1.2.4', '1.2.4', true],
  ['UI', '1.2.3\\1.2.4', '1.2.3', true],
  ['UI', '1.2.*', '1.2.3', false], // UIDs know no wildcards
  ['IS', '07', '7', true],
])('%s: %s matches %s: %s', (vr, wanted, value, expected) => {
  expect(matches(vr, wanted, found(vr, value))).toBe(expected);
});

test.each([
  ['DA', '20240229', true],
  ['DA', '2024.02.29', true],
  ['DA', '20240101-20241231', true],
  ['DA', '20240301-', false],
  ['DA', '20240229-', true],
  ['DA', '-20240228', false],
  ['DA', '-20240229', true],
  ['DA', '-', true],
  ['TM', '1015', true],
  ['TM', '1000-1015', true],
  ['TM', '10:00-10:15', true],
  ['TM', '1016-', false],
])('%s: %s matches 20240229 101530.5: %s', (vr, wanted, expected) => {
  expect(matches(vr, wanted, found(vr, vr === 'DA' ? '20240229' : '101530.5'))).toBe(expected);
});

test('names match in any of their writings, with ^ or a space between parts', () => {
  const name = found('PN', { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' });
  for (const wanted of ['yamada^tarou', 'Yamada Tarou', 'Yamada*', '山田*', '*太郎']) {
    expect(matches('PN', wanted, name)).toBe(true);
  }
  expect(matches('PN', 'Tarou*', name)).toBe(false);
  // the same letter, composed and decomposed
  expect(matches('PN', 'MÜLLER*', found('PN', { Alphabetic: 'Mu\u0308ller^Jörg' }))).toBe(true);
});

test('an empty value, and a lone * for text, match everything, also what is not there', () => {
  expect(matches('LO', '', undefined)).toBe(true);
  expect(matches('LO', '*', undefined)).toBe(true);
  expect(matches('LO', '?', { vr: 'LO' })).toBe(false);
  expect(matches('DA', '20240101-', undefined)).toBe(false);
});

test('a pattern made to be slow is not', () => {
  const started = performance.now();
  expect(matches('LO', `${'*a'.repeat(5000)}b`, found('LO', 'a'.repeat(20_000)))).toBe(false);
  expect(matches('LO', `*${'a?'.repeat(500)}b`, found('LO', 'a'.repeat(20_000)))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
