import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ObjectStoreError } from './errors.ts';
import { openFilesystemStore } from './filesystem-store.ts';
import { openS3Store } from './s3-store.ts';

export interface StoredObjectInfo {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
}

/**
 * Where large payloads are kept. It sees encrypted bytes only (encrypted-objects.ts).
 *
 * Keys are relative paths of a-z, 0-9, `.`, `_` and `-`, such as `objects/3f/0c7e...`. Each is used once: callers choose random ones.
 * Putting an object under a key that is there replaces it as a whole; S3 servers cannot be relied on to refuse that.
 * An object is there as a whole or not at all. All methods reject with an {@link ObjectStoreError}, whose message names the store.
 */
export interface ObjectStore {
  /** What the store is called in messages: its URL, without anything secret. */
  readonly name: string;
  /**
   * Stores all bytes of a stream. They are durable once it resolves. It rejects with the stream's own error where that fails,
   * and with the signal's reason where it is aborted; nothing is visible then. An abort after the last byte may come too late.
   */
  putStream(key: string, stream: Readable, options?: { signal?: AbortSignal }): Promise<{ sizeBytes: number }>;
  /** The bytes of an object. Rejects with the problem `missing` where there is none. */
  getStream(key: string, options?: { signal?: AbortSignal }): Promise<Readable>;
  exists(key: string): Promise<boolean>;
  /** Removes an object. One that is not there is no error. */
  remove(key: string): Promise<void>;
  /** All objects whose key starts with the prefix, in no particular order. */
  list(prefix: string): AsyncIterable<StoredObjectInfo>;
  /** Removes what uploads left that never ended and were last touched before this moment. Returns how many. */
  removeUnfinished(before: Date): Promise<number>;
  /** Rejects where the store cannot be used now. */
  checkReady(): Promise<void>;
}

/**
 * Opens the object store that a URL names.
 * - a path, or `file:///path`: a folder, made where it is missing
 * - `s3://bucket?endpoint=https://...&region=...&prefix=...`: a bucket. Without an endpoint it is one on AWS. Credentials come
 *   from `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or as AWS's SDK finds them.
 * @throws ObjectStoreError where the URL is malformed or the folder cannot be made. A bucket is asked by `checkReady` first.
 */
export async function openObjectStore(url: string, environment: NodeJS.ProcessEnv = process.env): Promise<ObjectStore> {
  if (url.startsWith('s3:')) return openS3Store(url, environment);
  if (url.startsWith('file:')) return await openFilesystemStore(folderOf(url));
  if (/^[a-z][a-z0-9+.-]+:/i.test(url)) {
    const scheme = url.slice(0, url.indexOf(':'));
    throw new ObjectStoreError(
      'configuration',
      `OBJECT_STORE: ${scheme}: is not supported; use a path, file:// or s3://.`,
    );
  }
  if (url.trim() === '')
    throw new ObjectStoreError('configuration', 'OBJECT_STORE is empty; give a path or an s3:// URL.');
  return await openFilesystemStore(path.resolve(url));
}

function folderOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new ObjectStoreError(
      'configuration',
      'OBJECT_STORE: the file:// URL is malformed; write file:///absolute/path.',
    );
  }
}
