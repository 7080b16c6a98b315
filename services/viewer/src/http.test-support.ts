import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Dataset } from './archive/dicom-json.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
  /** A DICOM JSON answer; a single data set counts as a list of one. */
  datasets: Dataset[];
  /** The sentence of a problem document. */
  detail: string;
}

export interface Sending {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
}

/** A plain HTTP request: unlike fetch, it sends the Host, Origin and path that the test says, unchanged. */
export function send(
  baseUrl: string,
  path: string,
  { method = 'GET', headers = {}, body }: Sending = {},
): Promise<Answer> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, path, method, headers, agent: false },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const content = Buffer.concat(chunks);
          const text = content.toString();
          const type = response.headers['content-type'] ?? '';
          const datasets = /dicom\+json/.test(type) && text ? [JSON.parse(text)].flat() : [];
          const detail = /problem\+json/.test(type) ? JSON.parse(text).detail : '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: content,
            text,
            datasets,
            detail,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

export interface Part {
  headers: Record<string, string>;
  body: Buffer;
}

/** Takes a multipart answer apart. */
export function partsOf(answer: Answer): Part[] {
  const boundary = /boundary=([^;]+)/.exec(answer.headers['content-type'] ?? '')?.[1];
  if (!boundary) throw new Error(`not multipart: ${answer.status} ${answer.headers['content-type']} ${answer.text}`);
  const parts: Part[] = [];
  const separator = Buffer.from(`--${boundary}`);
  let at = answer.body.indexOf(separator);
  for (let next = answer.body.indexOf(separator, at + 1); next >= 0; next = answer.body.indexOf(separator, at + 1)) {
    const part = answer.body.subarray(at + separator.length + 2, next - 2);
    const end = part.indexOf('\r\n\r\n');
    const lines = part.subarray(0, end).toString().split('\r\n');
    const headers = Object.fromEntries(lines.map(line => [line.split(': ')[0]?.toLowerCase(), line.split(': ')[1]]));
    parts.push({ headers, body: part.subarray(end + 4) });
    at = next;
  }
  return parts;
}

/** The body and Content-Type of a STOW-RS request. */
export function stowRequest(files: Uint8Array[], boundary = 'stow-boundary'): Sending {
  const parts = files.flatMap(file => [
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    file,
    Buffer.from('\r\n'),
  ]);
  return {
    method: 'POST',
    headers: { 'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
