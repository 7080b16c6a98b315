import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { listen } from './port.ts';
import { sameOriginGuard } from './same-origin.ts';

/** Libraries that the benchmark compares with, by package, and their browser builds. */
const PEERS = {
  'opencv-js': { packageName: '@techstark/opencv-js', file: 'dist/opencv.js' },
  'gpu.js': { packageName: 'gpu.js', file: 'dist/gpu-browser.min.js' },
  niivue: { packageName: '@niivue/niivue', file: 'dist/index.js' },
};

/**
 * The pages beside OHIF: the benchmark at /bench.html, and the engine's example at /examples/compute/. They are isolated
 * from other origins, which gives them shared memory and a fine clock. What is not theirs goes on to the next handler.
 */
export function pageFiles(folder: string): Router {
  const router = express.Router();
  const peers = installedPeers();
  const list = Object.fromEntries(
    [...peers].map(([name, { version }]) => [name, { version, url: `/bench/peers/${name}.js` }]),
  );
  router.get('/bench/peers.json', isolated, (_request, response) => {
    response.set('Cache-Control', 'no-store').json(list);
  });
  for (const [name, { file }] of peers) {
    router.get(`/bench/peers/${name}.js`, isolated, (_request, response) => response.sendFile(file));
  }
  router.use(
    express.static(folder, {
      index: 'index.html',
      setHeaders: response => response.set({ ...ISOLATION, 'Cache-Control': 'no-cache' }),
    }),
  );
  return router;
}

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const isolated: RequestHandler = (_request, response, next) => {
  response.set(ISOLATION);
  next();
};

/** The peers among the installed packages. They are tools of development: where one is missing its row says so. */
function installedPeers(): Map<string, { readonly version: string; readonly file: string }> {
  const search = createRequire(import.meta.url).resolve.paths('x') ?? [];
  const found = new Map<string, { version: string; file: string }>();
  for (const [name, { packageName, file }] of Object.entries(PEERS)) {
    for (const folder of search) {
      const manifest = readManifest(path.join(folder, packageName, 'package.json'));
      if (!manifest) continue;
      found.set(name, { version: manifest.version, file: path.join(folder, packageName, file) });
      break;
    }
  }
  return found;
}

function readManifest(file: string): { readonly version: string } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  } catch {
    return null;
  }
}

/** Serves the pages alone, on a free port of this machine: for the benchmark on the command line. */
export async function servePages(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const host = '127.0.0.1';
  const app = express();
  app.disable('x-powered-by');
  app.use(sameOriginGuard({ host }));
  app.use(pageFiles(folder));
  const server = createServer(app);
  const port = await listen(server, 0, host);
  return {
    url: `http://${host}:${port}`,
    async close() {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
