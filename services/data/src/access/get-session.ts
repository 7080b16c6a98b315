import { hasPermission, PERMISSIONS, type Permission } from '@voxelwise/contract';
import type { Handler } from '../http/call.ts';
import { activeEmergencyAccesses } from '../identity/emergency.ts';
import type { Services } from '../services.ts';
import { VERSION } from '../version.generated.ts';

/** GET /session */
export function getSession(_services: Services): Handler<'getSession'> {
  return call =>
    call.audited(async transaction => {
      const { person, persons, roles, sites, isLocal } = call.principal;
      const emergencies = await activeEmergencyAccesses(transaction, persons, new Date());
      const ends = emergencies.map(({ expiresAt }) => expiresAt.getTime());
      return {
        status: 200,
        json: {
          person,
          roles: [...roles],
          permissions: (Object.keys(PERMISSIONS) as Permission[]).filter(permission =>
            hasPermission(roles, permission),
          ),
          sites: [...sites],
          isLocal,
          emergencyUntil: ends.length > 0 ? new Date(Math.max(...ends)).toISOString() : null,
          service: { version: VERSION },
        },
      };
    });
}
