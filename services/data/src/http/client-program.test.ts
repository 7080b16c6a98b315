import { clientProgram } from './client-program.ts';

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.86 Safari/537.36',
    'Mozilla/5.0 AppleWebKit/537.36 Chrome/131.0.6778.86 Safari/537.36',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Mozilla/5.0 Gecko Firefox/133.0'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['node', 'node'],
  ['python-requests/2.31.0', 'python-requests/2.31.0'],
])('of %s the programs are kept', (userAgent, kept) => {
  expect(clientProgram(userAgent)).toBe(kept);
});

test.each([
  'Doe^Jane',
  'Mrs. Jane Doe/1.0',
  'Jane/5.0 (MRN 12345678)',
  'Mozilla/12345678',
  'Mozilla/5.0/Jane',
  'curl/8.5.0 Jane Doe 1950-01-01',
  'Mozilla/5.0 (Jane Doe (MRN 12345678))',
  'Chrome/MRN-12345678',
])('of %s no name and number of a patient is kept', userAgent => {
  expect(clientProgram(userAgent) ?? '').not.toMatch(/Jane|Doe|MRN|12345678|1950/);
});

test('nothing known is nothing', () => {
  expect([undefined, '', 'x'.repeat(5000), '(((((', '   '].map(clientProgram)).toEqual(Array(5).fill(undefined));
});

test('what is kept is short', () => {
  expect(clientProgram('curl/8.5.0 '.repeat(150))!.length).toBeLessThanOrEqual(200);
});
