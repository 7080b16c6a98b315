import { type FieldProblem, PROBLEMS, type Problem, type ProblemCode, problemType } from '@voxelwise/contract';
import type { Response } from 'express';

/**
 * A refusal, or a failure, that reaches the client as `application/problem+json`. The detail never repeats what was sent: it may
 * be about a patient, and details are logged.
 */
export class ServiceProblem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[] | undefined;
  /** Seconds after which a repetition may succeed. */
  readonly retryAfterS: number | undefined;

  constructor(code: ProblemCode, detail?: string, further: { errors?: FieldProblem[]; retryAfterS?: number } = {}) {
    super(detail ?? PROBLEMS[code].title);
    this.name = 'ServiceProblem';
    this.code = code;
    this.errors = further.errors;
    this.retryAfterS = further.retryAfterS;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** The document of a problem. */
export function problemDocument(problem: ServiceProblem, requestId: string): Problem {
  const { code, message, errors } = problem;
  const { status, title } = PROBLEMS[code];
  return {
    type: problemType(code),
    title,
    status,
    code,
    detail: message,
    requestId,
    ...(errors && { errors: [...errors] }),
  };
}

/** Answers with a problem. An answer that is already on its way is cut off, so that nobody takes it for complete. */
export function sendProblem(response: Response, problem: ServiceProblem, requestId: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (problem.retryAfterS !== undefined) response.set('Retry-After', String(problem.retryAfterS));
  if (problem.code === 'unauthenticated') response.set('WWW-Authenticate', 'Bearer');
  response
    .status(problem.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(problem, requestId)));
}
