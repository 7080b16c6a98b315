import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from '../user-error.ts';
import { problemDocument, ServiceProblem } from './service-problem.ts';

export interface ServerLimits {
  /** From the first byte of a request to the last one of its body: uploads of masks over slow lines. */
  readonly requestMs: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number;
  /** A connection on which nothing moves for so long is closed. */
  readonly idleMs: number;
  /** What still comes of a body that was refused is read for so long, so that the client gets to read the answer. */
  readonly lingerMs: number;
  /** How often headersMs and requestMs are looked after. */
  readonly checkMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
  requestMs: 600_000,
  headersMs: 20_000,
  idleMs: 120_000,
  lingerMs: 30_000,
  checkMs: 5_000,
};

/**
 * The HTTP server around the app. What never becomes a request that the app sees (broken HTTP, headers that are too long or do not
 * end) is answered with a problem document, too.
 */
export function createHttpServer(app: RequestListener, limits: ServerLimits = SERVER_LIMITS): Server {
  const server = createServer(
    {
      requestTimeout: limits.requestMs,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
      // Longer than proxies and viewers keep an idle connection: whoever closes it first has no request on its way over it.
      keepAliveTimeout: limits.idleMs,
      requireHostHeader: false, // Node's own refusal has no document; the app refuses.
    },
    (request, response) => {
      letGoOfRefusedBody(request, response, limits.lingerMs);
      app(request, response);
    },
  );
  server.setTimeout(limits.idleMs);
  server.on('clientError', (error, socket) => {
    // It may be a good request over a bad line: without an answer, its sender tries again.
    if (errorCode(error) === 'ERR_HTTP_REQUEST_TIMEOUT') socket.destroy();
    else endWith(socket, problemOf(error));
  });
  server.on('connect', (_request, socket) => endWith(socket, new ServiceProblem('method-not-allowed')));
  server.on('checkExpectation', request => {
    endWith(request.socket, new ServiceProblem('malformed-request', 'What the request expects is not known here.'));
  });
  return server;
}

/** A request that was answered before its body had ended is not read for ever. */
function letGoOfRefusedBody(request: IncomingMessage, response: ServerResponse, lingerMs: number): void {
  const { socket } = request; // A request that is destroyed has none any more.
  response.once('finish', () => {
    if (request.complete) return;
    const timer = setTimeout(() => {
      if (!request.complete) socket.destroy();
    }, lingerMs);
    request.once('close', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
  });
}

/** What Node's parser says, as far as it is the client's doing. */
function problemOf(error: Error): ServiceProblem {
  return new ServiceProblem(
    'malformed-request',
    errorCode(error) === 'HPE_HEADER_OVERFLOW'
      ? 'The headers of the request are too long.'
      : 'This is no HTTP that could be understood.',
  );
}

/** Writes an answer to a connection that has none of Node's own, and closes it. */
function endWith(socket: Duplex, problem: ServiceProblem): void {
  // The answer to another request may be under way on it: a second one in its middle would be taken for a part of it.
  const isWriting = (socket as { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent === true;
  if (isWriting || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemDocument(problem, randomUUID()));
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.status === 405 ? 'Method Not Allowed' : 'Bad Request'}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
