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
  const read = express.json({ limit: limitBytes, strict: false, type: () => true });
  await new Promise<void>((resolve, reject) => {
    read(request, response, error => (error ? reject(toProblem(error, limitBytes)) : resolve()));
  });
  if (request.body === undefined) throw new ServiceProblem('malformed-json', 'The body is empty.');
  return request.body;
}

/** What body-parser says, without the text that it repeats. */
function toProblem(error: unknown, limitBytes: number): ServiceProblem {
  const { type } = error as { type?: unknown };
  switch (type) {
    case 'entity.too.large':
      return new ServiceProblem('too-large', `The body is larger than ${limitBytes} bytes.`);
    case 'entity.parse.failed':
      return new ServiceProblem('malformed-json');
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
