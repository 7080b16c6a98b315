import type { ProblemCode, RouteName } from '@voxelwise/contract';
import type { Request } from 'express';
import type { Limits } from './limits.ts';

/** What belongs to one request, from its arrival to its log line. */
export interface RequestContext {
  readonly requestId: string;
  readonly startedMs: number;
  /** Aborted when the client has gone before its answer. */
  readonly signal: AbortSignal;
  readonly limits: Limits;
  route?: RouteName;
  /** Pseudonym. */
  person?: string;
  problem?: ProblemCode;
}

const contexts = new WeakMap<object, RequestContext>();

export function attachContext(request: Request, context: RequestContext): void {
  contexts.set(request, context);
}

export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request);
  if (!context) throw new Error('The request has no context: it did not pass through requestContext.');
  return context;
}
