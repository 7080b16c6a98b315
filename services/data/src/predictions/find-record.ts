import type { RouteName } from '@voxelwise/contract';
import { type Access, requireStudyAccess } from '../access/study-access.ts';
import type { Call } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import type { Services } from '../services.ts';
import { VIEWED, type ViewedRow } from './view.ts';

/**
 * A record that the caller may see, and by which right.
 * @throws ServiceProblem not-found for one that is not there, or of another site; study-refused; archive-unavailable
 */
export async function findRecord(
  services: Services,
  call: Pick<Call<RouteName>, 'principal' | 'signal'>,
  id: string,
): Promise<{ row: ViewedRow; access: Access }> {
  const row = await services.database.prisma.prediction.findUnique({ where: { id }, include: VIEWED });
  if (!row) throw new ServiceProblem('not-found');
  return { row, access: await requireStudyAccess(services, call, row) };
}
