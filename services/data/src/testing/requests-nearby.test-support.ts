import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { PROBLEMS, problemSchema } from '@voxelwise/contract';
import fc from 'fast-check';
import { addressesNearby, goodQueries } from './addresses-nearby.test-support.ts';
import { bodiesNearby, goodBodies } from './bodies-nearby.test-support.ts';

/** A request below /api that is wrong in some way, or good at the edge of it. `{id}` in its target stands for a record that is there. */
export interface NearRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Whether it matches the contract. */
  readonly isGood: boolean;
}

/** Requests of which none matches the contract. */
export const malformedRequests: fc.Arbitrary<NearRequest> = fc
  .oneof({ weight: 4, arbitrary: bodiesNearby }, { weight: 1, arbitrary: addressesNearby })
  .filter(({ isGood }) => !isGood);

/** Requests that match the contract, at the edge of it. */
export const goodRequests: fc.Arbitrary<NearRequest> = fc.oneof(
  { weight: 2, arbitrary: goodBodies },
  { weight: 1, arbitrary: goodQueries },
);

export interface RawAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

const LONGEST_ANSWER_MS = 20_000;

/** Sends requests as they are over a few connections, which are kept. */
export function rawClient(port: number, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    /** Rejects where there is no answer within 20 s, or a connection is cut. */
    send({ method, target, headers, body }: Omit<NearRequest, 'isGood'>, authorization: string): Promise<RawAnswer> {
      return new Promise((resolve, reject) => {
        const length = body && { 'Content-Length': body.length };
        const request = httpRequest({
          agent,
          host: '127.0.0.1',
          port,
          method,
          path: `/api${target}`,
          headers: { ...headers, Authorization: authorization, ...length },
          timeout: LONGEST_ANSWER_MS,
        });
        request.once('timeout', () => request.destroy(new Error(`${method} ${target} was not answered.`)));
        request.once('error', reject);
        request.once('response', response => resolve(answerOf(response)));
        request.end(body ?? undefined);
      });
    },
    close: () => agent.destroy(),
  };
}

async function answerOf(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode!,
    mediaType: response.headers['content-type'] ?? '',
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

/** The code of a problem of the client, of which everything is as the contract says; null for another answer. */
export function problemCodeOf({ status, mediaType, text }: RawAnswer): string | null {
  if (!mediaType.startsWith('application/problem+json')) return null;
  const { data: problem } = problemSchema.safeParse(JSON.parse(text));
  const isOfClient = status >= 400 && status < 500;
  return problem && isOfClient && PROBLEMS[problem.code].status === status && problem.status === status
    ? problem.code
    : null;
}

export function inWords({ method, target, headers, body }: NearRequest): string {
  return `${method} ${target} ${JSON.stringify(headers)} ${body?.toString('utf8').slice(0, 2000) ?? ''}`;
}

/** The same content under ids of its own, so that it is not taken for what is there already. */
export function withNewIds(body: Buffer): Buffer {
  const document = JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''));
  const records = [document, ...(Array.isArray(document?.predictions) ? document.predictions : [])];
  for (const record of records) if (typeof record?.id === 'string') record.id = randomUUID();
  return Buffer.from(JSON.stringify(document));
}
