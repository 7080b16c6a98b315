import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULT_CONVENTION } from '@voxelwise/calcium/core';
import { build } from 'esbuild';
import { writeDocumentedKernel } from '../../scripts/documented-kernel.ts';
import { REPOSITORY } from '../support/paths.ts';
import { bundleHost, type HostBundle } from './bundle-host.ts';
import { type InstalledPackage, installPackages } from './install-packages.ts';
import { type StaticServer, serveFolder } from './static-server.ts';

/** The npm packages, as a hospital gets them that builds its OHIF from source: packed, installed, bundled, run. */

const NAMES = [
  'compute',
  'contract',
  'dicom',
  'host',
  'records',
  'calcium',
  'perfusion',
  'mode-calcium',
  'mode-perfusion',
].map(name => `@voxelwise/${name}`);
/** Libraries that break, or split the viewer in two, when there is a second copy of them. */
const SHARED = ['@cornerstonejs/core', '@cornerstonejs/tools', 'react', 'react-dom'];

let work = '';
let packages: readonly InstalledPackage[] = [];
let bundle: HostBundle;
let server: StaticServer;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  work = await realpath(await mkdtemp(path.join(tmpdir(), 'voxelwise-packages-')));
  const application = path.join(work, 'host-app');
  const output = path.join(work, 'site');
  await cp(path.join(import.meta.dirname, 'host-app'), application, { recursive: true });
  packages = await installPackages(work, application);
  bundle = await bundleHost(application, output);
  await mkdir(output, { recursive: true });
  await writeFile(
    path.join(output, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><title>Host</title><div id="root"></div><script src="host.js"></script>',
  );
  server = await serveFolder(output);
});

test.afterAll(async () => {
  await server?.close();
  await rm(work, { recursive: true, force: true });
});

