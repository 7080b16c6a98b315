import { createHash, randomUUID } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import type { Transaction } from '../database/connection.ts';
import type { ExportFile, Export as ExportRow } from '../generated/prisma/client.ts';
import { destroyDataKey, newDataKey, openDataKey } from '../keys/data-keys.ts';
import { checkDigest } from '../objects/digest-check.ts';
import { decrypted, type EncryptionContext, encrypted } from '../objects/object-cipher.ts';
import type { Services } from '../services.ts';
import type { WrittenFile } from './export-job.ts';

/** The files of one export, encrypted in the object store. */
export interface ExportedFiles {
  write(name: string, content: Readable): Promise<WrittenFile>;
  read(name: string): Promise<Readable>;
  /** What an earlier try has left. */
  removeAll(): Promise<void>;
}

/** Where storage keys of exported files begin. */
export const EXPORT_PREFIX = 'exports/';

export function exportedFiles(services: Services, { id, site }: Pick<ExportRow, 'id' | 'site'>): ExportedFiles {
  const { database, keys, objects } = services;
  return {
    async write(name, content) {
      const storageKey = `${EXPORT_PREFIX}${id}/${randomUUID()}`;
      const { dataKey, row } = newDataKey(keys.keys());
      const digest = digesting();
      pipeline(content, digest.stream, () => {});
      await objects.putStream(storageKey, encrypted(digest.stream, dataKey, contextOf(site, storageKey)));
      const { sha256, sizeBytes } = digest.found();
      await database.transaction(async transaction => {
        await transaction.dataKey.createMany({ data: [row] });
        await transaction.exportFile.createMany({
          data: [{ exportId: id, name, sha256, sizeBytes, storageKey, dataKeyId: row.id }],
        });
      });
      return { sha256, sizeBytes };
    },
    async read(name) {
      const file = await database.prisma.exportFile.findUniqueOrThrow({
        where: { exportId_name: { exportId: id, name } },
      });
      return readExportedFile(services, site, file);
    },
    async removeAll() {
      const storageKeys = await database.transaction(transaction => removeExportedFiles(transaction, id));
      for (const storageKey of storageKeys) await objects.remove(storageKey);
    },
  };
}

/** The content of a file; the stream fails where it is not what was written. */
export async function readExportedFile(
  { database, keys, objects }: Services,
  site: string,
  file: ExportFile,
): Promise<Readable> {
  const dataKey = await openDataKey(database.prisma, keys.keys(), file.dataKeyId);
  const bytes = await objects.getStream(file.storageKey);
  return decrypted(bytes, dataKey, contextOf(site, file.storageKey), {
    name: `The file ${file.name} of the export ${file.exportId}`,
    check: checkDigest(file.sha256, Number(file.sizeBytes)),
  });
}

/** Destroys the keys of the files and forgets them. Returns where their bytes lie, for removing those afterwards. */
export async function removeExportedFiles(transaction: Transaction, exportId: string): Promise<string[]> {
  const files = await transaction.exportFile.findMany({ where: { exportId } });
  await transaction.exportFile.deleteMany({ where: { exportId } });
  for (const { dataKeyId } of files) await destroyDataKey(transaction, dataKeyId);
  return files.map(({ storageKey }) => storageKey);
}

/** Removes bytes of exports that no row names, and that are older: what a killed worker left. Returns how many. */
export async function sweepExportedFiles(
  { database, objects }: Pick<Services, 'database' | 'objects'>,
  before: Date,
): Promise<number> {
  let removed = 0;
  for await (const { key: storageKey, modifiedAt } of objects.list(EXPORT_PREFIX)) {
    if (modifiedAt >= before || (await database.prisma.exportFile.count({ where: { storageKey } })) > 0) continue;
    await objects.remove(storageKey);
    removed++;
  }
  return removed;
}

function contextOf(site: string, storageKey: string): EncryptionContext {
  return { site, purpose: 'export', storageKey };
}

/** Passes bytes on; afterwards their SHA-256 and number are known. */
function digesting(): { stream: Transform; found(): WrittenFile } {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, found: () => ({ sha256: hash.digest('hex'), sizeBytes }) };
}
