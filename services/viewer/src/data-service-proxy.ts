import { randomUUID } from 'node:crypto';
import { ServerResponse } from 'node:http';
import { PROBLEMS, type Problem, problemType } from '@voxelwise/contract';
import type { RequestHandler } from 'express';
import { createProxyServer } from 'http-proxy-3';
import { assertNoDotSegments, cutOffWithAnswer } from './pass-on.ts';
import { HttpProblem } from './problem.ts';
import { isLoopback } from './same-origin.ts';
import { UserError } from './user-error.ts';

/**
 * Reads the address of the data service, for example http://127.0.0.1:8090. Its /api may stand behind it.
 * @param name what the user has set, for the sentence
 * @throws UserError
 */
export function parseDataServiceUrl(text: string, name = 'DATA_SERVICE_URL'): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError(`${name} is not an http(s) address. It looks like http://127.0.0.1:8090.`);
  }
  if (url.username || url.password) {
    throw new UserError(`${name} must not hold a user or a password: readers sign in with their own tokens.`);
  }
  return `${url.protocol}//${url.host}${url.pathname.replace(/(\/api)?\/*$/, '')}`;
}

/**
 * Passes /api on to the data service under the same path. To a request of this machine nothing is added: the service goes by the
 * headers of proxies, which say that it is not this machine's user alone who asks. On this machine, Host stays as the browser has sent it,
 * for the service's own fences; elsewhere it is the service's, which TLS and virtual hosts go by.
 */
export function dataServiceProxy(url: string): RequestHandler {
  const { hostname } = new URL(url);
  const proxy = createProxyServer({
    target: url,
    changeOrigin: !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')),
    xfwd: false,
    proxyTimeout: 10 * 60 * 1000,
  });
  proxy.on('proxyReq', (proxyRequest, request) => {
    proxyRequest.removeHeader('cookie'); // tokens alone say who somebody is
    const from = request.socket.remoteAddress ?? 'unknown';
    // Who comes over a network must not look like this machine's user, whatever Host says.
    if (!isLoopback(from.replace(/^::ffff:/, ''))) proxyRequest.appendHeader('X-Forwarded-For', from);
  });
  cutOffWithAnswer(proxy);
  proxy.on('error', (_error, _request, response) => {
    if (!(response instanceof ServerResponse) || response.headersSent) {
      response?.destroy();
      return;
    }
    response.writeHead(503, { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(unavailable()));
  });
  return (request, response) => {
    assertNoDotSegments(request); // what operators see is beside /api
    request.url = request.originalUrl; // Express has cut off the mount path
    proxy.web(request, response);
  };
}

/** Answers under /api where there is no data service. */
export const noDataService: RequestHandler = () => {
  throw new HttpProblem(404, 'There is no data service here.');
};

function unavailable(): Problem {
  return {
    type: problemType('unavailable'),
    title: PROBLEMS.unavailable.title,
    status: PROBLEMS.unavailable.status,
    code: 'unavailable',
    detail: 'The data service does not answer.',
    requestId: randomUUID(),
  };
}
