// Assembles WebAssembly text: every *.wat in a folder becomes a TypeScript module beside it, so that the readable source is
// the only one and every bundler can take the result without a loader. `node scripts/assemble-wat.mjs <folder>` does one folder.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import wabt from 'wabt';
import { writeGenerated } from './write-generated.mjs';

/** @param {string} folder */
export async function assembleFolder(folder) {
  const sources = (await readdir(folder, { recursive: true })).filter(file => file.endsWith('.wat'));
  if (sources.length === 0) return;
  const { parseWat } = await wabt();
  for (const source of sources) await assemble(path.join(folder, source), parseWat);
}

/** @param {string} file path of a .wat file */
async function assemble(file, parseWat) {
  const module = parseWat(path.basename(file), await readFile(file), { simd: true });
  module.validate({ simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  const source = `// Made from ${path.basename(file)} by scripts/generate.mjs.
export default '${Buffer.from(buffer).toString('base64')}';
`;
  await writeGenerated(file.replace(/\.wat$/, '.wasm.generated.ts'), source);
}

if (process.argv[1] === import.meta.filename) await assembleFolder(process.argv[2]);
