import { errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { claimAt, purposeFrom, type RoleMap, rolesFrom, sitesFrom } from './claims.ts';
import { type Principal, type Pseudonyms, personOf } from './principal.ts';
import { createProviderKeys, ProviderUnavailable } from './provider-keys.ts';

/** Signatures by a private key that only the provider has. With a shared secret (HS256), whoever checks could also sign. */
export const TOKEN_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

export interface TokenVerifierOptions {
  /** As the provider writes it in `iss`, to the letter. */
  readonly issuer: string;
  /** What `aud` must hold: one of these. */
  readonly audience: string | readonly string[];
  readonly algorithms?: readonly TokenAlgorithm[];
  /** Path of the claim with the roles, such as `realm_access.roles`. */
  readonly rolesClaim?: string;
  readonly roleMap?: RoleMap;
  readonly sitesClaim?: string;
  /** Path of the claim with the purpose of use; none is read without it. */
  readonly purposeClaim?: string;
  /** How far the clocks of provider and service may be apart. */
  readonly clockToleranceS?: number;
  readonly timeoutMs?: number;
  readonly cooldownMs?: number;
  readonly cacheMaxAgeMs?: number;
  readonly retryAfterMs?: number;
  readonly pseudonyms: Pseudonyms;
}

/** Why a token is refused, in a word that may be logged. */
export type TokenRefusal =
  | 'no-token'
  | 'malformed'
  | 'algorithm'
  | 'unknown-key'
  | 'bad-signature'
  | 'wrong-type'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'not-yet-valid'
  | 'expired';

export type Verification =
  | { readonly outcome: 'verified'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly reason: TokenRefusal }
  /** The provider's keys cannot be had: nothing is said about the token. */
  | { readonly outcome: 'unavailable' };

export interface TokenVerifier {
  /** Judges the Authorization header of a request. A person without a known role is verified, and may do nothing. */
  verify(authorization: string | undefined): Promise<Verification>;
  /** Whether the provider's keys can be had, in one sentence; null where they can. */
  problem(): Promise<string | null>;
}

/** Headers of all kinds together are at most 16 KiB in Node. */
const LONGEST_TOKEN = 16_384;

/** A JWT without a type is one too. Those with another purpose, such as logout tokens, have types of their own (RFC 8725, 3.11). */
const TYPES = ['jwt', 'at+jwt', 'application/jwt', 'application/at+jwt'];

/**
 * Verifies access tokens of one OpenID provider: JWTs (RFC 9068, RFC 8725) signed with a key that the provider publishes.
 *
 * @throws Error with a sentence where the options cannot be used
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuer, audience, algorithms = ['RS256', 'ES256'], clockToleranceS = 30 } = options;
  const unknown = algorithms.find(algorithm => !TOKEN_ALGORITHMS.includes(algorithm));
  if (unknown !== undefined || algorithms.length === 0) {
    throw new Error(
      `Tokens can be signed with ${TOKEN_ALGORITHMS.join(', ')}; name at least one of them, and no other.`,
    );
  }
  const keys = createProviderKeys({
    issuer,
    timeoutMs: options.timeoutMs ?? 5000,
    cooldownMs: options.cooldownMs ?? 30_000,
    cacheMaxAgeMs: options.cacheMaxAgeMs ?? 600_000,
    retryAfterMs: options.retryAfterMs ?? 2000,
  });

  return {
    async verify(authorization) {
      const token = bearerToken(authorization);
      if (token === null) return refused('no-token');
      if (token.length > LONGEST_TOKEN || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return refused('malformed');
      let verified: JWTVerifyResult;
      try {
        verified = await jwtVerify(token, keys.keyOf, {
          issuer,
          audience: typeof audience === 'string' ? audience : [...audience],
          algorithms: [...algorithms],
          clockTolerance: clockToleranceS,
          requiredClaims: ['sub', 'exp'],
        });
      } catch (error) {
        return error instanceof ProviderUnavailable ? { outcome: 'unavailable' } : refused(refusalOf(error));
      }
      const { payload, protectedHeader } = verified;
      if (protectedHeader.typ !== undefined && !TYPES.includes(protectedHeader.typ.toLowerCase()))
        return refused('wrong-type');
      const principal = principalOf(payload, token, options);
      return principal ? { outcome: 'verified', principal } : refused('malformed');
    },
    async problem() {
      try {
        await keys.load();
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}

function refused(reason: TokenRefusal): Verification {
  return { outcome: 'refused', reason };
}

/** RFC 6750, section 2.1. Null where the header holds something else. */
function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer +(.*?) *$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Null where a claim is not what it should be. */
function principalOf(claims: JWTPayload, token: string, options: TokenVerifierOptions): Principal | null {
  const { sub, exp, sid, jti } = claims;
  const expiresAt = new Date((exp ?? Number.NaN) * 1000);
  if (typeof sub !== 'string' || sub === '' || Number.isNaN(expiresAt.getTime())) return null;
  const session = [sid, jti].find(id => typeof id === 'string' && id !== '') as string | undefined;
  const purpose = options.purposeClaim === undefined ? undefined : purposeFrom(claimAt(claims, options.purposeClaim));
  return {
    ...personOf(options.pseudonyms, options.issuer, sub),
    roles: rolesFrom(claimAt(claims, options.rolesClaim ?? 'roles'), options.roleMap),
    sites: sitesFrom(claimAt(claims, options.sitesClaim ?? 'sites')),
    sessionId: session ?? null,
    token,
    expiresAt,
    isLocal: false,
    ...(purpose !== undefined && { purpose }),
  };
}

function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'unknown-key';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'wrong-issuer';
    if (error.claim === 'aud') return 'wrong-audience';
    if (error.claim === 'nbf' && error.reason === 'check_failed') return 'not-yet-valid';
    return 'malformed';
  }
  if (error instanceof errors.JOSEError) return 'malformed';
  throw error;
}
