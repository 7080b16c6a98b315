import * as z from 'zod';

export const ROLES = ['reader', 'reviewer', 'researcher', 'administrator', 'auditor', 'service'] as const;
export type Role = (typeof ROLES)[number];
export const roleSchema = z.enum(ROLES).meta({ id: 'Role' });

/** What somebody may do. A route asks for one of these; everything else is refused. */
export const PERMISSIONS = {
  'session:read': ['reader', 'reviewer', 'researcher', 'administrator', 'auditor', 'service'],
  'predictions:write': ['reader', 'reviewer', 'service'],
  'predictions:read': ['reader', 'reviewer', 'researcher'],
  'reviews:write': ['reader', 'reviewer'],
  'queue:read': ['reviewer'],
  'objects:write': ['reader', 'reviewer', 'service'],
  'objects:read': ['reader', 'reviewer', 'researcher'],
  // Not for reviewers: narrowed down to one record, metrics say what the first reader found.
  'metrics:read': ['researcher', 'administrator'],
  'exports:write': ['researcher', 'administrator'],
  'exports:read': ['researcher', 'administrator'],
  'records:administer': ['administrator'],
  'emergency:take': ['reader', 'reviewer'],
  'emergency:read': ['auditor', 'administrator'],
  'audit:read': ['auditor'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export function hasPermission(roles: readonly Role[], permission: Permission): boolean {
  const allowed: readonly Role[] = PERMISSIONS[permission];
  return roles.some(role => allowed.includes(role));
}
