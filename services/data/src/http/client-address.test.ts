import { addressKey, clientAddress } from './client-address.ts';

const from = (ip: string | undefined, remoteAddress: string | undefined = '10.0.0.1') => ({
  ip,
  socket: { remoteAddress },
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
])('%s is taken for %s', (ip, address) => {
  expect(clientAddress(from(ip))).toBe(address);
});

test.each(['unknown', 'Doe^Jane', '', '192.0.2.1, 10.0.0.7', '300.0.0.1', '192.0.2.1:x', undefined])(
  'what is no address (%j) is not believed: it is the one that the connection comes from',
  ip => {
    expect(clientAddress(from(ip))).toBe('10.0.0.1');
  },
);

test('a client that has gone has none', () => {
  expect(clientAddress(from(undefined, ''))).toBeUndefined();
  expect(addressKey(from(undefined, ''))).toBe('gone');
});

test('limits count IPv4 by address, however it is written, and IPv6 by network', () => {
  expect(addressKey(from('::ffff:192.0.2.1'))).toBe(addressKey(from('192.0.2.1:99')));
  expect(addressKey(from('192.0.2.1'))).not.toBe(addressKey(from('192.0.2.2')));
  expect(addressKey(from('2001:db8::1'))).toBe(addressKey(from('2001:db8:0:00ff::2')));
  expect(addressKey(from('2001:db8::1'))).not.toBe(addressKey(from('2001:db9::1')));
});
