import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pacote from 'pacote';
import { partName, removeStaleParts } from './atomic-write.ts';
import { errorCode, errorMessage, UserError } from './user-error.ts';

/** The OHIF releases that the plug-ins are tested on, each with the hash of its npm tarball. */
export const OHIF_RELEASES: Readonly<Record<string, string>> = {
  '3.11.1': 'sha512-0lJRyHguGuIR06PxeJ3rqnPWf1OAqsaXGuqT2kl5HkNjIOxBDnRTTMvyHnkn3ZyjcHlsIhY8gf0h7AhVORqsSQ==',
  '3.12.10': 'sha512-0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA==',
  '3.13.2': 'sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==',
};
export const DEFAULT_OHIF_VERSION = '3.13.2';

export interface StockOhifOptions {
  onProgress?: (message: string) => void;
  /** The npm registry; by default the one that npm on this machine is configured for. */
  registry?: string;
  /** Hash of the tarball; only tests replace the pinned one. */
  integrity?: string;
}

interface Pacote {
  extract(spec: string, target: string, options: Record<string, unknown>): Promise<unknown>;
}

/**
 * The stock OHIF viewer: extracts `@ohif/app` from its npm tarball, once, and checks its hash. What is in the cache is
 * used without touching the network.
 *
 * @returns the folder with `index.html`.
 * @throws UserError with one sentence when the registry cannot be reached, the hash is wrong, or the disk is full;
 * nothing is left behind then.
 */
export async function stockOhif(version: string, cacheFolder: string, options: StockOhifOptions = {}): Promise<string> {
  const pinned = Object.hasOwn(OHIF_RELEASES, version) ? OHIF_RELEASES[version] : undefined;
  const integrity = pinned && (options.integrity ?? pinned);
  if (!integrity) {
    const known = Object.keys(OHIF_RELEASES).join(', ');
    throw new UserError(`OHIF ${version} is not one of the versions that Voxelwise is tested on: ${known}.`);
  }
  const folder = path.join(cacheFolder, `ohif-app-${version}`);
  const dist = path.join(folder, 'dist');
  removeStaleParts(cacheFolder);
  if (await exists(path.join(dist, 'index.html'))) return dist;

  const part = partName(folder);
  // pacote keeps what it downloads in a cache of its own; beside the extracted files that is 140 MB of no further use.
  const downloads = `${part}-downloads`;
  const removeParts = () => {
    for (const leftover of [part, downloads]) rmSync(leftover, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', removeParts); // Ctrl-C in the middle of the download
  const stopWatching = watchGrowth(part, options.onProgress);
  try {
    await mkdir(cacheFolder, { recursive: true });
    options.onProgress?.(`downloading the OHIF viewer ${version} from the npm registry (50 MB, only this once) ...`);
    const configuration = options.registry ? { registry: options.registry } : await npmConfiguration();
    const extract = (pacote as Pacote).extract;
    await extract(`@ohif/app@${version}`, part, { ...configuration, integrity, cache: downloads, retry: RETRY });
    await access(path.join(part, 'dist', 'index.html'));
    await rename(part, folder).catch(async error => {
      if (!(await exists(path.join(dist, 'index.html')))) throw error; // else a second viewer was faster
    });
    return dist;
  } catch (error) {
    throw explain(error, version, cacheFolder);
  } finally {
    stopWatching();
    process.removeListener('exit', removeParts);
    // What cannot be removed now must not hide why; the next start tries again.
    for (const leftover of [part, downloads]) {
      await rm(leftover, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
    }
  }
}

// npm's own patience (two retries after 10 and 60 seconds) is too long for someone who waits at a terminal.
const RETRY = { retries: 2, factor: 2, minTimeout: 500, maxTimeout: 2000 };

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ERR_SOCKET_TIMEOUT',
  'FETCH_ERROR',
]);

function explain(error: unknown, version: string, cacheFolder: string): UserError {
  const code = errorCode(error);
  const what = `the OHIF viewer (@ohif/app@${version})`;
  if (code === 'EINTEGRITY') {
    return new UserError(
      `The download of ${what} does not have the expected hash, so it was thrown away. The registry or something on the way to it changes packages; try again, or use another registry.`,
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new UserError(`The disk is full: ${what} needs 350 MB in ${cacheFolder} while it is unpacked.`);
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT'].includes(code)) {
    return new UserError(
      `${capitalized(what)} cannot be written to ${cacheFolder}: ${code}. Choose another folder with --data.`,
    );
  }
  if (code === 'E404' || code === 'ETARGET') {
    return new UserError(`The npm registry does not have ${what}. If it is a mirror, ask for that package there.`);
  }
  if (code === 'E401' || code === 'E403') {
    return new UserError(`The npm registry refuses to hand out ${what} (${code.slice(1)}): it wants a login.`);
  }
  if (UNREACHABLE.has(code) || /^E5\d\d$/.test(code)) {
    return new UserError(
      `The npm registry cannot be reached (${code}), and ${what} has not been downloaded yet. It is needed only once; later starts need no network.`,
    );
  }
  return new UserError(`${capitalized(what)} could not be downloaded: ${errorMessage(error)}`);
}

/**
 * What npm on this machine is configured for, since pacote does not read .npmrc. Logins are not passed on: npm does not
 * hand them out.
 */
async function npmConfiguration(): Promise<Record<string, unknown>> {
  try {
    const { stdout } = await promisify(execFile)('npm', ['config', 'list', '--json'], { maxBuffer: 1 << 24 });
    const all = JSON.parse(stdout) as Record<string, unknown>;
    return {
      registry: all.registry,
      proxy: all.proxy || undefined,
      httpsProxy: all['https-proxy'] || undefined,
      noProxy: all.noproxy || undefined,
      strictSSL: all['strict-ssl'],
      ca: await certificates(all),
    };
  } catch {
    return {}; // no npm at hand: pacote knows the public registry
  }
}

/** Certificates that npm trusts besides the usual ones, as behind a company's proxy. */
async function certificates({ ca, cafile }: Record<string, unknown>): Promise<unknown> {
  return ca ?? (typeof cafile === 'string' ? await readFile(cafile, 'utf8').catch(() => undefined) : undefined);
}

/** Reports every few seconds how much is unpacked; returns how to stop it. */
function watchGrowth(folder: string, report?: (message: string) => void): () => void {
  if (!report) return () => {};
  const timer = setInterval(async () => {
    const bytes = await folderSize(folder);
    if (bytes > 0) report(`unpacked ${Math.round(bytes / 1e6)} MB of about 200 MB`);
  }, 3000).unref();
  return () => clearInterval(timer);
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map(file =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
