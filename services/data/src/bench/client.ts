import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Speaks to the service over connections that stay open. */
export interface BenchClient {
  /** @throws Error where the answer is not a success, or there is none */
  send<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  close(): void;
}

export interface ClientOptions {
  readonly url: string;
  /** Authorization headers, taken in turn. */
  readonly authorizations: readonly string[];
  readonly connections: number;
}

export function openClient({ url, authorizations, connections }: ClientOptions): BenchClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  return {
    send<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
      const content = body === undefined ? undefined : JSON.stringify(body);
      return new Promise((resolve, reject) => {
        const outgoing = request(
          `${url}${path}`,
          {
            agent,
            method,
            headers: {
              Authorization: authorizations[sent++ % authorizations.length],
              ...(content !== undefined && {
                'Content-Type': 'application/json',
                'Content-Length': Buffer.byteLength(content),
              }),
            },
          },
          async response => {
            const answer = await text(response);
            const { statusCode = 0 } = response;
            if (statusCode < 200 || statusCode > 299) {
              reject(new Error(`${method} ${path.split('?')[0]} was answered ${statusCode}: ${answer}`));
            } else
              resolve((response.headers['content-type']?.includes('json') ? JSON.parse(answer) : answer) as Answer);
          },
        );
        outgoing.on('error', reject);
        outgoing.end(content);
      });
    },
    close: () => agent.destroy(),
  };
}
