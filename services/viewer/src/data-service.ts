import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { isLoopback } from './same-origin.ts';

export interface DataServiceOptions {
  readonly repositoryRoot: string;
  /** Kept between starts: the embedded database, objects, keys. */
  readonly folder: string;
  /** Where the viewer listens: the service must not be opened to a network without sign-in. */
  readonly viewerHost: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

export interface DataServiceProcess {
  readonly url: string;
  /** Nobody signs in: this machine's user is everybody. */
  readonly isLocal: boolean;
  /** Resolves when the process has ended, with what it said last where it ended by itself. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** How long the first start may take: a database is made then. */
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;

/**
 * Starts the data service as a process of its own, on a free port of the loopback address, with what the folder holds. DATABASE_URL,
 * OBJECT_STORE and OIDC_ISSUER of the environment are used instead where they are set.
 * @throws Error with a sentence: why there is no data service
 */
export async function startDataService(options: DataServiceOptions): Promise<DataServiceProcess> {
  const { repositoryRoot, folder, viewerHost, environment, signal } = options;
  const isLocal = !environment.OIDC_ISSUER;
  if (isLocal && !isLoopback(viewerHost)) {
    throw new Error(
      'it would be open to the network, and nobody would have to sign in. Set OIDC_ISSUER and OIDC_AUDIENCE',
    );
  }
  const main = path.join(repositoryRoot, 'services', 'data', 'src', 'main.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=voxelwise-source', main, 'serve', '--attached', '--data', folder, ...(isLocal ? ['--local'] : [])],
    // A group of its own: Ctrl-C reaches the viewer alone, which then stops the service in order. Where the viewer is killed, the
    // pipe closes and the service ends by itself.
    {
      env: { ...environment, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: environment.LOG_LEVEL ?? 'warn' },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const lastWords = keepLastWords(child);
  const ended = new Promise<string>(resolve => child.once('close', () => resolve(lastWords())));
  let stopping: Promise<void> | undefined;
  // Once: a second signal would end the service before its database has shut down.
  const stop = () => (stopping ??= stopOnce());
  const stopOnce = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(forced);
  };
  const onAbort = () => void stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const url = await readyUrl(child, ended);
    return { url, isLocal, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address that the service prints once it answers. */
async function readyUrl(child: ChildProcess, ended: Promise<string>): Promise<string> {
  const ready = new Promise<string>(resolve => {
    createInterface({ input: child.stdout! }).on('line', line => {
      const url = urlOf(line);
      if (url) resolve(url);
    });
  });
  const failed = ended.then(words => {
    throw new Error(words || 'it ended without a word');
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not start within ${START_LIMIT_MS / 1000} s`)), START_LIMIT_MS);
  });
  try {
    return await Promise.race([ready, failed, late]);
  } finally {
    clearTimeout(timer);
  }
}

function urlOf(line: string): string | undefined {
  try {
    const said = JSON.parse(line) as { ready?: unknown; url?: unknown };
    return said.ready === true && typeof said.url === 'string' ? said.url : undefined;
  } catch {
    return undefined;
  }
}

/** What the service said on its error output last: the sentence that says why it did not start. */
function keepLastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-2000);
  });
  return () => sentenceOf(text.trim());
}

/** Without a stack: of that, the line that names the error. */
function sentenceOf(words: string): string {
  if (!/\n\s+at /.test(words)) return words.replace(/\.$/, '');
  return words.split('\n').findLast(line => /^\S*Error\b/.test(line)) ?? 'it broke off';
}
