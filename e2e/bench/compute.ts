import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { servePages } from '@voxelwise/viewer';
import { ensureChromium, systemChromium } from '../support/chromium.ts';
import { PAGES, REPOSITORY } from '../support/paths.ts';
import { browserArguments } from './browser-arguments.ts';
import { THRESHOLD_HU } from './page/answers.ts';
import type { BenchPage, PageRun } from './page/bench.ts';
import { CONTENDERS } from './page/contenders/index.ts';
import { type BenchReport, contenderFacts, type ProcessMemory, type Row } from './page/rows.ts';
import { printReports } from './print-report.ts';
import { processMemory } from './process-memory.ts';

declare global {
  var benchPage: BenchPage;
  var memoryBegin: () => Promise<void>;
  var memoryEnd: () => Promise<ProcessMemory | null>;
}

const USAGE = `Usage: npm run bench -- compute [--size 64|512] [--quick] [--only <text>]

  --size   slices of 512 x 512 (default: both, in one table)
  --quick  three runs each instead of nine
  --only   contenders or jobs with this in their name: wasm, opencv, mask, components-2d

BENCH_GPU=1 renders on the machine's GPU instead of in software; BENCH_GPU=vulkan, gl, d3d11 or metal by that interface.`;

/** A contender that takes longer than this hangs. */
const LIMIT_MS = 10 * 60_000;

/** Our producers and the peers on the same volume in Chromium: every contender in a fresh browser. */
export async function benchCompute(commandLine: readonly string[]): Promise<void> {
  const options = readOptions(commandLine);
  if (!options) return console.log(USAGE);
  ensureChromium();
  execFileSync(process.execPath, [path.join(REPOSITORY, 'scripts', 'build-pages.mjs')], { stdio: 'inherit' });
  const server = await servePages(PAGES);
  try {
    const reports: BenchReport[] = [];
    for (const slices of options.sizes) reports.push(await benchSize(`${server.url}/bench.html`, slices, options));
    printReports(reports);
    console.log(`\nChromium was started with ${browserArguments().join(' ')}`);
    const folder = path.join(REPOSITORY, '.voxelwise', 'bench');
    const date = new Date().toISOString();
    const file = path.join(folder, `compute-${date.slice(0, 19).replaceAll(':', '')}.json`);
    await mkdir(folder, { recursive: true });
    await writeFile(file, `${JSON.stringify({ format: 'voxelwise-bench-run-1', date, reports }, null, 2)}\n`);
    console.log(`As JSON: ${file}`);
  } finally {
    await server.close();
  }
}

interface Options {
  readonly sizes: readonly number[];
  readonly quick: boolean;
  readonly only: string;
}

/** Null where help was asked for. */
function readOptions(commandLine: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      size: { type: 'string' },
      quick: { type: 'boolean' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return null;
  if (values.size !== undefined && !['64', '512'].includes(values.size)) {
    throw new Error(`--size ${values.size}: choose 64 or 512.`);
  }
  return {
    sizes: values.size ? [Number(values.size)] : [64, 512],
    quick: values.quick ?? false,
    only: values.only ?? '',
  };
}

async function benchSize(url: string, slices: number, { quick, only }: Options): Promise<BenchReport> {
  const chosen = CONTENDERS.filter(({ id, job }) => `${job} ${id}`.includes(only));
  if (chosen.length === 0) throw new Error(`--only ${only}: no contender or job is named so.`);
  const effort = quick ? 'quick' : 'thorough';
  const machine = await withPage(url, page => page.evaluate(() => benchPage.machine));
  const rows: Row[] = [];
  for (const contender of chosen) {
    process.stderr.write(`512 x 512 x ${slices}: ${contender.id} ...\n`);
    const row = await withPage(url, (page, browser) =>
      benchContender(page, browser, { slices, effort, contenderIds: [contender.id] }),
    );
    rows.push('id' in row ? row : { ...contenderFacts(contender), ...row });
  }
  return {
    format: 'voxelwise-bench-1',
    date: new Date().toISOString(),
    machine: { ...machine, processor: cpus()[0]?.model ?? 'unknown' },
    dimensions: [512, 512, slices],
    thresholdHu: THRESHOLD_HU,
    rows,
  };
}

type Lost = { readonly status: 'out of memory' | 'failed'; readonly reason: string };

/** Runs one contender. A page that crashes is a result, not the end. */
async function benchContender(page: Page, browser: Browser, run: PageRun): Promise<Row | Lost> {
  const memory = processMemory(browser);
  await page.exposeFunction('memoryBegin', memory.begin);
  await page.exposeFunction('memoryEnd', memory.end);
  const lost = new Promise<Lost>(resolve => {
    page.on('crash', () => resolve({ status: 'out of memory', reason: 'the browser ended the page' }));
    const reason = `no answer within ${LIMIT_MS / 60_000} minutes`;
    setTimeout(() => resolve({ status: 'failed', reason }), LIMIT_MS).unref();
  });
  const measured = page
    .evaluate(
      options => benchPage.run({ ...options, memory: { begin: () => memoryBegin(), end: () => memoryEnd() } }),
      run,
    )
    .then(
      ({ rows }) => rows[0]!,
      async (error: Error): Promise<Lost> => {
        await delay(1000); // a crash is reported after the call that it broke
        return { status: 'failed', reason: error.message };
      },
    );
  return Promise.race([measured, lost]);
}

/** A browser of its own for each page: no contender inherits memory, compiled code or a warm GPU process. */
async function withPage<Result>(url: string, work: (page: Page, browser: Browser) => Promise<Result>): Promise<Result> {
  const executablePath = systemChromium();
  const browser = await chromium.launch({ args: [...browserArguments()], ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'benchPage' in globalThis);
    return await work(page, browser);
  } finally {
    await browser.close();
  }
}
