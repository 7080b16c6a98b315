import {
  ROUTES,
  type Route,
  type RouteAnswer,
  type RouteBody,
  type RouteName,
  type RouteParameters,
  type RouteQuery,
} from '../contract.ts';
import { foreignAnswer, ServiceError, serviceErrorOf } from './service-error.ts';
import { parseAnswer } from './tolerant-answer.ts';

/** Where the data service is, and who asks. */
export interface DataServiceAddress {
  /** With the path before those of the contract, without a slash at the end: https://viewer.example/api */
  readonly url: string;
  /** Asked anew for every request: the viewer renews its token. */
  authorizationHeaders(): Record<string, string>;
}

type Given<Name extends string, Value> = [Value] extends [undefined] ? unknown : { readonly [key in Name]: Value };
type Optional<Name extends string, Value> = [Value] extends [undefined] ? unknown : { readonly [key in Name]?: Value };

/** What a route takes: parameters of its path, query, JSON body. */
export type RouteInput<Name extends RouteName> = Given<'parameters', RouteParameters<Name>> &
  Optional<'query', RouteQuery<Name>> &
  Given<'body', RouteBody<Name>>;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** After so long without a whole answer the service counts as unreachable. */
  readonly timeoutMs?: number;
  /** For routes that take bytes instead of JSON. */
  readonly bytes?: { readonly content: Uint8Array<ArrayBuffer>; readonly mediaType: string };
}

/** The data service, by the routes of the contract. */
export interface DataService {
  readonly url: string;
  /**
   * Calls a route. Only an answer that the contract knows counts; what a newer service adds to it is passed over.
   * @throws ServiceError with a sentence for the reader; the signal's reason when it is aborted
   */
  call<Name extends RouteName>(name: Name, input: RouteInput<Name>, options?: CallOptions): Promise<RouteAnswer<Name>>;
}

const TIMEOUT_MS = 30_000;

export function createDataService(address: DataServiceAddress): DataService {
  return {
    url: address.url,
    async call(name, input, { signal, timeoutMs = TIMEOUT_MS, bytes } = {}) {
      const route: Route = ROUTES[name];
      const { parameters, query, body } = input as { parameters?: object; query?: object; body?: unknown };
      const timeout = AbortSignal.timeout(timeoutMs);
      const headers: Record<string, string> = { Accept: 'application/json', ...address.authorizationHeaders() };
      if (bytes) headers['Content-Type'] = bytes.mediaType;
      else if (body !== undefined) headers['Content-Type'] = 'application/json';
      try {
        const response = await fetch(`${address.url}${pathOf(route, parameters)}${queryText(query)}`, {
          method: route.method.toUpperCase(),
          headers,
          ...(bytes ? { body: bytes.content } : body !== undefined && { body: JSON.stringify(body) }),
          cache: 'no-store',
          // Whoever is redirected is not signed in, or not where the service is.
          redirect: 'manual',
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        });
        return (await answerOf(route, response)) as never;
      } catch (error) {
        if (error instanceof ServiceError || signal?.aborted) throw error;
        const reason = timeout.aborted ? `has not answered for ${timeoutMs / 1000} s` : 'cannot be reached';
        throw new ServiceError('unreachable', `The data service ${reason}.`);
      }
    },
  };
}

/** The answer of a route, checked. @throws ServiceError where it is none; what fetch throws where it breaks off */
async function answerOf(route: Route, response: Response): Promise<unknown> {
  if (response.type === 'opaqueredirect') throw foreignAnswer('it redirects, as a sign-in page does');
  const schema = route.responses[response.status];
  if (schema === null) return new Uint8Array(await response.arrayBuffer());
  const text = await response.text();
  const json = isJson(response) ? parsed(text) : null;
  if (schema === undefined) throw serviceErrorOf(response, json);
  if (json === null) throw foreignAnswer(`${response.headers.get('Content-Type') ?? 'no type'} instead of JSON`);
  const { success, data, error } = parseAnswer(schema, json);
  if (success) return data;
  const path = error.issues[0]?.path.join('.') ?? '';
  throw foreignAnswer(`its answer is not as expected${path && ` at ${path}`}`);
}

function isJson({ headers }: Response): boolean {
  return /^application\/(problem\+)?json\b/i.test(headers.get('Content-Type') ?? '');
}

/** @returns null for what is no JSON; no route answers with null itself */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function pathOf({ path }: Route, parameters: object = {}): string {
  const values = parameters as Readonly<Record<string, string>>;
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function queryText(query: object = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}
