import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { ensureChromium, systemChromium } from '../../support/chromium.ts';
import { browserArguments } from '../browser-arguments.ts';
import type { PageRun, PageTimes, PerfusionBenchPage } from './page/page.ts';

declare global {
  var perfusionBench: PerfusionBenchPage;
}

const FOLDER = path.join(import.meta.dirname, 'page');
const LIMIT_MS = 10 * 60_000;

/** The contenders in Chromium; the last one is what a reader gets. */
export const BROWSER_RUNS = [
  { method: 'csvd', producer: 'wasm', workers: 2 },
  { method: 'csvd', producer: 'webgl2', workers: 1 },
  { method: 'lr', producer: 'wasm', workers: 2 },
  { method: 'lr', producer: 'webgl2', workers: 1 },
  { method: 'lr', producer: null, workers: 2 },
] as const satisfies readonly Omit<PageRun, 'slices' | 'runs'>[];

export interface BrowserTimes extends PageTimes {
  readonly run: (typeof BROWSER_RUNS)[number];
}

/** Times in Chromium, one contender after the other in the same page. */
export async function timeInBrowser(slices: number, runs: number): Promise<readonly BrowserTimes[]> {
  ensureChromium();
  const server = await serve();
  const executablePath = systemChromium();
  const browser = await chromium.launch({ args: [...browserArguments()], ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(server.url);
    await page.waitForFunction(() => 'perfusionBench' in globalThis);
    const all: BrowserTimes[] = [];
    for (const run of BROWSER_RUNS) {
      process.stderr.write(`Chromium: ${run.method}, ${run.producer ?? 'as the engine chooses'} ...\n`);
      all.push({ run, ...(await page.evaluate(options => perfusionBench.run(options), { ...run, slices, runs })) });
    }
    return all;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A blank page with the sources of the worker and the page, bundled now. */
async function serve(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    entryPoints: ['page.ts', 'worker.ts'].map(file => path.join(FOLDER, file)),
    outdir: '/',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['voxelwise-source'],
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map(({ path: name, text }) => [`/${path.basename(name)}`, text]));
  const html = '<!doctype html><title>Perfusion</title><script type="module" src="/page.js"></script>';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const script = files.get(pathname);
    response.writeHead(script || pathname === '/' ? 200 : 404, {
      'content-type': `${script ? 'text/javascript' : 'text/html'}; charset=utf-8`,
    });
    response.end(script ?? html);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}
