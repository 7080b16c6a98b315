import type { Request } from 'express';
import type { ProxyServer } from 'http-proxy-3';
import { HttpProblem } from './problem.ts';

/** A path that climbs out of the mount would reach what the server behind does not offer here, with its rights. */
const DOT_SEGMENT = /(^|[/\\]|%2f|%5c)(\.|%2e){1,2}([/\\?]|%2f|%5c|$)/i;

/** @throws HttpProblem 400 for a path with dot segments, however they are written */
export function assertNoDotSegments(request: Request): void {
  if (DOT_SEGMENT.test(request.path)) throw new HttpProblem(400, 'The path must not contain dot segments.');
}

/** Where the server behind goes away in the middle of an answer, the browser learns it instead of waiting for the rest forever. */
export function cutOffWithAnswer(proxy: ProxyServer): void {
  proxy.on('proxyRes', (answer, _request, response) => {
    answer.once('close', () => {
      if (!answer.complete) response.destroy();
    });
  });
}
