import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  PROBLEMS,
  type ProblemCode,
  predictionInputSchema,
  problemType,
  reviewInputSchema,
  type Session,
} from '@voxelwise/contract';
import { build } from 'esbuild';
import { PLUGINS } from './paths.ts';

/** What goes wrong with a request: nothing is sent back, before or after it was stored, or something else than an answer. */
export type Fault =
  | 'cut-before'
  | 'cut-after'
  | 'sign-in-page'
  | { readonly problem: ProblemCode; readonly retryAfterS?: number };

/** A request that changes something, as it arrived. */
export interface Delivery {
  readonly kind: 'prediction' | 'review' | 'object';
  /** Of the record; the digest of an object. */
  readonly id: string;
  readonly authorization: string;
  readonly atMs: number;
}

/**
 * The data service's addresses, by its contract, with faults that the real one cannot be brought to: for tests of what the browser
 * does then. What a service makes of records is tested with the real one.
 */
export interface FaultyService {
  readonly url: string;
  /** Everything that has arrived whole, in order, repeated deliveries too. */
  readonly deliveries: readonly Delivery[];
  /** What was stored, once each, in order. */
  stored(): string[];
  /** What goes wrong with the next requests that change something; null lets one through. */
  setFaults(faultOf: (delivery: Delivery) => Fault | null): void;
  /** False: nothing under /api says that it is a data service. */
  setPresent(isPresent: boolean): void;
  close(): Promise<void>;
}

const SESSION: Session = {
  person: 'p1:x',
  roles: ['reader'],
  permissions: ['session:read', 'predictions:write', 'predictions:read', 'reviews:write', 'objects:write'],
  sites: ['north'],
  isLocal: false,
  emergencyUntil: null,
  service: { version: '0.1.0' },
};

export async function startFaultyService(): Promise<FaultyService> {
  const script = await recordsScript();
  const deliveries: Delivery[] = [];
  const stored = new Set<string>();
  let faultOf: (delivery: Delivery) => Fault | null = () => null;
  let isPresent = true;

  const server = createServer((request, response) => {
    if (request.url === '/') return html(response, page('<script src="/records.js"></script>'));
    if (request.url === '/records.js') return void response.setHeader('Content-Type', 'text/javascript').end(script);
    if (request.url === '/plug-ins')
      return html(response, page('<script type="module" src="/plugins/calcium.js"></script>'));
    const plugin = /^\/plugins\/([\w.-]+\.js)$/.exec(request.url ?? '')?.[1];
    if (plugin) {
      response.setHeader('Content-Type', 'text/javascript');
      return void createReadStream(path.join(PLUGINS, plugin)).pipe(response);
    }
    if (!isPresent) return html(response, 'Not found', 404);
    if (request.url === '/api/session') return json(response, 200, SESSION);
    void receive(request, response).catch(() => response.destroy());
  });

  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const parsed = parse(request, Buffer.concat(chunks));
    if ('problem' in parsed) return problem(response, parsed.problem);
    const delivery = { ...parsed, authorization: request.headers.authorization ?? '', atMs: performance.now() };
    deliveries.push(delivery);
    const fault = faultOf(delivery);
    if (fault === 'cut-before') return void response.destroy();
    if (fault === 'sign-in-page') return html(response, '<!doctype html><form>Sign in</form>');
    if (fault !== null && typeof fault === 'object') return problem(response, fault.problem, fault.retryAfterS);
    const outcome = stored.has(delivery.id) ? 'repeated' : 'created';
    stored.add(delivery.id);
    if (fault === 'cut-after') return void response.destroy();
    json(response, outcome === 'created' ? 201 : 200, answerOf(delivery, outcome));
  };

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    stored: () => [...stored],
    setFaults(next) {
      faultOf = next;
    },
    setPresent(next) {
      isPresent = next;
    },
    close: () => close(server),
  };
}

type Parsed = Pick<Delivery, 'kind' | 'id'> | { readonly problem: ProblemCode };

/** What a request is, checked as the contract has it. */
function parse({ method, url = '' }: IncomingMessage, body: Buffer): Parsed {
  const digest = /^\/api\/objects\/([0-9a-f]{64})(\?site=north)?$/.exec(url)?.[1];
  if (method === 'PUT' && digest) {
    const isSame = createHash('sha256').update(body).digest('hex') === digest;
    return isSame ? { kind: 'object', id: digest } : { problem: 'digest-mismatch' };
  }
  const isReview = /^\/api\/predictions\/[0-9a-f-]{36}\/reviews$/.test(url);
  if (method !== 'POST' || !(isReview || url === '/api/predictions')) return { problem: 'not-found' };
  const { success, data } = (isReview ? reviewInputSchema : predictionInputSchema).safeParse(
    JSON.parse(body.toString()),
  );
  return success ? { kind: isReview ? 'review' : 'prediction', id: data.id } : { problem: 'invalid-request' };
}

function answerOf({ kind, id }: Delivery, outcome: 'created' | 'repeated'): object {
  if (kind === 'object') return { site: 'north', sha256: id, sizeBytes: 1, outcome };
  return kind === 'review' ? { id, outcome, part: 'first' } : { results: [{ id, outcome }] };
}

function problem(response: ServerResponse, code: ProblemCode, retryAfterS?: number): void {
  const { status, title } = PROBLEMS[code];
  if (retryAfterS !== undefined) response.setHeader('Retry-After', String(retryAfterS));
  response.setHeader('Content-Type', 'application/problem+json');
  const body = { type: problemType(code), title, status, code, detail: `It says ${code}.`, requestId: 'r' };
  response.writeHead(status).end(JSON.stringify(body));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.writeHead(status).end(JSON.stringify(body));
}

const page = (script: string) => `<!doctype html><title>Records</title>${script}`;

/** What docs/hospitals.md asks for, and no more. */
const POLICY = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'unsafe-inline'";

function html(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'text/html', 'Content-Security-Policy': POLICY }).end(text);
}

async function close(server: Server): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** The package as a script that puts it into the global `records`. */
async function recordsScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: "import * as records from '@voxelwise/records'; globalThis.records = records;",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    conditions: ['voxelwise-source'],
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
