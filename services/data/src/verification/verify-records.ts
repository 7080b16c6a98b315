import type { Database } from '../database/connection.ts';
import type { Prediction } from '../generated/prisma/client.ts';
import { openDataKey } from '../keys/data-keys.ts';
import { SealError, ShreddedError } from '../keys/errors.ts';
import type { KeyProvider } from '../keys/key-ring.ts';
import { open, sealedField } from '../keys/sealed-fields.ts';
import { readObject } from '../objects/encrypted-objects.ts';
import { DamagedObjectError, ObjectStoreError } from '../objects/errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { recordSha256 } from '../predictions/record-content.ts';

export interface VerifyRecordsOptions {
  readonly database: Database;
  readonly keys: KeyProvider;
  readonly objects: ObjectStore;
}

export interface RecordsReport {
  readonly predictions: number;
  readonly sealedFields: number;
  readonly objects: number;
  /** One sentence for everything that is not as it was written; it names table, column and row, or the object. */
  readonly findings: readonly string[];
}

const PAGE = 500;

/**
 * Looks at every record, sealed field and object: the content of a prediction has the digest that its row and its audit event name,
 * what is sealed opens, objects decrypt to their digest.
 */
export async function verifyRecords(options: VerifyRecordsOptions): Promise<RecordsReport> {
  const findings: string[] = [];
  const predictions = await verifyPredictions(options, findings);
  await verifyCreationEvents(options, findings);
  const sealedFields = await verifySealedFields(options, findings);
  const objects = await verifyObjects(options, findings);
  return { predictions, sealedFields, objects, findings };
}

async function verifyPredictions({ database }: VerifyRecordsOptions, findings: string[]): Promise<number> {
  return eachPage(
    after => database.prisma.prediction.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: PAGE }),
    row => {
      if (row.shreddedAt === null && !isAsWritten(row)) {
        findings.push(`The content of the prediction ${row.id} is not what its digest says: its row was changed.`);
      }
    },
  );
}

function isAsWritten(row: Prediction): boolean {
  const { id, site, kind, producedAt, sex, ageBand, studyUid, seriesUid, instances, modality, scannerManufacturer } =
    row;
  const { scannerModel, algorithmName, algorithmVersion, algorithmDigest, confidence, payload, conventions } = row;
  const columns = {
    id,
    site,
    kind,
    producedAt,
    sex,
    ageBand,
    studyUid,
    seriesUid,
    instances,
    modality,
    scannerManufacturer,
  };
  const rest = { scannerModel, algorithmName, algorithmVersion, algorithmDigest, confidence, payload, conventions };
  return recordSha256({ ...columns, ...rest, provenance: row.provenance }).equals(row.recordSha256);
}

/** Whoever changes a row together with its digest has the audit event against them, which is sealed. */
async function verifyCreationEvents({ database }: VerifyRecordsOptions, findings: string[]): Promise<void> {
  let seq = 0n;
  for (;;) {
    const events = await database.prisma.auditEvent.findMany({
      where: { type: 'prediction.create', outcome: 0, seq: { gt: seq } },
      orderBy: { seq: 'asc' },
      take: PAGE,
    });
    const last = events.at(-1);
    if (!last) return;
    seq = last.seq;
    const named = events.flatMap(({ event }) => entitiesOf(event));
    const rows = await database.prisma.prediction.findMany({
      where: { id: { in: named.map(({ id }) => id) } },
      select: { id: true, recordSha256: true },
    });
    const digests = new Map(rows.map(row => [row.id, Buffer.from(row.recordSha256).toString('hex')]));
    for (const { id, digest } of named) {
      const found = digests.get(id);
      if (found === undefined) findings.push(`The prediction ${id}, which an audit event says was stored, is missing.`);
      else if (found !== digest) findings.push(`The digest of the prediction ${id} is not the one of its audit event.`);
    }
  }
}

