import type { Configuration } from '../configuration.ts';
import type { KeyProvider } from '../keys/key-ring.ts';
import { pseudonym, pseudonyms } from '../keys/pseudonyms.ts';
import {
  type Authentication,
  type AuthenticationOptions,
  localAuthentication,
  oidcAuthentication,
} from './authentication.ts';
import { createTokenVerifier, type TokenAlgorithm } from './oidc.ts';

export interface ConfiguredAuthentication extends Authentication {
  /** Why nobody can be recognized right now; null where all is well. */
  problem(): Promise<string | null>;
}

/** By tokens of the configured provider, or in local single-user mode by sitting at this machine. */
export function configuredAuthentication(configuration: Configuration, keys: KeyProvider): ConfiguredAuthentication {
  const options: AuthenticationOptions = {
    pseudonyms: (domain, value) => pseudonyms(keys.keys(), domain, value),
    sessionDigest: id => pseudonym(keys.keys(), 'person', JSON.stringify(['session', id])),
  };
  const { oidc, host, trustedProxyHops, allowedOrigins, localSite } = configuration;
  if (!oidc) {
    const settings = { listenAddress: host, oidcIssuer: null, trustedProxyHops, allowedOrigins, site: localSite };
    return { ...localAuthentication(settings, options), problem: async () => null };
  }
  const roles = Object.entries(oidc.roleMap);
  const verifier = createTokenVerifier({
    issuer: oidc.issuer,
    audience: oidc.audience,
    algorithms: oidc.algorithms as readonly TokenAlgorithm[],
    rolesClaim: oidc.rolesClaim,
    sitesClaim: oidc.sitesClaim,
    ...(roles.length > 0 && { roleMap: new Map(roles.map(([name, role]) => [name, [role]])) }),
    pseudonyms: options.pseudonyms,
  });
  return { ...oidcAuthentication(verifier, options), problem: () => verifier.problem() };
}
