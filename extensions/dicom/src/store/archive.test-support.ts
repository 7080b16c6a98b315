import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StorableInstance } from './store-instances.ts';

/** A request as it arrived, whole. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void;

export interface TestArchive {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** A server that answers every request by the next behaviour, and the last one from then on. */
export async function startArchive(...behaviours: Behaviour[]): Promise<TestArchive> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: new Uint8Array(Buffer.concat(chunks)) };
      requests.push(received);
      behaviours[Math.min(requests.length, behaviours.length) - 1]?.(response, received);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

export function status(code: number, headers: Record<string, string> = {}, body: string | Uint8Array = ''): Behaviour {
  return response => response.writeHead(code, headers).end(body);
}

export function dicomJson(code: number, dataset: object): Behaviour {
  return status(code, { 'Content-Type': 'application/dicom+json' }, JSON.stringify(dataset));
}

/** Promises a long answer and hangs up in the middle of it. */
export const cutOff: Behaviour = response => {
  response.writeHead(200, { 'Content-Type': 'application/dicom+json', 'Content-Length': '1000' });
  response.write('{"00081199"', () => response.destroy());
};

export const hangUp: Behaviour = response => response.destroy();

/** A Store Instances Response: stored and failed objects with their reasons. */
export function storeResponse(stored: Record<string, number | null>, failed: Record<string, number> = {}): object {
  const items = (entries: Record<string, number | null>, reasonTag: string) => ({
    vr: 'SQ',
    Value: Object.entries(entries).map(([uid, reason]) => ({
      '00081155': { vr: 'UI', Value: [uid] },
      ...(reason !== null && { [reasonTag]: { vr: 'US', Value: [reason] } }),
    })),
  });
  return {
    ...(Object.keys(stored).length > 0 && { '00081199': items(stored, '00081196') }),
    ...(Object.keys(failed).length > 0 && { '00081198': items(failed, '00081197') }),
  };
}

/** A file of the form of DICOM Part 10: preamble, meta group of a given length, and a data set of any bytes. */
export function instance(sopInstanceUid: string, dataSet: Uint8Array, metaBytes = 20): StorableInstance {
  const bytes = new Uint8Array(144 + metaBytes + dataSet.length);
  bytes.set(new TextEncoder().encode('DICM'), 128);
  bytes.set([2, 0, 0, 0, 0x55, 0x4c, 4, 0], 132);
  new DataView(bytes.buffer).setUint32(140, metaBytes, true);
  bytes.set(dataSet, 144 + metaBytes);
  return { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.3', sopInstanceUid, bytes };
}
