import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../connection.ts';
import type { BackupObjects } from './backup-objects.ts';

const pseudonym = (letter: string) => `p1:${letter.repeat(43)}`;

/** What text formats stumble over. */
const AWKWARD = 'tab\t newline\n return\r backslash\\ \\N \\. quote" \' comma, Ångström 放射線 🫀 \u0001';

/** Puts rows into every table; values are those that text formats stumble over. */
export async function plantRows(
  db: Database,
  { storageKeys = [] as string[], exportKeys = [] as string[] } = {},
): Promise<void> {
  const { prisma } = db;
  const keyId = randomUUID();
  await prisma.dataKey.create({ data: { id: keyId, masterKeyId: 'm1', wrapped: Buffer.from([...Array(256).keys()]) } });
  await prisma.dataKey.create({
    data: { id: randomUUID(), masterKeyId: 'm0', wrapped: null, destroyedAt: new Date() },
  });
  const predictions = [0, 1, 2].map(() => randomUUID());
  for (const [index, id] of predictions.entries()) {
    await prisma.prediction.create({
      data: {
        id,
        site: AWKWARD,
        kind: 'calcium',
        producedAt: new Date(Date.UTC(1999, 11, 31, 23, 59, 59, 999)),
        createdBy: pseudonym('a'),
        recordSha256: randomBytes(32),
        algorithmName: 'agatston',
        algorithmVersion: '',
        confidence: [0.1 + 0.2, 5e-324, null][index],
        payload: { agatston: 1e21, text: AWKWARD, nested: [null, true, 1.5, {}] },
        instances: [],
        noteSealed: `f1:${AWKWARD}`,
        dataKeyId: index === 0 ? keyId : null,
        qualityReasons: [AWKWARD, '', 'NULL', '{}'].slice(0, index * 2),
        retentionUntil: new Date('2033-02-01'),
        legalHold: index === 1,
      },
    });
  }
  for (const [index, predictionId] of predictions.entries()) {
    await prisma.review.create({
      data: {
        id: randomUUID(),
        predictionId,
        site: 'north',
        reader: pseudonym('b'),
        part: 'first',
        action: 'accept',
        contentDigest: `${index}`,
      },
    });
  }
  for (const [index, storageKey] of [...storageKeys, 'row-without-object'].entries()) {
    const sha256 = createHash('sha256').update(storageKey).digest('hex');
    await prisma.storedObject.create({
      data: {
        site: 'north',
        sha256,
        sizeBytes: 2n ** 40n,
        mediaType: 'x/y',
        storageKey,
        dataKeyId: keyId,
        createdBy: pseudonym('a'),
      },
    });
    await prisma.objectReference.create({
      data: { predictionId: predictions[0] as string, name: `mask${index}`, site: 'north', sha256 },
    });
  }
  await prisma.emergencyAccess.create({
    data: {
      id: randomUUID(),
      site: 'north',
      actor: pseudonym('c'),
      reasonSealed: 'f1:x',
      dataKeyId: keyId,
      expiresAt: new Date(),
    },
  });
  for (const status of ['queued', 'running', 'ready']) {
    await prisma.export.create({
      data: { id: randomUUID(), site: 'north', requestedBy: pseudonym('a'), status, request: {}, asOf: new Date() },
    });
  }
  const ready = await prisma.export.findFirstOrThrow({ where: { status: 'ready' } });
  for (const [index, storageKey] of [...exportKeys, 'export-without-object'].entries()) {
    await prisma.exportFile.create({
      data: { exportId: ready.id, name: `${index}.csv`, sha256: '00', sizeBytes: 1n, storageKey, dataKeyId: keyId },
    });
  }
  await prisma.exportIdentifier.create({
    data: { exportId: ready.id, domain: 'patient', original: 'a', replacement: 'b' },
  });
  await prisma.splitAssignment.create({
    data: { site: 'north', line: 'calcium', patient: pseudonym('d'), split: 'train', assignedIn: ready.id },
  });
  for (const index of [0n, 1n, 2n]) {
    const event = await prisma.auditEvent.create({
      data: {
        id: randomUUID(),
        at: new Date(),
        type: 'read',
        outcome: 0,
        event: `{"index":${index},"text":${JSON.stringify(AWKWARD)}}`,
      },
    });
    await prisma.auditLeaf.create({ data: { leafIndex: index, seq: event.seq, leafHash: randomBytes(32) } });
  }
  await prisma.auditTreeHead.create({
    data: { size: 3n, root: randomBytes(32), at: new Date(), keyId: 's1', signature: randomBytes(64) },
  });
}

/** Every row of every table, as PostgreSQL writes it; transactions' numbers left out, which a restore gives anew. */
export async function allRows(owner: Database): Promise<Record<string, string[]>> {
  const tables = await owner.pool.query(
    `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables.rows) {
    const { rows } = await owner.pool.query(
      `SELECT (to_jsonb(t) - 'transaction_id')::text AS row FROM ${name} t ORDER BY 1`,
    );
    all[name] = rows.map(row => row.row);
  }
  return all;
}

/** An object store over a folder: names of files are the keys in hexadecimal. */
export function folderObjects(
  folder: string,
): BackupObjects & { put(key: string, content: Buffer): Promise<void>; get(key: string): Promise<Buffer> } {
  const file = (key: string) => path.join(folder, Buffer.from(key).toString('hex'));
  return {
    async *list() {
      for (const name of await readdir(folder)) yield Buffer.from(name, 'hex').toString();
    },
    async getStream(key): Promise<Readable | undefined> {
      return createReadStream(file(key));
    },
    async putStream(key, content) {
      await pipeline(content, createWriteStream(file(key)));
    },
    async put(key, content) {
      await mkdir(folder, { recursive: true });
      await writeFile(file(key), content);
    },
    get: key => readFile(file(key)),
  };
}
