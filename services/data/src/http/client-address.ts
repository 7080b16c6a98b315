import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** What of a request says where it comes from; Express makes `ip` of X-Forwarded-For as far as proxies are trusted. */
export interface ComingFrom {
  readonly ip?: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * The IP address that a request comes from. Some proxies write a port behind it, which is cut off. What is no address at all in the
 * place that a trusted proxy fills is not believed: then it is the proxy's own.
 * @returns undefined where the client has gone already
 */
export function clientAddress({ ip, socket }: ComingFrom): string | undefined {
  return [withoutPort(ip ?? ''), socket.remoteAddress ?? ''].find(address => isIP(address) !== 0);
}

/** What limits count by: an IPv4 address, or the network of an IPv6 one, of which each customer has many. */
export function addressKey(request: ComingFrom): string {
  const address = clientAddress(request);
  return address === undefined ? 'gone' : ipKeyGenerator(address);
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711`, as Azure's and others' proxies write them. */
function withoutPort(text: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
}
