import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import { sendStream } from './multipart.ts';

test.each(['before the first byte', 'in the middle'])(
  'a client that goes away %s ends the source, and is no error',
  async when => {
    let isEnded = false;
    let clientIsGone = () => {};
    const gone = new Promise<void>(resolve => {
      clientIsGone = resolve;
    });
    async function* bytes() {
      try {
        if (when === 'before the first byte') {
          client.abort();
          await gone;
        }
        for (;;) yield Buffer.alloc(65536);
      } finally {
        isEnded = true;
      }
    }
    const client = new AbortController();
    const sent = new Promise<void>((resolve, reject) => {
      const server = createServer((_, response) => {
        response.once('close', clientIsGone);
        sendStream(response as unknown as Response, bytes())
          .then(resolve, reject)
          .finally(() => server.close());
      });
      server.listen(0, '127.0.0.1', async () => {
        const { port } = server.address() as AddressInfo;
        try {
          const answer = await fetch(`http://127.0.0.1:${port}`, { signal: client.signal });
          await answer.body!.getReader().read();
          client.abort();
        } catch {
          // The client itself has gone.
        }
      });
    });
    await expect(sent).resolves.toBeUndefined();
    expect(isEnded).toBe(true);
  },
);
