import type { Host } from './host.ts';
import { authorizationHeadersOf, personIdOf } from './signed-in.ts';

/** The part of a host that is asked, as OHIF 3.11 to 3.14 has it. */
const hostWith = (userAuthenticationService?: object) =>
  ({ services: { userAuthenticationService } }) as unknown as Host;

const bearer = (claims: object) => `Bearer x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
const signedIn = (profile: object | null, Authorization?: string) => {
  const header = { Authorization };
  return hostWith({ getUser: () => profile && { profile }, getAuthorizationHeader: () => header });
};

test.each([
  [
    'the ID token',
    signedIn({ iss: 'https://login.example', sub: 'f81d' }, 'Bearer opaque'),
    'https://login.example f81d',
  ],
  ['an ID token without issuer', signedIn({ sub: 'f81d' }), 'f81d'],
  ['the access token', signedIn(null, bearer({ iss: 'https://b', sub: 'Jörg?>~' })), 'https://b Jörg?>~'],
  ['the access token, as the ID token names nobody', signedIn({ name: 'Doe' }, bearer({ sub: '7' })), '7'],
])('a person is known by %s', (_, host, id) => {
  expect(personIdOf(host)).toBe(id);
});

test.each<object | undefined>([
  undefined,
  {},
  { getUser: () => null, getAuthorizationHeader: () => null },
  { getUser: () => undefined, getAuthorizationHeader: () => ({}) },
])('where nobody has signed in there is nobody: %#', service => {
  expect(personIdOf(hostWith(service))).toBe('');
  expect(authorizationHeadersOf(hostWith(service))).toEqual({});
});

test.each([
  'Bearer opaque',
  'Bearer a.b',
  'Bearer a.!!.c',
  `Bearer a.${btoa('7')}.c`,
  'Basic dXNlcjpwYXNz',
  bearer({ sub: 7 }),
])('who sends %s cannot be told from others', authorization => {
  expect(personIdOf(signedIn(null, authorization))).toBeNull();
});