test('a package holds what it compiled to, and nothing of the repository', async () => {
  expect(packages.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  for (const { name, files } of packages) {
    const [compiled, notCompiled] = [true, false].map(inDist =>
      files.filter(file => file.startsWith('dist/') === inDist),
    );
    // What anybody who speaks with the data service may test themselves against.
    const isOfContract = (file: string) => name === '@voxelwise/contract' && /^(fixtures\/|openapi\.json$)/.test(file);
    const others = notCompiled!.filter(file => !isOfContract(file));
    expect(others.sort(), name).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(compiled, name).toContain('dist/index.js');
    expect(compiled, name).toContain('dist/index.d.ts');
    expect(
      compiled!.filter(file => /\.test\b|test-support|plugin\./.test(file) || !/\.(js|d\.ts)$/.test(file)),
      name,
    ).toEqual([]);
  }
});

test('a host bundled with the packages has one copy of Cornerstone and of React', () => {
  for (const library of SHARED) expect(copiesOf(library), library).toHaveLength(1);
  for (const name of NAMES) {
    expect(copiesOf(name), name).toEqual([path.join(work, 'host-app', 'node_modules', name)]);
  }
});

for (const name of ['calcium', 'perfusion']) {
  test(`the worker of ${name} is a script of its own, with kernels and without the interface`, () => {
    const workers = bundle.chunks.filter(({ modules }) => modules.some(file => file.endsWith(`${name}-worker.js`)));
    expect(workers).toHaveLength(1);
    const [{ scripts, modules }] = workers as [HostBundle['chunks'][number]];
    expect(scripts).toHaveLength(1);
    expect(modules.filter(file => /cornerstonejs|react|@voxelwise.host|panel/.test(file))).toEqual([]);
  });
}

test('a kernel can be written outside: the documented one is bundled with the package, and equals its twin in Node', async () => {
  const application = path.join(work, 'host-app');
  const folder = writeDocumentedKernel(REPOSITORY, path.join(application, 'kernels'));
  const outfile = path.join(work, 'kernel.mjs');
  const { metafile } = await build({
    stdin: {
      contents: `import { createLocalEngine } from '@voxelwise/compute';
import { equality } from ${JSON.stringify(path.join(folder, 'equality.test-support.ts'))};
for (const producer of ['ts', 'wasm']) console.log(JSON.stringify(await equality.check({ producer }, createLocalEngine())));`,
      resolveDir: application,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    metafile: true,
  });
  const sources = Object.keys(metafile.inputs).filter(file => /extensions.compute/.test(file));
  expect(sources).toEqual([]); // from the package, not from the repository
  const outcomes = execFileSync(process.execPath, [outfile], { encoding: 'utf8' }).trim().split('\n');
  expect(outcomes.map(line => (JSON.parse(line) as { problems: string[] }).problems)).toEqual([[], []]);
});

test('extensions, panels, worker and modes run in that host', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', error => problems.push(String(error)));
  page.on('requestfailed', request => problems.push(`${request.url()} failed`));
  page.on('response', response => {
    if (!response.ok()) problems.push(`${response.url()} answered ${response.status()}`);
  });
  await page.addInitScript(watchWorkers);

  await page.goto(server.url);
  await expect(page.getByText('No CT series that can be scored')).toBeVisible();
  await expect(page.getByText('No 4D series')).toBeVisible();
  await expect(page.getByText('There is no data service here')).toBeVisible();

  const report = await page.evaluate(() => window.host?.report);
  expect(report).toEqual({
    extensionIds: ['@voxelwise/calcium', '@voxelwise/perfusion', '@voxelwise/records'],
    modes: ['calcium', 'perfusion'].map(name => ({
      id: `@voxelwise/mode-${name}`,
      extensions: [
        '@ohif/extension-default',
        '@ohif/extension-cornerstone',
        `@voxelwise/${name}`,
        '@voxelwise/records',
      ],
      panels: [`@voxelwise/${name}.panelModule.${name}`, '@voxelwise/records.panelModule.records', 'stock.panel'],
    })),
    panelIds: ['calcium', 'perfusion', 'records'].map(name => `@voxelwise/${name}.panelModule.${name}`),
    librariesGiven: 3,
  });

  // The worker scores: 2 x 2 pixels of 1 mm2 at 200 HU, by the WebAssembly that the package carries.
  const parameters = { spacingMm: [1, 1, 3], convention: DEFAULT_CONVENTION };
  expect(await page.evaluate(scoreFourPixels, parameters)).toMatchObject({
    ok: true,
    result: { report: { producer: 'wasm' }, output: { lesions: { count: 1 } } },
  });
  expect(await page.evaluate(() => window.workerErrors)).toEqual([]);

  await page.evaluate(() => window.host?.unmount());
  await expect(page.locator('.vw-calcium, .vw-perfusion, .vw-records')).toHaveCount(0);
  expect(problems).toEqual([]);
});

/** Folders from which the bundle took modules of a package. */
function copiesOf(name: string): string[] {
  const inside = `${path.sep}node_modules${path.sep}${name.replace('/', path.sep)}`;
  const folders = bundle.modules.flatMap(file => {
    const start = file.lastIndexOf(`${inside}${path.sep}`);
    return start < 0 ? [] : [file.slice(0, start + inside.length)];
  });
  return [...new Set(folders)];
}

declare global {
  interface Window {
    /** Every worker that the page started, by its name, and what went wrong in them. */
    startedWorkers?: Map<string, Worker>;
    workerErrors?: string[];
  }
}

/** Runs in the page before anything else: remembers its workers. */
function watchWorkers(): void {
  const workers = new Map<string, Worker>();
  const errors: string[] = [];
  const NativeWorker = window.Worker;
  window.Worker = class extends NativeWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.set(options?.name ?? '', this);
      this.addEventListener('error', event => errors.push(`${url}: ${event.message}`));
    }
  };
  window.startedWorkers = workers;
  window.workerErrors = errors;
}

/** Runs in the page: has the running worker score one slice of 8 x 8 pixels, and gives its last answer. */
function scoreFourPixels(parameters: object): Promise<unknown> {
  const worker = window.startedWorkers?.get('voxelwise-calcium');
  if (!worker) throw new Error('The calcium worker was not started.');
  const voxels = new Int16Array(64);
  for (const pixel of [18, 19, 26, 27]) voxels[pixel] = 200;
  const answer = new Promise(resolve => {
    worker.addEventListener('message', ({ data }) => data.id === -2 && 'ok' in data && resolve(data));
  });
  worker.postMessage({ id: -1, type: 'load', volumeId: 'v', volume: { voxels, dimensions: [8, 8, 1] } });
  const options = { producer: 'wasm' }; // of so few voxels any producer may be the fastest
  worker.postMessage({ id: -2, type: 'run', kernel: 'calcium.lesions', volumeId: 'v', parameters, options });
  return answer;
}
