import { MemoryStore, type RateLimitRequestHandler, rateLimit } from 'express-rate-limit';
import { addressKey } from './client-address.ts';
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
    keyGenerator: addressKey,
    // Its advice on configuration goes to the console, with the address that was sent.
    validate: false,
    handler: (request, response) => {
      const context = contextOf(request);
      context.problem = 'too-many-requests';
      sendProblem(response, tooMany(WINDOW_MS / 1000), context.requestId);
    },
  });
}

/** Counts one more of whoever the key stands for; throws ServiceProblem where that is beyond the limit. */
export type Limit = (key: string) => Promise<void>;

/** A limit of so many within a minute. */
export function createLimit(perMinute: number): Limit {
  const store = new MemoryStore();
  store.init({ windowMs: WINDOW_MS } as Parameters<MemoryStore['init']>[0]);
  return async key => {
    const { totalHits, resetTime } = await store.increment(key);
    if (totalHits <= perMinute) return;
    throw tooMany(Math.max(1, Math.ceil(((resetTime?.getTime() ?? Date.now()) - Date.now()) / 1000)));
  };
}

/** What the requests of a process are limited by. */
export interface Limits {
  /** Requests of one person, wherever they come from. */
  readonly person: Limit;
  /**
   * Refused sign-ins from one address: each of them writes an audit event, so that a flood would fill the database. Whoever has a good
   * token is let in all the same: many people share an address.
   */
  readonly refusedSignIn: Limit;
}
