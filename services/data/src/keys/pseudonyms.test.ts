import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import type { KeyRing } from './key-ring.ts';
import { newKeyRing } from './keys.test-support.ts';
import { advance, isSame, type PseudonymDomain, pseudonym, pseudonyms } from './pseudonyms.ts';

const domain = fc.constantFrom<PseudonymDomain>('patient', 'accession', 'person', 'content');
const value = fc.string({ unit: 'binary', maxLength: 80 });
const ring = newKeyRing({ pseudonymKeys: 4 });

/** The ring as it was when it held only this many pseudonym keys. */
function early(versions: number): KeyRing {
  return { ...ring, pseudonymKeys: ring.pseudonymKeys.slice(0, versions) };
}

// Made with Python's hmac and hashlib (RFC 5869 written out): keys are the bytes 0 to 31 and 32 to 63.
test.each<[PseudonymDomain, string, string]>([
  ['patient', 'xgyvwK7iLp_bbQPfF4qD-wCF5H6fPz_Q_TMEtm1J0JI', 'WJCd8ZfEbj34vCPAXX8sL8hKmAQkNB3pkZK46acDLNw'],
  ['accession', 'dC-pG0KPGxljpbF00a8rJPPlep2dwj9AlFwXZiJdiy0', 'c12N13N2uXsWaSnizOtmfBn0y2aN9Rbpe0aq87kHMBg'],
  ['person', 'j35lcZ4geo6LlGtkuy0auTTIOYIqmHNapTzNdYp8Zoc', 'ZLVzGH9pJ64tkadb9yoF7KNbuA1Bzt-pT_-NhYxShQI'],
  ['content', 'wlNVc2Izux8OAOj-ZIUEjvU_SIoJP1lOSfQ5i4LqLLY', '1x8j9eaJpwwd2TOxCMTJLwut4JtMivHcgDnlUCSzyWo'],
])('pseudonyms of %s equal those of another implementation', (of, first, second) => {
  const bytes = Buffer.from(Array.from({ length: 64 }, (_, index) => index));
  const pseudonymKeys = [1, 2].map(version => ({
    version,
    key: createSecretKey(bytes.subarray(32 * version - 32, 32 * version)),
  }));
  expect(pseudonyms({ ...ring, pseudonymKeys }, of, 'Müller^Änne 4711')).toEqual([`p2:${second}`, `p1:${first}`]);
});

test('every pseudonym has the form that the database checks, newest version first', () => {
  fc.assert(
    fc.property(domain, value, (of, text) => {
      const all = pseudonyms(ring, of, text);
      expect(all.map(one => /^p([0-9]+):[A-Za-z0-9_-]{43}$/.exec(one)?.[1])).toEqual(['4', '3', '2', '1']);
      expect(all[0]).toBe(pseudonym(ring, of, text));
    }),
  );
});

test('a stored pseudonym of any version advances to the newest without the value', () => {
  fc.assert(
    fc.property(domain, value, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (of, text, from, to) => {
      fc.pre(from <= to);
      const stored = pseudonym(early(from), of, text);
      expect(advance(early(to), of, stored)).toBe(pseudonym(early(to), of, text));
      expect(pseudonyms(early(to), of, text)).toContain(stored);
    }),
  );
});

test('a value is told from another, in whatever version it is stored', () => {
  fc.assert(
    fc.property(domain, value, value, fc.integer({ min: 1, max: 4 }), (of, text, other, version) => {
      const stored = pseudonym(early(version), of, text);
      expect(isSame(ring, of, stored, text)).toBe(true);
      expect(isSame(ring, of, stored, other)).toBe(text === other);
    }),
  );
});

test('domains, keys and versions are unrelated', () => {
  const all = (['patient', 'accession', 'person', 'content'] as const).flatMap(of => [
    ...pseudonyms(ring, of, '4711'),
    ...pseudonyms(newKeyRing({ pseudonymKeys: 4 }), of, '4711'),
  ]);
  expect(new Set(all.map(one => one.split(':')[1])).size).toBe(32);
});

test.each(['4711', 'p1:short', 'p0:'.padEnd(46, 'A'), ` ${'p1:'.padEnd(46, 'A')}`])('%s is no pseudonym', text => {
  expect(() => advance(ring, 'patient', text)).toThrow('A stored pseudonym is malformed');
});

test('a pseudonym of a newer key than the ring holds is named as that', () => {
  const stored = pseudonym(ring, 'patient', '4711');
  for (const call of [() => advance(early(2), 'patient', stored), () => isSame(early(2), 'patient', stored, '4711')]) {
    expect(call).toThrow('A stored pseudonym is of key version 4, but the keys go up to 2');
  }
});
