import { type Problem, type ProblemCode, problemSchema } from '../contract.ts';

/**
 * What kind of trouble it is:
 * - unreachable: no answer, or one that broke off
 * - unavailable: the service, or what it needs, cannot answer right now (429, 502, 503, 504)
 * - signed-out: there is no valid token (401)
 * - failed: the service made a mistake of its own (500)
 * - refused: the request was understood and refused; repeating it changes nothing
 * - foreign: something else answers at this address, such as a sign-in page, or another version of the service
 */
export type TroubleKind = 'unreachable' | 'unavailable' | 'signed-out' | 'failed' | 'refused' | 'foreign';

/** Why a request to the data service has no answer that counts. The message is a sentence for the reader. */
export class ServiceError extends Error {
  readonly kind: TroubleKind;
  /** Of the problem document; null where there was none. */
  readonly code: ProblemCode | null;
  /** How long the service asks to wait; null where it does not. */
  readonly retryAfterMs: number | null;

  constructor(kind: TroubleKind, message: string, detail: Partial<Pick<ServiceError, 'code' | 'retryAfterMs'>> = {}) {
    super(message);
    this.name = 'ServiceError';
    this.kind = kind;
    this.code = detail.code ?? null;
    this.retryAfterMs = detail.retryAfterMs ?? null;
  }
}

const KIND_OF_STATUS: Readonly<Record<number, TroubleKind>> = {
  401: 'signed-out',
  429: 'unavailable',
  500: 'failed',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** Said instead of the service's own words where those would not help a reader. */
const SENTENCES: Partial<Record<TroubleKind, string>> = {
  'signed-out': 'The data service does not know who you are: sign in again.',
  unavailable: 'The data service cannot answer right now.',
};

/** What an answer that is no success means. @param body of the answer, null where it is not JSON */
export function serviceErrorOf(response: Response, body: unknown): ServiceError {
  const { status, headers } = response;
  const retryAfterMs = retryAfter(headers.get('Retry-After'));
  const parsed = problemSchema.safeParse(body);
  if (parsed.success && isProblem(response)) {
    const { code } = parsed.data;
    const kind = KIND_OF_STATUS[status] ?? (status >= 500 ? 'failed' : 'refused');
    const sentence = kind === 'unavailable' || kind === 'signed-out' ? SENTENCES[kind] : undefined;
    return new ServiceError(kind, [sentence, sentenceOf(parsed.data)].filter(Boolean).join(' '), {
      code,
      retryAfterMs,
    });
  }
  // A proxy before the service speaks for it where it says that nobody is behind it, or that nobody has signed in.
  const kind = KIND_OF_STATUS[status];
  if (kind === 'unavailable' || kind === 'signed-out') {
    return new ServiceError(kind, `${SENTENCES[kind]} (HTTP ${status})`, { retryAfterMs });
  }
  return foreignAnswer(`HTTP ${status} and no problem document`);
}

/** Something answers that is not the data service, or another version of it. */
export function foreignAnswer(what: string): ServiceError {
  return new ServiceError(
    'foreign',
    `What answers at the data service's address is not the data service, or another version of it: ${what}.`,
  );
}

function isProblem({ headers, status }: Response): boolean {
  return /^application\/problem\+json\b/i.test(headers.get('Content-Type') ?? '') && status >= 400;
}

function sentenceOf({ title, detail, errors = [] }: Problem): string {
  const [first] = errors;
  const where =
    first && `${first.path}: ${first.message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
  return [detail || title, where && `${where}.`].filter(Boolean).join(' ');
}

/** RFC 9110 10.2.3: seconds, or a date. */
function retryAfter(text: string | null): number | null {
  if (!text) return null;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
