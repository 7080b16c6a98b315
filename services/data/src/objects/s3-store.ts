import { addAbortSignal, Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { missingObject } from './errors.ts';
import { isKeySegment, requireObjectKey } from './object-key.ts';
import type { ObjectStore, StoredObjectInfo } from './object-store.ts';
import { s3Error } from './s3-errors.ts';
import { parseS3Url, type S3Location } from './s3-url.ts';
import { withErrors } from './store-streams.ts';

/**
 * The smallest that S3 allows, and it allows 10,000: objects of up to 50 GB. The SDK collects parts while two are under way, so an
 * upload holds about eight in memory.
 */
const PART_BYTES = 5 * 2 ** 20;
const PARTS_AT_ONCE = 2;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection without a byte for so long is given up. */
const IDLE_TIMEOUT_MS = 60_000;
const READY_TIMEOUT_MS = 5_000;

/** Objects in a bucket of AWS or of another server that speaks S3. Nothing is asked of it before the first use. */
export function openS3Store(url: string, environment: NodeJS.ProcessEnv = process.env): ObjectStore {
  const location = parseS3Url(url, environment);
  const { bucket: Bucket, prefix } = location;
  const client = newClient(location, environment);
  const name = url.replace(/\?.*/, '') + (location.endpoint ? ` at ${location.endpoint}` : '');
  const translate = (error: unknown) => s3Error(name, Bucket, error);
  const keyOf = (key: string): string => {
    requireObjectKey(key);
    return prefix + key;
  };
  /** Sends a request and tells its failure in a sentence. */
  const ask = async <Answer>(request: Promise<Answer>): Promise<Answer> => {
    try {
      return await request;
    } catch (error) {
      throw translate(error);
    }
  };
  const checkReady = async (): Promise<void> => {
    const command = new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 });
    await ask(client.send(command, { abortSignal: AbortSignal.timeout(READY_TIMEOUT_MS) }));
  };

  return {
    name,
    checkReady,

    async putStream(key, stream, { signal } = {}) {
      const params = { Bucket, Key: keyOf(key), ContentType: 'application/octet-stream' };
      try {
        return { sizeBytes: await upload(client, params, stream, signal) };
      } catch (error) {
        throw error instanceof SourceError ? error.error : translate(error);
      }
    },

    async getStream(key, { signal } = {}) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(key) }), { abortSignal: signal });
        return withErrors(answer.Body as Readable, error => (signal?.aborted ? signal.reason : translate(error)));
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') throw missingObject(key, { cause: error });
        if (signal?.aborted) throw signal.reason;
        throw translate(error);
      }
    },

    async exists(key) {
      try {
        await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(key) }));
        return true;
      } catch (error) {
        const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
        if ($metadata?.httpStatusCode !== 404) throw translate(error);
        await checkReady(); // An answer without a body does not say whether it is the bucket that is missing.
        return false;
      }
    },

    async remove(key) {
      await ask(client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(key) })));
    },

    async *list(start): AsyncGenerator<StoredObjectInfo> {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: prefix + start });
      try {
        for await (const page of pages) {
          for (const { Key = '', Size = 0, LastModified = new Date() } of page.Contents ?? []) {
            const key = Key.slice(prefix.length);
            if (!key.split('/').every(isKeySegment)) continue; // somebody else's
            yield { key, sizeBytes: Size, modifiedAt: LastModified };
          }
        }
      } catch (error) {
        throw translate(error);
      }
    },

    async removeUnfinished(before) {
      let removed = 0;
      try {
        for await (const { Key, UploadId } of unfinishedUploads(client, location, before)) {
          await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
          removed += 1;
        }
      } catch (error) {
        throw translate(error);
      }
      return removed;
    },
  };
}

function newClient({ endpoint, region }: S3Location, environment: NodeJS.ProcessEnv): S3Client {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = environment;
  const isAws = endpoint === null || /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
  return new S3Client({
    region,
    ...(endpoint !== null && { endpoint }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey, sessionToken } }),
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
    // Other servers do not know AWS's newer checksums in trailers, nor host names with the bucket in them.
    ...(!isAws && {
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
  });
}

/**
 * Uploads a stream in parts. It is aborted by ending its stream with an error: then the SDK waits for the parts under way and
 * takes all of them back before it rejects. Its own `abort` would reject at once, while the object may still appear.
 */
async function upload(
  client: S3Client,
  params: { Bucket: string; Key: string; ContentType: string },
  stream: Readable,
  signal: AbortSignal | undefined,
): Promise<number> {
  let sizeBytes = 0;
  let sourceFailure: SourceError | undefined;
  async function* bytes() {
    try {
      for await (const chunk of signal ? addAbortSignal(signal, stream) : stream) {
        sizeBytes += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    } catch (error) {
      // Once the upload has failed, ending its body arrives here as an error, too.
      if (!Body.destroyed) sourceFailure = new SourceError(error);
      throw error;
    }
  }
  const Body: Readable = Readable.from(bytes(), { objectMode: false });
  try {
    await new Upload({ client, params: { ...params, Body }, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
    return sizeBytes;
  } catch (error) {
    throw sourceFailure ?? error;
  } finally {
    stream.destroy();
  }
}

/** An error of the stream that is stored. It may look like one of the way to the server. */
class SourceError {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

async function* unfinishedUploads(client: S3Client, { bucket, prefix }: S3Location, before: Date) {
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  do {
    const page = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, KeyMarker, UploadIdMarker }),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Initiated && Initiated < before) yield { Key, UploadId };
    }
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
    UploadIdMarker = page.IsTruncated ? page.NextUploadIdMarker : undefined;
  } while (KeyMarker);
}
