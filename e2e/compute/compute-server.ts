import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { SUITE_FILES } from './suite-files.ts';

export interface ComputeServer {
  readonly url: string;
  close(): Promise<void>;
}

const FOLDER = path.join(import.meta.dirname, 'page');

/** What makes a page cross-origin isolated, so that its workers can share memory. Scripts need them, too. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/** The module `kernel-suites`: all suites that were found. */
const kernelSuites: Plugin = {
  name: 'kernel-suites',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^kernel-suites$/ }, ({ path: name }) => ({ path: name, namespace: 'kernel-suites' }));
    onLoad({ filter: /.*/, namespace: 'kernel-suites' }, () => ({
      resolveDir: FOLDER,
      contents: [
        ...SUITE_FILES.map((file, i) => `import { equality as suite${i} } from ${JSON.stringify(file)};`),
        `export const suites = [${SUITE_FILES.map((_, i) => `suite${i}`).join(', ')}];`,
      ].join('\n'),
    }));
  },
};

/** A blank page, at `/` and cross-origin isolated at `/isolated`, with the compute sources and the worker, bundled now. Nothing is written to disk. */
export async function startComputeServer(): Promise<ComputeServer> {
  const { outputFiles } = await build({
    entryPoints: ['page.ts', 'worker.ts', 'test-worker.ts'].map(file => path.join(FOLDER, file)),
    outdir: '/',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['voxelwise-source'],
    plugins: [kernelSuites],
    write: false,
    logLevel: 'warning',
  });
  const html = {
    type: 'text/html',
    body: '<!doctype html><title>Compute</title><script type="module" src="/page.js"></script>',
  };
  const files = new Map<string, { readonly type: string; readonly body: string }>([
    ['/', html],
    ['/isolated', html],
    ...outputFiles.map(
      ({ path: name, text }) => [`/${path.basename(name)}`, { type: 'text/javascript', body: text }] as const,
    ),
  ]);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const file = files.get(pathname);
    response.writeHead(file ? 200 : 404, {
      'content-type': `${file?.type ?? 'text/plain'}; charset=utf-8`,
      ...(pathname !== '/' && ISOLATION),
    });
    response.end(file?.body ?? 'not here');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}
