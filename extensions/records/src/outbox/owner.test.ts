import type { Host } from '@voxelwise/host';
import { isUnclaimed, NOBODY, ownerOf } from './owner.ts';

const hostWith = (userAuthenticationService?: object) =>
  ({ services: { userAuthenticationService } }) as unknown as Pick<Host, 'services'>;
const opaque = hostWith({ getAuthorizationHeader: () => ({ Authorization: 'Bearer opaque' }) });

test('a person is the same at every visit; nobody is nobody', () => {
  const person = ownerOf(hostWith({ getUser: () => ({ profile: { iss: 'https://login.example', sub: '7' } }) }));
  expect(person).toBe('person https://login.example 7');
  expect(isUnclaimed(person)).toBe(false);
  expect(ownerOf(hostWith())).toBe(NOBODY);
  expect(isUnclaimed(NOBODY)).toBe(true);
});

test('whoever cannot be told from others is told by the visit', () => {
  const owner = ownerOf(opaque);
  expect(owner).toMatch(/^visit [0-9a-f-]{36}$/);
  expect(ownerOf(opaque)).toBe(owner);
  expect(isUnclaimed(owner)).toBe(true);
});
