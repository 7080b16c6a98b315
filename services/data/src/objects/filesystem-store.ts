import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { syncFolder } from '../sync-folder.ts';
import { errorCode } from '../user-error.ts';
import { missingObject, ObjectStoreError, type ObjectStoreProblem } from './errors.ts';
import { isKeySegment, requireObjectKey } from './object-key.ts';
import type { ObjectStore, StoredObjectInfo } from './object-store.ts';
import { countBytes, withErrors } from './store-streams.ts';

/** Uploads are written here and renamed once complete. No key starts with a dot. */
const UNFINISHED = '.unfinished';

/**
 * Objects as files below a folder, which is made where it is missing. Several processes may share it. What a crash left of an
 * upload is never visible as an object; `removeUnfinished` deletes it.
 */
export async function openFilesystemStore(folder: string): Promise<ObjectStore> {
  const unfinished = path.join(folder, UNFINISHED);
  const translate = (error: unknown) => fileSystemError(folder, error);
  try {
    const firstMade = await mkdir(unfinished, { recursive: true, mode: 0o700 });
    if (firstMade) await syncFolders(folder, path.dirname(firstMade));
  } catch (error) {
    throw translate(error);
  }

  const fileOf = (key: string): string => {
    requireObjectKey(key);
    return path.join(folder, ...key.split('/'));
  };

  return {
    name: pathToFileURL(folder).href,

    async putStream(key, stream, { signal } = {}) {
      const file = fileOf(key);
      const part = path.join(unfinished, randomUUID());
      const counter = countBytes();
      try {
        await pipeline(stream, counter, createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true }), { signal });
        const firstMade = await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await rename(part, file);
        await syncFolders(path.dirname(file), firstMade ? path.dirname(firstMade) : path.dirname(file));
      } catch (error) {
        stream.destroy();
        await rm(part, { force: true });
        throw translate(error);
      }
      return { sizeBytes: counter.sizeBytes };
    },

    async getStream(key, { signal } = {}) {
      try {
        const handle = await open(fileOf(key), 'r');
        return withErrors(handle.createReadStream({ signal }), translate);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') throw missingObject(key);
        throw translate(error);
      }
    },

    async exists(key) {
      const stats = await stat(fileOf(key)).catch(error => {
        if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
        throw translate(error);
      });
      return stats?.isFile() ?? false;
    },

    async remove(key) {
      await rm(fileOf(key), { force: true }).catch(error => {
        throw translate(error);
      });
    },

    list: prefix => listFiles(folder, '', prefix, translate),

    async removeUnfinished(before) {
      let removed = 0;
      for await (const { key, modifiedAt } of listFiles(unfinished, '', '', translate)) {
        if (modifiedAt >= before) continue;
        await rm(path.join(unfinished, key), { force: true });
        removed += 1;
      }
      return removed;
    },

    async checkReady() {
      await access(unfinished, constants.R_OK | constants.W_OK | constants.X_OK).catch(error => {
        throw translate(error);
      });
    },
  };
}

/** Walks a folder. Files that vanish meanwhile are passed over, and so is what is no object, such as lost+found. */
async function* listFiles(
  root: string,
  below: string,
  prefix: string,
  translate: (error: unknown) => unknown,
): AsyncGenerator<StoredObjectInfo> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true }).catch(error => {
    if (errorCode(error) === 'ENOENT' && below !== '') return [];
    throw translate(error);
  });
  for (const entry of entries) {
    if (!isKeySegment(entry.name)) continue;
    const key = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      const mayMatch = prefix.startsWith(`${key}/`) || `${key}/`.startsWith(prefix);
      if (mayMatch) yield* listFiles(root, key, prefix, translate);
    } else if (entry.isFile() && key.startsWith(prefix)) {
      const stats = await stat(path.join(root, key)).catch(() => null);
      if (stats) yield { key, sizeBytes: stats.size, modifiedAt: stats.mtime };
    }
  }
}

/** Makes renames and new folders survive a power cut, from a folder up to one of its parents. */
async function syncFolders(folder: string, upTo: string): Promise<void> {
  await syncFolder(folder);
  if (folder !== upTo) await syncFolders(path.dirname(folder), upTo);
}

const PROBLEMS: Record<string, [ObjectStoreProblem, string]> = {
  ENOSPC: ['full', 'its disk is full; make room or move it to a larger one'],
  EDQUOT: ['full', 'the disk quota of its user is used up; raise the quota or make room'],
  EFBIG: ['full', 'the file system or a limit of the process refuses files of this size'],
  EROFS: ['refused', 'its file system is read-only; mount it so that it can be written'],
  EACCES: ['refused', 'the user of this process may not use it; give it the rights to read and write there'],
  EPERM: ['refused', 'the user of this process may not use it; give it the rights to read and write there'],
  ENOENT: ['configuration', 'the folder is missing; mount its disk'],
  ENOTDIR: ['configuration', 'a part of its path is a file; give the path of a folder'],
  EIO: ['unreachable', 'its disk does not answer (EIO); check the disk'],
  ESTALE: ['unreachable', 'its network file system was lost (ESTALE); mount it again'],
  EMFILE: ['unreachable', 'this process has too many open files; raise its limit'],
};

/** Errors of the file system as sentences. Others, such as those of the stream that is stored, stay as they are. */
function fileSystemError(folder: string, error: unknown): unknown {
  const found = (error as { syscall?: unknown } | null)?.syscall ? PROBLEMS[errorCode(error)] : undefined;
  if (!found) return error;
  const [problem, sentence] = found;
  return new ObjectStoreError(problem, `The object store ${folder} cannot be used: ${sentence}.`, { cause: error });
}
