import { continueAudit } from '../audit/continue-audit.ts';
import { outsideHeadsOf } from '../audit/start-sealing.ts';
import { auditSigner } from '../audit/tree-head.ts';
import { openDatabase } from '../database/connection.ts';
import { configuredKeys } from '../keys/key-file.ts';
import { openObjectStore } from '../objects/object-store.ts';
import type { CommandContext } from './command-line.ts';

/** `continue-audit`: after a restore from a backup that is older than the newest head outside. The loss stays on record. */
export async function runContinueAudit({ setup }: CommandContext): Promise<number> {
  const { configuration, postgres } = await setup();
  const database = openDatabase({ url: configuration.databaseUrl, poolSize: 3 });
  try {
    const keys = configuredKeys(configuration).keys();
    const objects = await openObjectStore(configuration.objectStore);
    const outside = await outsideHeadsOf({ configuration, objects });
    const head = await continueAudit(database, { signer: auditSigner(keys), outside, actor: null });
    console.log(
      `The audit trail goes on as tree ${head.treeId} with ${head.size} events. Verification keeps telling what was lost.`,
    );
    return 0;
  } finally {
    await database.close();
    await postgres?.stop();
  }
}
