import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { ByteRange } from './frames.ts';

/** One part of a multipart/related response. Its content is asked for when its turn comes, and is not kept. */
export interface ResponsePart {
  contentType: string;
  location?: string;
  content: () => AsyncIterable<Uint8Array> | Promise<Uint8Array>;
}

/**
 * Sends parts as `multipart/related` (RFC 2387), one after the other, as fast as the client takes them.
 *
 * @param type media type of the parts, for the `type` parameter.
 */
export async function sendMultipart(response: Response, type: string, parts: Iterable<ResponsePart>): Promise<void> {
  const boundary = `voxelwise-${randomUUID()}`;
  response.status(200).set('Content-Type', `multipart/related; type="${type}"; boundary=${boundary}`);
  await sendStream(response, writeParts(boundary, parts));
}

/**
 * Sends a stream of bytes. What fails before the first of them can still become an error for the client. A client that
 * goes away, before or in the middle, is nothing to report.
 */
export async function sendStream(response: Response, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  if (response.destroyed) {
    await source.return?.();
    return;
  }
  try {
    await pipeline(Readable.from(startingWith(first, source)), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* startingWith<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.(); // closes the file when the client has gone away
  }
}

/** Bytes of some ranges of a file, one after the other. */
export async function* readFileRanges(file: string, ranges: ByteRange[]): AsyncGenerator<Uint8Array> {
  for (const { offset, length } of ranges) {
    if (length > 0) yield* createReadStream(file, { start: offset, end: offset + length - 1 });
  }
}

async function* writeParts(boundary: string, parts: Iterable<ResponsePart>): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const location = part.location ? `Content-Location: ${part.location}\r\n` : '';
    yield Buffer.from(`--${boundary}\r\nContent-Type: ${part.contentType}\r\n${location}\r\n`);
    const content = part.content();
    if (Symbol.asyncIterator in content) yield* content;
    else yield await content;
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}
