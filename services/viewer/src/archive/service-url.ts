import type { Request } from 'express';

/**
 * Absolute URL of the DICOMweb root as this client reached it; its Host has passed the guard of `same-origin.ts`.
 * Behind a proxy that ends TLS, `X-Forwarded-Proto` says so.
 */
export function serviceUrlOf(request: Request): string {
  const forwarded = request.headers['x-forwarded-proto'];
  const protocol = forwarded === 'https' ? 'https' : request.protocol;
  return `${protocol}://${request.headers.host ?? 'localhost'}${request.baseUrl}`;
}
