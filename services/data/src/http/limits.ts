import { MemoryStore, type RateLimitRequestHandler, rateLimit } from 'express-rate-limit';
import { contextOf } from './context.ts';
import { ServiceProblem, sendProblem } from './service-problem.ts';

const WINDOW_MS = 60_000;

function tooMany(retryAfterS: number): ServiceProblem {
  return new ServiceProblem(
    'too-many-requests',
    'Too many requests came from you within a minute. Wait, then try again.',
    { retryAfterS },
  );
}

/** Limits what comes from one address, whoever sends it. */
export function addressLimit(perMinute: number): RateLimitRequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, response) => {
      const context = contextOf(request);
      context.problem = 'too-many-requests';
      sendProblem(response, tooMany(WINDOW_MS / 1000), context.requestId);
    },
  });
}

/** Limits refused sign-ins from one address: each of them writes an audit event. */
export function refusedSignInLimit(perMinute: number): RateLimitRequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: false,
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    handler: (request, response) => {
      const context = contextOf(request);
      context.problem = 'too-many-requests';
      sendProblem(response, tooMany(WINDOW_MS / 1000), context.requestId);
    },
  });
}

/** Throws ServiceProblem for a person's requests beyond the limit. */
export type PersonLimit = (person: string) => Promise<void>;

export function createPersonLimit(perMinute: number): PersonLimit {
  const store = new MemoryStore();
  store.init({ windowMs: WINDOW_MS } as Parameters<MemoryStore['init']>[0]);
  return async person => {
    const { totalHits, resetTime } = await store.increment(person);
    if (totalHits <= perMinute) return;
    throw tooMany(Math.max(1, Math.ceil(((resetTime?.getTime() ?? Date.now()) - Date.now()) / 1000)));
  };
}
