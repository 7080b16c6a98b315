import type { Readable } from 'node:stream';
import type { Transaction } from '../database/connection.ts';
import type { ExportFile, Export as ExportRow } from '../generated/prisma/client.ts';
import { destroyDataKey, openDataKey } from '../keys/data-keys.ts';
import { openEncrypted, uploadEncrypted } from '../objects/encrypted-objects.ts';
import type { ObjectContext } from '../objects/object-encryption.ts';
import type { Services } from '../services.ts';
import type { WrittenFile } from './export-job.ts';

/** The files of one export, encrypted in the object store. */
export interface ExportedFiles {
  write(name: string, content: Readable): Promise<WrittenFile>;
  read(name: string): Promise<Readable>;
  /** What an earlier try has left. */
  removeAll(): Promise<void>;
}

export function exportedFiles(services: Services, { id, site }: Pick<ExportRow, 'id' | 'site'>): ExportedFiles {
  const { database, keys, objects } = services;
  return {
    async write(name, content) {
      const { storageKey, dataKey, sha256, sizeBytes } = await uploadEncrypted(content, {
        keys: keys.keys(),
        objects,
        folder: 'exports',
        context: contextOf(site, id, name),
      });
      await database.transaction(async transaction => {
        await transaction.dataKey.createMany({ data: [dataKey] });
        await transaction.exportFile.createMany({
          data: [{ exportId: id, name, sha256, sizeBytes, storageKey, dataKeyId: dataKey.id }],
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
  return openEncrypted(objects, { ...file, dataKey }, contextOf(site, file.exportId, file.name));
}

/** Destroys the keys of the files and forgets them. Returns where their bytes lie, for removing those afterwards. */
export async function removeExportedFiles(transaction: Transaction, exportId: string): Promise<string[]> {
  const files = await transaction.exportFile.findMany({ where: { exportId } });
  await transaction.exportFile.deleteMany({ where: { exportId } });
  for (const { dataKeyId } of files) await destroyDataKey(transaction, dataKeyId);
  return files.map(({ storageKey }) => storageKey);
}

function contextOf(site: string, exportId: string, name: string): ObjectContext {
  return { purpose: 'export', site, exportId, name };
}
