// Builds every plug-in for prebuilt OHIF into dist/plugins, in one pass, so that they share chunks.
// `--readable <folder>` keeps the names of functions, for profiles, and writes to another folder.
// A hospital copies that folder beside its OHIF; the names of the entry files are what its app-config.js refers to.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import './generate.mjs';
import { replaceFolder } from './replace-folder.mjs';

const root = path.join(import.meta.dirname, '..');
const [option, folder] = process.argv.slice(2);
const isReadable = option === '--readable';
const target = isReadable ? path.resolve(folder) : path.join(root, 'dist', 'plugins');
const part = `${target}.part-${process.pid}`;

try {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      calcium: 'modes/calcium/src/plugin.ts',
      'calcium-extension': 'extensions/calcium/src/index.ts',
      perfusion: 'modes/perfusion/src/plugin.ts',
      'perfusion-extension': 'extensions/perfusion/src/index.ts',
      'records-extension': 'extensions/records/src/plugin.ts',
      'calcium-worker': 'extensions/calcium/src/session/calcium-worker.ts',
      'perfusion-worker': 'extensions/perfusion/src/session/perfusion-worker.ts',
    },
    outdir: part,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['voxelwise-source'],
    jsx: 'automatic',
    minify: !isReadable,
    sourcemap: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    // Chunks lie beside the entries: code in a chunk finds the worker relative to itself.
    chunkNames: 'chunk-[name]-[hash]',
    // Optional parts of jsPDF that a report does not use (HTML and SVG rendering).
    external: ['html2canvas', 'dompurify', 'canvg'],
    metafile: true,
    logLevel: 'warning',
  });
  await writeFile(path.join(part, 'LICENSES.txt'), await licenses(metafile));
  await replaceFolder(part, target);
} finally {
  await rm(part, { recursive: true, force: true });
}

/** Licenses of the packages that went into the bundles, as their authors ask. */
async function licenses(metafile) {
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap(file => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []),
  );
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
    texts.push(`${name} ${version} (${typeof license === 'string' ? license : (license?.type ?? 'see package')})`);
  }
  return `These plug-ins contain the following packages under their own licenses:\n\n${texts.join('\n')}\n`;
}
