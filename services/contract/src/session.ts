import * as z from 'zod';
import { momentSchema, siteSchema } from './primitives.ts';
import { PERMISSIONS, type Permission, roleSchema } from './roles.ts';

/** Who the service takes you for. */
export const sessionSchema = z
  .strictObject({
    person: z.string().meta({ description: 'Your pseudonym' }),
    roles: z.array(roleSchema),
    permissions: z.array(z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]])),
    sites: z.array(siteSchema),
    isLocal: z.boolean().meta({ description: 'Local single-user mode: nobody has signed in' }),
    emergencyUntil: momentSchema.nullable(),
    service: z.strictObject({ version: z.string() }),
  })
  .meta({ id: 'Session' });

export type Session = z.infer<typeof sessionSchema>;
