import { ROLES, type Role, siteSchema, tokenSchema } from '@voxelwise/contract';

/** The provider's name of a role, and what it means here. */
export type RoleMap = ReadonlyMap<string, readonly Role[]>;

/**
 * Roles that a token gives. Without a map a role must be called as in the contract; with one, only what the map names counts,
 * so that a provider's own `administrator` is not ours by accident. All others are ignored.
 */
export function rolesFrom(claim: unknown, map: RoleMap | undefined): Role[] {
  const named = wordsOf(claim).flatMap(word => (map ? (map.get(word) ?? []) : ROLES.filter(role => role === word)));
  return ROLES.filter(role => named.includes(role));
}

/** Sites that a token gives. What is no name of a site is dropped. */
export function sitesFrom(claim: unknown): string[] {
  return [...new Set(wordsOf(claim).filter(word => siteSchema.safeParse(word).success))];
}

/** Purpose of use: a code, or the first of several. */
export function purposeFrom(claim: unknown): string | undefined {
  const codes: unknown[] = Array.isArray(claim) ? claim : [claim];
  return codes.map(code => tokenSchema.safeParse(code).data).find(code => code !== undefined);
}

/**
 * A claim by its path: `roles`, or `resource_access.voxelwise.roles` as Keycloak nests them. A claim whose own name has dots,
 * such as `https://voxelwise.example/roles`, is found too: longer names go first.
 */
export function claimAt(claims: unknown, path: string): unknown {
  if (typeof claims !== 'object' || claims === null) return undefined;
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    const found = Object.hasOwn(claims, name)
      ? claimAt((claims as Record<string, unknown>)[name], path.slice(dot + 1))
      : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An array of words, or words with spaces between them, as OAuth writes scopes. */
function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(/\s+/).filter(word => word !== '');
  return Array.isArray(claim) ? claim.filter(word => typeof word === 'string') : [];
}
