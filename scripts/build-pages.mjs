// Builds the pages that the viewer serves beside OHIF into dist/pages: the benchmark, and the engine's example.
// Nothing of it goes into the plug-ins or the npm packages.
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import './generate.mjs';
import { replaceFolder } from './replace-folder.mjs';

const root = path.join(import.meta.dirname, '..');
const target = path.join(root, 'dist', 'pages');
const part = `${target}.part-${process.pid}`;

const bench = 'e2e/bench/page';
const example = 'extensions/compute/examples';

const options = {
  absWorkingDir: root,
  outdir: part,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  conditions: ['voxelwise-source'],
  sourcemap: true,
  logLevel: 'warning',
};

try {
  await build({
    ...options,
    entryPoints: {
      'bench/bench': `${bench}/bench.ts`,
      'bench/engine-worker': `${bench}/engine-worker.ts`,
      'bench/volume-worker': `${bench}/volume-worker.ts`,
      'examples/compute/main': `${example}/main.ts`,
      'examples/compute/worker': `${example}/worker.ts`,
    },
  });
  // A classic worker: some peers come as classic scripts, and only these workers can load them.
  await build({
    ...options,
    entryPoints: { 'bench/contender-worker': `${bench}/contender-worker.ts` },
    format: 'iife',
  });
  const copies = {
    'bench.html': `${bench}/bench.html`,
    'bench/bench.css': `${bench}/bench.css`,
    'examples/compute/index.html': `${example}/index.html`,
  };
  for (const [name, source] of Object.entries(copies)) await copyFile(path.join(root, source), path.join(part, name));
  await replaceFolder(part, target);
} finally {
  await rm(part, { recursive: true, force: true });
}
