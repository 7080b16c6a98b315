/** The DICOMweb services of an archive, and how the reader is let in. */
export interface DicomWebTarget {
  /** Root of WADO-RS and STOW-RS, without a slash at its end. In a browser it may be relative to the page. */
  readonly url: string;
  /** Root of QIDO-RS, where it is another one. */
  readonly queryUrl?: string;
  /** Headers that let the reader in. Asked for at every attempt, because a token may have been renewed meanwhile. */
  authorizationHeaders?(): Readonly<Record<string, string>>;
  /** Another fetch than the platform's. */
  readonly fetch?: typeof fetch;
}

export interface ExchangeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Pauses before the second attempt, the third, and so on; their number is the number of retries. */
  readonly retryDelaysMs?: readonly number[] | undefined;
}

/** What the archive said in the end, with any status. */
export interface ArchiveAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** How often the request was sent. */
  readonly attempts: number;
}

/** Why the archive could not be used, in sentences for the reader: what is wrong, and what to do. */
export class ArchiveError extends Error {
  /** HTTP status; undefined when the archive did not answer at all. */
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.name = 'ArchiveError';
    this.status = status;
  }
}

const RETRY_DELAYS_MS: readonly number[] = [500, 1000, 2000, 4000];
/** An archive may ask for a longer pause (Retry-After), up to this. */
const LONGEST_PAUSE_MS = 30_000;
/** An attempt that takes longer than this plus its bytes at a slow line's speed counts as a connection that was lost. */
const SHORTEST_TIMEOUT_MS = 60_000;
const SLOW_LINE_BYTES_PER_MS = 50;

/**
 * Sends a request and waits for the whole answer. What may pass (a lost connection, 408, 429, 5xx) is tried again after a
 * pause, so the request must be one that can be repeated.
 * @throws ArchiveError when no attempt got an answer; the signal's reason when it was cancelled
 */
export async function exchange(
  target: DicomWebTarget,
  url: string,
  init: { readonly method?: string; readonly headers: Readonly<Record<string, string>>; readonly body?: Blob },
  { signal, retryDelaysMs = RETRY_DELAYS_MS }: ExchangeOptions,
): Promise<ArchiveAnswer> {
  const send = target.fetch ?? fetch;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const answer = await attemptOnce(
      send,
      url,
      { ...init, headers: { ...init.headers, ...target.authorizationHeaders?.() } },
      signal,
    );
    const delayMs = retryDelaysMs[attempt - 1];
    if (answer && (!mayPass(answer.status) || delayMs === undefined)) return { ...answer, attempts: attempt };
    if (delayMs === undefined) {
      throw new ArchiveError(
        `The archive at ${target.url} could not be reached, or broke the connection, ${times(attempt)}. Check the network and whether the archive is running, then try again.`,
      );
    }
    await pause(Math.max(delayMs, askedPauseMs(answer?.headers)), signal);
  }
}

/** One attempt; undefined when the connection failed or the answer was cut off. */
async function attemptOnce(
  send: typeof fetch,
  url: string,
  init: { readonly method?: string; readonly headers: Record<string, string>; readonly body?: Blob },
  signal: AbortSignal | undefined,
): Promise<Omit<ArchiveAnswer, 'attempts'> | undefined> {
  const timeout = AbortSignal.timeout(SHORTEST_TIMEOUT_MS + Math.ceil((init.body?.size ?? 0) / SLOW_LINE_BYTES_PER_MS));
  try {
    const response = await send(url, { ...init, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function mayPass(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** The pause that an archive asks for by Retry-After (RFC 9110 10.2.3), in seconds or until a date; 0 without one. */
export function askedPauseMs(headers: Headers | undefined, nowMs: number = Date.now()): number {
  const text = headers?.get('retry-after');
  if (!text) return 0;
  const pauseMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(pauseMs) ? Math.min(Math.max(pauseMs, 0), LONGEST_PAUSE_MS) : 0;
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** How often something was tried, in words: "in 5 attempts". */
export function times(attempts: number): string {
  return attempts === 1 ? 'in one attempt' : `in ${attempts} attempts`;
}
