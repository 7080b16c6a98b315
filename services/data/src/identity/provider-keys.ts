import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isLoopbackHost } from './loopback.ts';

/** The identity provider does not answer, or not as one. Nobody is refused for it: it may be back in a moment. */
export class ProviderUnavailable extends Error {
  override name = 'ProviderUnavailable';
}

export interface ProviderKeysOptions {
  readonly issuer: string;
  /** For loading the discovery document and the keys together. */
  readonly timeoutMs: number;
  /** A token with an unknown key makes the keys load anew, at most this often. */
  readonly cooldownMs: number;
  /** Keys are used this long: a key that the provider withdraws is refused at the latest then. */
  readonly cacheMaxAgeMs: number;
  /** A provider that did not answer is left alone for so long. */
  readonly retryAfterMs: number;
}

export interface ProviderKeys {
  /** The key that a token names. Throws ProviderUnavailable, or jose's errors for a key that does not exist. */
  readonly keyOf: JWTVerifyGetKey;
  /** Loads the keys now. Throws ProviderUnavailable. */
  load(): Promise<void>;
}

/** What is wrong with an issuer as configuration gives it, in one sentence; null where nothing is. */
export function issuerProblem(issuer: string): string | null {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (!url || !isHttp(url)) return 'The issuer is not an https address, such as https://login.example/realms/hospital.';
  if (url.search || url.hash || url.username || url.password) {
    return 'The issuer is an address without user, password, ? and #.';
  }
  if (!isProtected(url)) return 'The issuer must begin with https: keys that come over http may be forged.';
  return null;
}

const discoverySchema = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

/**
 * Public keys of an OpenID provider, found through its discovery document (OpenID Connect Discovery 1.0, section 4) each time
 * that they are loaded, so that a provider may move them and change them.
 *
 * @throws Error with a sentence where the issuer cannot be used
 */
export function createProviderKeys(options: ProviderKeysOptions): ProviderKeys {
  const problem = issuerProblem(options.issuer);
  if (problem) throw new Error(problem);
  let failure = { atMs: -Infinity, error: new ProviderUnavailable() };

  // Every load goes through here, and jose runs one at a time.
  const loadKeySet = async (_url: string, request: RequestInit): Promise<Response> => {
    if (performance.now() - failure.atMs < options.retryAfterMs) throw failure.error;
    try {
      const response = await fetch(await discoverKeySet(options.issuer, request), request);
      if (response.status === 200) return response;
      throw new ProviderUnavailable(`The provider answered ${response.status} where its keys should be.`);
    } catch (error) {
      failure = { atMs: performance.now(), error: unavailable(error) };
      throw failure.error;
    }
  };
  const keySet = createRemoteJWKSet(new URL(options.issuer), {
    timeoutDuration: options.timeoutMs,
    cooldownDuration: options.cooldownMs,
    cacheMaxAge: options.cacheMaxAgeMs,
    [customFetch]: loadKeySet,
  });

  return {
    async keyOf(header, token) {
      try {
        return await keySet(header, token);
      } catch (error) {
        throw isAboutToken(error) ? error : unavailable(error);
      }
    },
    async load() {
      await keySet.reload().catch(error => Promise.reject(unavailable(error)));
    },
  };
}

async function discoverKeySet(issuer: string, request: RequestInit): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, request);
  if (response.status !== 200) throw new ProviderUnavailable(`Discovery at the provider answered ${response.status}.`);
  const document = discoverySchema.safeParse(await response.json()).data;
  if (!document) throw new ProviderUnavailable('The discovery document of the provider names no keys.');
  // Section 4.3: another issuer's document is not to be used.
  if (document.issuer !== issuer) throw new ProviderUnavailable('The provider calls itself by another issuer.');
  if (!isProtected(new URL(document.jwks_uri))) {
    throw new ProviderUnavailable('The provider offers its keys over http.');
  }
  return document.jwks_uri;
}

/** The keys are there, and the token's is not among them, or not usable. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function unavailable(cause: unknown): ProviderUnavailable {
  if (cause instanceof ProviderUnavailable) return cause;
  return new ProviderUnavailable('The keys of the identity provider could not be loaded.', { cause });
}

function isHttp({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

/** Nobody on the way can change what comes from there. */
function isProtected(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}
