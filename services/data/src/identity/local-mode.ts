import type { IncomingHttpHeaders } from 'node:http';
import { ROLES } from '@voxelwise/contract';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';
import { type Principal, type Pseudonyms, personOf } from './principal.ts';

/** Whether and for whom local single-user mode is on: whoever sits at this machine is everybody, without signing in. */
export interface LocalModeSettings {
  /** The address that the service listens on. */
  readonly listenAddress: string;
  /** With an identity provider people sign in, also on loopback. */
  readonly oidcIssuer: string | null;
  /** Behind a proxy all requests come from this machine, whoever sent them. */
  readonly trustedProxyHops: number;
  /** Origins such as http://localhost:3000 of a viewer that is served by another program on this machine. */
  readonly allowedOrigins: readonly string[];
}

/** What of a request matters here; Node's own `IncomingMessage` has all of it. */
export interface LocalRequest {
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Headers that proxies add, besides all that begin with x-forwarded-. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-host',
  'true-client-ip',
  'cf-connecting-ip',
];

/** Why local mode cannot be on at all, in one sentence; null where it can. */
export function localModeProblem({ listenAddress, oidcIssuer, trustedProxyHops }: LocalModeSettings): string | null {
  if (oidcIssuer !== null) return 'Local single-user mode is off where an identity provider is configured.';
  if (trustedProxyHops > 0) return 'Local single-user mode does not work behind a proxy.';
  if (!isLoopbackHost(listenAddress))
    return 'Local single-user mode works on a loopback address alone, such as 127.0.0.1.';
  return null;
}

/**
 * Why a request is refused in local mode, in one sentence; null where whoever sits at this machine has sent it. Nobody signs in,
 * so these fences hold off others: the network (addresses), programs that pass on what comes from there (headers of proxies),
 * and pages of other sites in the same browser, which may send requests here (Origin, Sec-Fetch-Site, Referer), or come by a
 * name of their own that resolves to this machine (DNS rebinding, seen by Host).
 */
export function localModeRefusal(request: LocalRequest, settings: LocalModeSettings): string | null {
  const problem = localModeProblem(settings);
  if (problem) return problem;
  const { headers, socket, httpVersion } = request;
  if (!isLoopbackAddress(socket.remoteAddress ?? '')) return 'The request does not come from this machine.';
  // nginx passes requests on as HTTP/1.0 and adds no header, unless it is told to.
  if (httpVersion === '1.0' || Object.keys(headers).some(isOfProxy)) return 'The request came through a proxy.';

  const { host, origin, referer } = headers;
  if (!host || !isLoopbackHost(hostNameOf(host))) {
    return 'The request names another host than this machine; use localhost or 127.0.0.1.';
  }
  const isKnown = (one: string) => isOwnOrigin(one, host) || isAllowedOrigin(one, settings);
  if (origin !== undefined && !isKnown(origin)) return 'The request comes from a page of another origin.';
  if (referer !== undefined && !isKnown(originOf(referer))) return 'The request comes from a page of another origin.';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && origin === undefined) {
    return 'The request comes from a page of another origin.';
  }
  return null;
}

/** Who sits at this machine: every role but that of programs, and one site. */
export function localPrincipal(pseudonyms: Pseudonyms, site = 'local'): Principal {
  return {
    ...personOf(pseudonyms, 'urn:voxelwise:local', 'local'),
    roles: ROLES.filter(role => role !== 'service'),
    sites: [site],
    sessionId: null,
    token: null,
    expiresAt: null,
    isLocal: true,
  };
}

function isOfProxy(header: string): boolean {
  return header.startsWith('x-forwarded-') || PROXY_HEADERS.includes(header);
}

/** The host of a Host header without its port, which a rebound name would share. */
function hostNameOf(header: string): string {
  return /^(\[[0-9a-f:.]+\]|[^:[\]]+)(:\d{1,5})?$/i.exec(header)?.[1] ?? '';
}

/** The service speaks http; a page of https with the same name and port is another origin. */
function isOwnOrigin(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host.toLowerCase()}`;
}

function isAllowedOrigin(origin: string, { allowedOrigins }: LocalModeSettings): boolean {
  return allowedOrigins.includes(origin) && URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
