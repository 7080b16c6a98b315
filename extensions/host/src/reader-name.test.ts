import type { Host } from './host.ts';
import { readerNameOf } from './reader-name.ts';

/** The part of a host that is asked, as OHIF 3.11 to 3.14 has it. */
const hostWith = (userAuthenticationService?: object) =>
  ({ services: { userAuthenticationService } }) as unknown as Host;
const signedIn = (profile: object) => readerNameOf(hostWith({ getUser: () => ({ access_token: 'x', profile }) }));

test.each([
  [{ family_name: 'Müller', given_name: 'Jörg', name: 'Dr. Jörg Müller' }, 'Müller^Jörg'],
  [{ family_name: 'Doe', given_name: 'Jane', middle_name: 'Q.' }, 'Doe^Jane^Q.'],
  [{ family_name: 'Doe', middle_name: 'Q.' }, 'Doe^^Q.'],
  [{ family_name: 'Doe' }, 'Doe'],
  [{ given_name: 'Jane', name: 'Jane Doe' }, 'Jane Doe'],
  [{ name: ' 山田 太郎 ' }, '山田 太郎'],
  [{ family_name: 'A^B=C\\D', given_name: 'E\r\nF' }, 'A B C D^E F'],
  [{ name: 'x'.repeat(70) }, 'x'.repeat(64)],
  [{ family_name: 'x'.repeat(63), given_name: 'y' }, 'x'.repeat(63)],
])('%j is named %s', (profile, name) => {
  expect(signedIn(profile)).toBe(name);
});

test.each([{}, { preferred_username: 'jdoe', email: 'jdoe@example.org' }, { name: 7 }, { name: '' }])(
  'an account alone is no name: %j',
  profile => {
    expect(signedIn(profile)).toBe('');
  },
);

test.each([
  undefined,
  {},
  { getUser: () => null },
  { getUser: () => undefined },
  { getUser: () => ({ access_token: 'x' }) },
])('where nobody has signed in there is no name', service => {
  expect(readerNameOf(hostWith(service))).toBe('');
});
