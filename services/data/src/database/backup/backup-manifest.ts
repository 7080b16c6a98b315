import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { errorCode, UserError } from '../../user-error.ts';
import { writeSmall } from './backup-files.ts';

/** Files of a backup, by their names in its folder. */
export const MANIFEST = 'manifest.json';
export const MANIFEST_DIGEST = 'manifest.json.sha256';
export const OBJECT_LIST = 'objects.jsonl';
export const tableFile = (table: string) => path.join('tables', `${table}.copy`);
/** A key may hold anything; its digest is a file's name on every system. */
export const objectFile = (key: string) => {
  const name = createHash('sha256').update(key).digest('hex');
  return path.join('objects', name.slice(0, 2), name);
};

const fileDigest = { sizeBytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) };
const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);

const manifestSchema = z.strictObject({
  format: z.literal('voxelwise-backup'),
  formatVersion: z.literal(1),
  createdAt: z.iso.datetime(),
  programVersion: z.string(),
  postgresVersion: z.string(),
  /** The version of the schema: every migration with the SHA-256 of its file. */
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })),
  /** Each in PostgreSQL's text format of COPY, in the order in which foreign keys want them. */
  tables: z.array(
    z.strictObject({ name: identifier, columns: z.array(identifier), rows: z.int().nonnegative(), ...fileDigest }),
  ),
  sequences: z.array(z.strictObject({ name: identifier, lastValue: z.string().regex(/^\d+$/), isCalled: z.boolean() })),
  /** The list of objects, one JSON text a line. Null where the backup was made without the object store. */
  objects: z.strictObject({ count: z.int().nonnegative(), list: z.strictObject(fileDigest) }).nullable(),
  orphans: z
    .strictObject({ rowsWithoutObject: z.array(z.string()), objectsWithoutRow: z.array(z.string()) })
    .nullable(),
  /** Master keys that are needed to read the restored data. They are not in the backup. */
  masterKeyIds: z.array(z.string()),
  notes: z.array(z.string()),
});

export type BackupManifest = z.infer<typeof manifestSchema>;

export const objectEntrySchema = z.strictObject({ key: z.string(), ...fileDigest });
export type ObjectEntry = z.infer<typeof objectEntrySchema>;

/** What whoever opens the folder has to know. */
export const NOTES = [
  'No master key, no key of pseudonyms and no signing key is in this backup. Without them it cannot be read: keep them in another place.',
  'Jobs are not in it. An export that was not finished is cancelled when it is restored.',
  'Records that were shredded after this backup was made come back with it: shred them again after restoring.',
];

export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeSmall(path.join(folder, MANIFEST), text);
  await writeSmall(path.join(folder, MANIFEST_DIGEST), `${sha256(text)}  ${MANIFEST}\n`);
}

/**
 * Reads the manifest of a backup.
 *
 * @throws {UserError} where the folder is no finished backup, or the manifest is damaged or of a newer program
 */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const read = (name: string) =>
    readFile(path.join(folder, name), 'utf8').catch(error => {
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw error;
      throw new UserError(`${folder} is not a backup, or one that was not finished: it has no ${name}.`);
    });
  const text = await read(MANIFEST);
  const noted = (await read(MANIFEST_DIGEST)).slice(0, 64);
  if (sha256(text) !== noted) {
    throw new UserError(
      `The file ${MANIFEST} of the backup is damaged: its SHA-256 is not the one in ${MANIFEST_DIGEST}.`,
    );
  }
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new UserError(
    `The file ${MANIFEST} of the backup is not one that this program knows (${z.prettifyError(parsed.error).split('\n')[0]}). ` +
      'Restore with the program that made it.',
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