function entitiesOf(event: string): { id: string; digest: string }[] {
  const { entities = [] } = JSON.parse(event) as { entities?: { kind: string; id: string; digest?: string }[] };
  return entities.flatMap(({ kind, id, digest }) => (kind === 'prediction' && digest ? [{ id, digest }] : []));
}

interface Sealed {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  readonly dataKeyId: string | null;
  readonly sealed: string | null;
}

async function verifySealedFields({ database, keys }: VerifyRecordsOptions, findings: string[]): Promise<number> {
  const { prisma } = database;
  let count = 0;
  const check = async ({ table, column, rowId, dataKeyId, sealed }: Sealed) => {
    if (sealed === null) return;
    count++;
    const name = `The field ${table}.${column} of row ${rowId}`;
    if (dataKeyId === null) return void findings.push(`${name} has lost its data key.`);
    try {
      open(sealedField(table, column, rowId, await openDataKey(prisma, keys.keys(), dataKeyId)), sealed);
    } catch (error) {
      // Reviews of an erased prediction stay, and stay unreadable: that is what erasing is.
      if (error instanceof ShreddedError) return;
      if (!(error instanceof SealError)) throw error;
      findings.push(error.message.startsWith('The field') ? error.message : `${name}: ${error.message}`);
    }
  };
  await eachPage(
    after =>
      prisma.prediction.findMany({
        where: { id: { gt: after }, noteSealed: { not: null } },
        orderBy: { id: 'asc' },
        take: PAGE,
      }),
    row =>
      check({
        table: 'prediction',
        column: 'note_sealed',
        rowId: row.id,
        dataKeyId: row.dataKeyId,
        sealed: row.noteSealed,
      }),
  );
  await eachPage(
    after =>
      prisma.review.findMany({
        where: { id: { gt: after } },
        include: { prediction: true },
        orderBy: { id: 'asc' },
        take: PAGE,
      }),
    async row => {
      const { dataKeyId } = row.prediction;
      await check({ table: 'review', column: 'reason_sealed', rowId: row.id, dataKeyId, sealed: row.reasonSealed });
      await check({
        table: 'review',
        column: 'correction_sealed',
        rowId: row.id,
        dataKeyId,
        sealed: row.correctionSealed,
      });
    },
  );
  await eachPage(
    after => prisma.emergencyAccess.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: PAGE }),
    row =>
      check({
        table: 'emergency_access',
        column: 'reason_sealed',
        rowId: row.id,
        dataKeyId: row.dataKeyId,
        sealed: row.reasonSealed,
      }),
  );
  return count;
}

async function verifyObjects(options: VerifyRecordsOptions, findings: string[]): Promise<number> {
  const { database, objects: store, keys } = options;
  const context = { db: database, store, keys };
  const { prisma } = database;
  let count = 0;
  let after: { site: string; sha256: string } | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof prisma.storedObject.findMany>> = await prisma.storedObject.findMany({
      orderBy: [{ site: 'asc' }, { sha256: 'asc' }],
      take: PAGE,
      ...(after && { cursor: { site_sha256: after }, skip: 1 }),
    });
    const last = page.at(-1);
    if (!last) return count;
    after = { site: last.site, sha256: last.sha256 };
    for (const object of page) {
      count++;
      try {
        const content = await readObject(context, object);
        for await (const _chunk of content?.stream ?? []);
      } catch (error) {
        if (!(error instanceof DamagedObjectError || error instanceof ObjectStoreError || error instanceof SealError))
          throw error;
        findings.push(`The object ${object.sha256} of the site ${object.site} does not open: ${error.message}`);
      }
    }
  }
}

/** All rows of a table by their ids, page by page. */
async function eachPage<Row extends { readonly id: string }>(
  read: (after: string) => Promise<Row[]>,
  look: (row: Row) => void | Promise<void>,
): Promise<number> {
  let count = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await read(after);
    const last = page.at(-1);
    if (!last) return count;
    after = last.id;
    count += page.length;
    for (const row of page) await look(row);
  }
}
