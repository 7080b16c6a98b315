import type { Host } from './host.ts';

/** What OHIF's OpenID Connect client keeps of who has signed in: the claims of the ID token. */
interface SignedInUser {
  readonly profile?: Readonly<Record<string, unknown>>;
}

interface AuthenticatedServices {
  readonly userAuthenticationService?: {
    getUser?(): unknown;
    getAuthorizationHeader?(): { readonly Authorization?: string } | null | undefined;
  };
}

/** Claims about the person who has signed in; empty where nobody has. */
export function claimsOf({ services }: Pick<Host, 'services'>): Readonly<Record<string, unknown>> {
  const user = (services as AuthenticatedServices).userAuthenticationService?.getUser?.() as SignedInUser | undefined;
  return user?.profile ?? {};
}

/** The reader's own authorization, which OHIF renews: to be asked for anew with every request. */
export function authorizationHeadersOf({ services }: Pick<Host, 'services'>): Record<string, string> {
  const { userAuthenticationService } = services as AuthenticatedServices;
  const authorization = userAuthenticationService?.getAuthorizationHeader?.()?.Authorization;
  return authorization ? { Authorization: authorization } : {};
}

/**
 * An id of the person who has signed in, the same at every visit: issuer and subject of the ID token, or of the access token where
 * it is a JWT. '' where nobody has signed in, and null where somebody has, of whom only an opaque token is known.
 */
export function personIdOf(host: Pick<Host, 'services'>): string | null {
  const { Authorization } = authorizationHeadersOf(host);
  const known = idOf(claimsOf(host)) || idOf(jwtClaims(Authorization));
  return known || (Authorization ? null : '');
}

function idOf({ iss, sub }: Readonly<Record<string, unknown>>): string {
  return typeof sub === 'string' && sub !== '' ? `${typeof iss === 'string' ? iss : ''} ${sub}`.trim() : '';
}

/** Claims of a bearer token, read to tell people apart on one machine, and not to trust anything. */
function jwtClaims(authorization = ''): Readonly<Record<string, unknown>> {
  const payload = /^Bearer [^.\s]+\.([^.\s]+)\.[^.\s]*$/i.exec(authorization)?.[1];
  if (!payload) return {};
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), text => text.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
