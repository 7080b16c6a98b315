import type { IncomingMessage } from 'node:http';
import { ServiceProblem } from '../http/service-problem.ts';
import { type LocalModeSettings, localModeProblem, localModeRefusal, localPrincipal } from './local-mode.ts';
import type { TokenRefusal, TokenVerifier } from './oidc.ts';
import type { Principal, Pseudonyms } from './principal.ts';

/** Says who makes a request. */
export interface Authentication {
  /** @throws ServiceProblem `unauthenticated`, `local-mode-refused`, or `unavailable` */
  authenticate(request: IncomingMessage): Promise<Principal>;
  /** What may be stored of a session: a keyed digest. */
  sessionDigest(sessionId: string): string;
}

/** Why nobody is signed in, for logs and metrics. */
export type SignInRefusal = TokenRefusal | 'local-mode' | 'provider-unavailable';

export interface AuthenticationOptions {
  readonly pseudonyms: Pseudonyms;
  readonly sessionDigest: (sessionId: string) => string;
  readonly onRefusal?: (reason: SignInRefusal) => void;
}

const SENTENCES: Record<TokenRefusal, string> = {
  'no-token': 'The request has no bearer token. Sign in.',
  malformed: 'The token cannot be read as a signed JWT with subject and expiry.',
  algorithm: 'The token is signed with an algorithm that is not accepted here.',
  'unknown-key': 'The token is signed with a key that the identity provider does not publish.',
  'bad-signature': 'The signature of the token does not match its content.',
  'wrong-type': 'The token is not an access token.',
  'wrong-issuer': 'The token comes from another identity provider.',
  'wrong-audience': 'The token is meant for another service.',
  'not-yet-valid': 'The token is not valid yet. Are the clocks right?',
  expired: 'The token has expired. Sign in again.',
};

const RETRY_AFTER_S = 5;

/** People and programs sign in at an OpenID provider. */
export function oidcAuthentication(verifier: TokenVerifier, options: AuthenticationOptions): Authentication {
  const { sessionDigest, onRefusal } = options;
  return {
    sessionDigest,
    async authenticate({ headers }) {
      const verification = await verifier.verify(headers.authorization);
      if (verification.outcome === 'verified') return verification.principal;
      if (verification.outcome === 'unavailable') {
        onRefusal?.('provider-unavailable');
        const sentence = 'The identity provider does not answer, so that no token can be checked. Try again.';
        throw new ServiceProblem('unavailable', sentence, { retryAfterS: RETRY_AFTER_S });
      }
      onRefusal?.(verification.reason);
      throw new ServiceProblem('unauthenticated', SENTENCES[verification.reason]);
    },
  };
}

/**
 * Local single-user mode: nobody signs in, and whoever sits at this machine may do everything.
 *
 * @throws Error with a sentence where the settings rule it out
 */
export function localAuthentication(
  settings: LocalModeSettings & { readonly site?: string },
  options: AuthenticationOptions,
): Authentication {
  const problem = localModeProblem(settings);
  if (problem) throw new Error(problem);
  const { pseudonyms, sessionDigest, onRefusal } = options;
  return {
    sessionDigest,
    async authenticate(request) {
      const refusal = localModeRefusal(request, settings);
      if (refusal === null) return localPrincipal(pseudonyms, settings.site);
      onRefusal?.('local-mode');
      throw new ServiceProblem('local-mode-refused', refusal);
    },
  };
}
