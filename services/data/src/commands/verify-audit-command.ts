import path from 'node:path';
import { outsideFolder } from '../audit/outside-folder.ts';
import { outsideHeadsOf } from '../audit/start-sealing.ts';
import { type AuditReport, verifyAudit } from '../audit/verify/verify-audit.ts';
import { openDatabase } from '../database/connection.ts';
import { configuredKeys } from '../keys/key-file.ts';
import { openObjectStore } from '../objects/object-store.ts';
import { errorMessage } from '../user-error.ts';
import { type RecordsReport, verifyRecords } from '../verification/verify-records.ts';
import type { CommandContext } from './command-line.ts';

/** `verify-audit`: 0 verified, 1 tampering found, 2 could not be checked. */
export async function runVerifyAudit(context: CommandContext): Promise<number> {
  try {
    const { audit, records } = await verify(context);
    if (context.options.json) console.log(JSON.stringify({ audit, records }, null, 2));
    else print(audit, records);
    return audit.verified && (records === null || records.findings.length === 0) ? 0 : 1;
  } catch (error) {
    console.error(`The audit trail could not be checked: ${errorMessage(error)}`);
    return 2;
  }
}

async function verify({ setup, options }: CommandContext) {
  const { configuration, postgres } = await setup();
  const database = openDatabase({ url: configuration.databaseUrl, poolSize: 3 });
  try {
    const keys = configuredKeys(configuration);
    const objects = await openObjectStore(configuration.objectStore);
    const audit = await verifyAudit({
      db: database,
      publicKeys: new Map(keys.keys().signingKeys.map(({ id, publicKey }) => [id, publicKey])),
      outside: options.heads
        ? outsideFolder(path.resolve(options.heads))
        : await outsideHeadsOf({ configuration, objects }),
    });
    const records = options.records ? await verifyRecords({ database, keys, objects }) : null;
    return { audit, records };
  } finally {
    await database.close();
    await postgres?.stop();
  }
}

function print(audit: AuditReport, records: RecordsReport | null): void {
  for (const { sentence } of audit.findings) console.log(`TAMPERED  ${sentence}`);
  if (audit.findingsLeftOut > 0) console.log(`TAMPERED  and ${audit.findingsLeftOut} more`);
  for (const notice of audit.notices) console.log(`note      ${notice}`);
  console.log(
    `${audit.verified ? 'Verified' : 'NOT VERIFIED'}: ${audit.sealed} sealed events under ${audit.heads} signed heads, ${audit.outsideHeads} of them also outside the database.`,
  );
  if (!records) return;
  for (const finding of records.findings) console.log(`TAMPERED  ${finding}`);
  console.log(
    `${records.findings.length === 0 ? 'Verified' : 'NOT VERIFIED'}: ${records.predictions} predictions, ${records.sealedFields} sealed fields, ${records.objects} objects.`,
  );
}
