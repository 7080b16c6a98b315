import { safeError } from '../http/safe-error.ts';
import type { Services } from '../services.ts';
import { outsideFolder } from './outside-folder.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { objectStoreHeads } from './outside-object-store.ts';
import { SealingStoppedError, type SealResult, sealAudit } from './sealer.ts';
import { type Sealer, startSealer } from './start-sealer.ts';
import { auditSigner } from './tree-head.ts';

/** Where tree heads are written outside of the database: a folder, or the object store. */
export async function outsideHeadsOf({
  configuration,
  objects,
}: Pick<Services, 'configuration' | 'objects'>): Promise<OutsideHeads> {
  const { auditHeads } = configuration;
  return auditHeads === null || auditHeads === 'object-store' ? objectStoreHeads(objects) : outsideFolder(auditHeads);
}

/** Seals the audit trail in the background, and what is left when it is stopped. */
export async function startSealing(services: Services): Promise<Sealer> {
  const { database, keys, logger, metrics } = services;
  const outside = await outsideHeadsOf(services);
  const onError = (error: unknown) =>
    logger.error(
      { reason: 'sealing', error: safeError(error) },
      // Its message is of numbers and names of heads, and says what to do.
      error instanceof SealingStoppedError ? error.message : 'the audit trail could not be sealed',
    );
  const onSealed = ({ sealed }: Pick<SealResult, 'sealed'>) => metrics.sealedEvents.inc(sealed);
  const sealer = startSealer({ db: database, signer: () => auditSigner(keys.keys()), outside, onError, onSealed });
  return {
    async stop() {
      await sealer.stop();
      await sealAudit(database, { signer: auditSigner(keys.keys()), outside }).then(onSealed, onError);
    },
  };
}
