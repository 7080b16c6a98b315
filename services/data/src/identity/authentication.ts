import type { Request } from 'express';
import type { Configuration } from '../configuration.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import type { KeyProvider } from '../keys/key-ring.ts';
import { pseudonym, pseudonyms } from '../keys/pseudonyms.ts';
import { type LocalModeSettings, localModeRefusal, localPrincipal } from './local-mode.ts';
import { createTokenVerifier, type TokenAlgorithm } from './oidc.ts';
import type { Principal, Pseudonyms } from './principal.ts';

/** Who makes a request. */
export interface Authentication {
  /** @throws ServiceProblem unauthenticated, local-mode-refused, unavailable */
  authenticate(request: Request): Promise<Principal>;
  /** Keyed digest of a session's id, for audit events. */
  sessionDigest(sessionId: string): string;
  /** Why nobody can be authenticated right now; null where all is well. */
  problem(): Promise<string | null>;
}

/** By tokens of the configured provider, or in local single-user mode by sitting at this machine. */
export function createAuthentication(configuration: Configuration, keys: KeyProvider): Authentication {
  const asPersons: Pseudonyms = (domain, value) => pseudonyms(keys.keys(), domain, value);
  const sessionDigest = (sessionId: string) => pseudonym(keys.keys(), 'person', JSON.stringify(['session', sessionId]));
  const { oidc } = configuration;
  if (!oidc) return { ...localAuthentication(configuration, asPersons), sessionDigest };

  const verifier = createTokenVerifier({
    issuer: oidc.issuer,
    audience: oidc.audience,
    algorithms: oidc.algorithms as readonly TokenAlgorithm[],
    rolesClaim: oidc.rolesClaim,
    sitesClaim: oidc.sitesClaim,
    roleMap: new Map(Object.entries(oidc.roleMap).map(([name, role]) => [name, [role]])),
    pseudonyms: asPersons,
  });
  return {
    sessionDigest,
    problem: () => verifier.problem(),
    async authenticate(request) {
      const verification = await verifier.verify(request.headers.authorization);
      switch (verification.outcome) {
        case 'verified':
          return verification.principal;
        case 'refused':
          throw new ServiceProblem(
            'unauthenticated',
            `A valid token is needed (${verification.reason}). Sign in again.`,
          );
        case 'unavailable':
          throw new ServiceProblem(
            'unavailable',
            'The identity provider cannot be reached, so nobody can be recognized. Try again.',
            { retryAfterS: 5 },
          );
      }
    },
  };
}

function localAuthentication(
  configuration: Configuration,
  asPersons: Pseudonyms,
): Omit<Authentication, 'sessionDigest'> {
  const settings: LocalModeSettings = {
    listenAddress: configuration.host,
    oidcIssuer: null,
    trustedProxyHops: configuration.trustedProxyHops,
    allowedOrigins: configuration.allowedOrigins,
  };
  return {
    problem: async () => null,
    async authenticate(request) {
      const refusal = localModeRefusal(request, settings);
      if (refusal) throw new ServiceProblem('local-mode-refused', refusal);
      return localPrincipal(asPersons, configuration.localSite);
    },
  };
}
