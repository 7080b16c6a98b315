import type { Response } from 'express';

/** A refusal that reaches the client as `application/problem+json` (RFC 9457). */
export class HttpProblem extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Answers with a problem document. Does nothing to the status line when the body is already on its way. */
export function sendProblem(response: Response, status: number, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .status(status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(JSON.stringify({ type: 'about:blank', status, detail }));
}
