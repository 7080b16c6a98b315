import { isUtf8 } from 'node:buffer';
import express, { type Request, type Response } from 'express';
import { ServiceProblem } from './service-problem.ts';

/** The media type of a body, without parameters, in lower case; '' where there is none. */
export function mediaTypeOf(request: Request): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}

/**
 * Reads a JSON body. It is called after the caller is known to be allowed, so that nobody else's bodies are read.
 * @throws ServiceProblem for another media type, too many bytes, or text that is not JSON
 */
export async function jsonBody(request: Request, response: Response, limitBytes: number): Promise<unknown> {
  if (mediaTypeOf(request) !== 'application/json') {
    throw new ServiceProblem('unsupported-media-type', 'The media type must be application/json.');
  }
  const tooLarge = new ServiceProblem('too-large', `The body is larger than ${limitBytes} bytes.`);
  if (Number(request.headers['content-length']) > limitBytes) throw tooLarge;
  const read = express.json({ limit: limitBytes, strict: false, type: () => true, verify: requireUtf8 });
  await new Promise<void>((resolve, reject) => {
    // The parser would read a body that is too large to its end, which may never come, before it says so.
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) reject(tooLarge);
    });
    read(request, response, error => (error ? reject(toProblem(error, tooLarge)) : resolve()));
  });
  if (request.body === undefined) throw new ServiceProblem('malformed-json', 'The body is empty.');
  return request.body;
}

/** Bytes that are no UTF-8 would be replaced without a word, and stored as what nobody has sent (RFC 8259, section 8.1). */
function requireUtf8(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw Object.assign(new TypeError('charset'), { type: 'charset.unsupported' });
  if (!isUtf8(bytes)) throw new TypeError('not UTF-8');
}

/** What body-parser says, without the text that it repeats. */
function toProblem(error: unknown, tooLarge: ServiceProblem): ServiceProblem {
  const { type } = error as { type?: unknown };
  switch (type) {
    case 'entity.too.large':
      return tooLarge;
    case 'entity.parse.failed':
      return new ServiceProblem('malformed-json');
    case 'entity.verify.failed':
      return new ServiceProblem('malformed-json', 'The body is not UTF-8.');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new ServiceProblem(
        'unsupported-media-type',
        'The body must be UTF-8, uncompressed or gzip, deflate or br.',
      );
    default:
      return new ServiceProblem('malformed-request', 'The body could not be read.');
  }
}
