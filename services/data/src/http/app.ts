import cors from 'cors';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { documentation } from '../openapi/documentation.ts';
import type { Services } from '../services.ts';
import type { Handlers } from './call.ts';
import { contextOf } from './context.ts';
import { addressLimit, createLimit, type Limits } from './limits.ts';
import { operations, type Readiness } from './operations.ts';
import { requestContext } from './request-context.ts';
import { contractRouter } from './router.ts';
import { safeError } from './safe-error.ts';
import { ServiceProblem, sendProblem } from './service-problem.ts';

/** Everything that the service answers. */
export function createApp(
  services: Services,
  handlers: Handlers,
  readiness: Readiness,
  { servesApi = true } = {},
): Express {
  const { configuration, logger, metrics } = services;
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.set('etag', false);
  app.set('query parser', 'simple');
  // Exactly as many proxies as there are: with more, a client could say what its address is.
  app.set('trust proxy', configuration.trustedProxyHops);

  const limits: Limits = {
    person: createLimit(configuration.requestsPerMinute),
    refusedSignIn: createLimit(configuration.refusedSignInsPerMinute),
  };
  app.use(requestContext({ logger, metrics, limits }));
  app.use(securityHeaders());
  app.use(requireSoundHeaders());
  app.use(operations(services, readiness));

  if (servesApi) app.use('/api', api(services, handlers));
  app.use((request, response) => {
    sendProblem(response, new ServiceProblem('not-found', 'There is no such address.'), contextOf(request).requestId);
  });
  app.use(unexpected(services));
  return app;
}

function api(services: Services, handlers: Handlers): Router {
  const { configuration } = services;
  const router = express.Router({ caseSensitive: true });
  if (configuration.allowedOrigins.length > 0) {
    router.use(
      cors({ origin: [...configuration.allowedOrigins], exposedHeaders: ['X-Request-Id', 'Retry-After'], maxAge: 600 }),
    );
  }
  router.use(documentation());
  router.use(addressLimit(configuration.requestsPerMinute));
  router.use(contractRouter(services, handlers));
  return router;
}

/** On every answer, whatever it is; the documentation page loosens what it needs. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
}

/** One host (RFC 9112, section 3.2), and at most one token: of two, a proxy may have looked at the other one. */
function requireSoundHeaders(): RequestHandler {
  return (request, response, next) => {
    const { host = [], authorization = [] } = request.headersDistinct;
    const hasHost = host.length === 1 || (host.length === 0 && request.httpVersion === '1.0');
    if (hasHost && authorization.length <= 1) {
      next();
      return;
    }
    const context = contextOf(request);
    context.problem = 'malformed-request';
    const sentence = hasHost ? 'The request has two tokens.' : 'The request must name one host.';
    sendProblem(response, new ServiceProblem('malformed-request', sentence), context.requestId);
  };
}

/** What Express and its middleware throw: a malformed % in an address, and what nobody has thought of. */
function unexpected({ logger }: Services): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { requestId } = contextOf(request);
    const status = Number((error as { status?: unknown }).status);
    const isOfClient = status >= 400 && status < 500;
    if (!isOfClient) logger.error({ requestId, error: safeError(error) });
    const problem = new ServiceProblem(isOfClient ? 'malformed-request' : 'internal');
    contextOf(request).problem = problem.code;
    sendProblem(response, problem, requestId);
  };
}
