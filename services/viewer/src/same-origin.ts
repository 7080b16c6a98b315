import { isIP } from 'node:net';
import os from 'node:os';
import type { Request, RequestHandler } from 'express';
import { sendProblem } from './problem.ts';

// Nothing here asks for a password, so the browser's own rules are the only fence between another web site and the
// images. Two holes in that fence are closed: DNS rebinding (a foreign name that resolves to this machine, seen by its
// Host header) and cross-site requests (seen by Origin and Sec-Fetch-Site).

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export interface GuardOptions {
  /** The address that the server listens on. */
  host: string;
  /** Further names under which the server is reached, for example behind a reverse proxy. */
  allowedHosts?: string[];
}

/** Whether this address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Refuses requests that a foreign page could have made. Mount it before everything else. */
export function sameOriginGuard(options: GuardOptions): RequestHandler {
  return (request, response, next) => {
    const refusal = refusalOf(request, options);
    if (refusal) sendProblem(response, 403, refusal);
    else next();
  };
}

function refusalOf(request: Request, options: GuardOptions): string | undefined {
  const { host, origin } = request.headers;
  if (!host || !isAllowedHost(host, request.socket.localPort ?? 0, options)) {
    return 'This server does not answer under that host name. Allow a name with --allow-host.';
  }
  // The scheme is left out of the comparison: a reverse proxy may end TLS in front of this server.
  if (origin !== undefined && origin.replace(/^https?:\/\//, '').toLowerCase() !== host.toLowerCase()) {
    return 'Requests from pages of another origin are refused.';
  }
  const site = request.headers['sec-fetch-site'];
  const navigates = request.headers['sec-fetch-mode'] === 'navigate' && ['GET', 'HEAD'].includes(request.method);
  if ((site === 'cross-site' || site === 'same-site') && !navigates) {
    return 'Requests from pages of another origin are refused.';
  }
  return undefined;
}

/**
 * The rule for the Host header.
 * - Listening on loopback: localhost, 127.0.0.1 and [::1], with the port that the server listens on.
 * - Listening on one address: that address too.
 * - Listening on every address (0.0.0.0 or ::): any IP address, and this machine's own name. DNS rebinding needs a name
 *   that an attacker controls, so addresses are safe; the port is free, because containers map it.
 * - Names given with --allow-host, with any port.
 */
function isAllowedHost(header: string, port: number, { host, allowedHosts = [] }: GuardOptions): boolean {
  const parts = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(header);
  if (!parts?.[1]) return false;
  const name = parts[1].toLowerCase();
  if (allowedHosts.some(one => one.toLowerCase() === name)) return true;
  if (host === '0.0.0.0' || host === '::') {
    const address = name.replace(/^\[(.*)\]$/, '$1');
    return isIP(address) > 0 || name === 'localhost' || name === os.hostname().toLowerCase();
  }
  const own = host.includes(':') ? `[${host}]` : host;
  return Number(parts[2] ?? 80) === port && [...LOOPBACK_NAMES, own.toLowerCase()].includes(name);
}
