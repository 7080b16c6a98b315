// Assembles every kernel's WebAssembly text (*.wat) into a TypeScript module beside it, so that the readable source is
// the only one in the repository and every bundler can take the result without a loader.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import wabt from 'wabt';

const extensions = path.join(import.meta.dirname, '..', 'extensions');

/** @param {string} file path of a .wat file */
async function assemble(file, { parseWat }) {
  const module = parseWat(path.basename(file), await readFile(file), { simd: true });
  module.validate({ simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  const source = `// Made from ${path.basename(file)} by scripts/build-wasm.mjs.
export default '${Buffer.from(buffer).toString('base64')}';
`;
  await writeFile(file.replace(/\.wat$/, '.wasm.generated.ts'), source);
}

const files = (await readdir(extensions, { recursive: true }))
  .filter(name => name.endsWith('.wat') && !name.includes('node_modules'))
  .map(name => path.join(extensions, name));
const assembler = await wabt();
for (const file of files) await assemble(file, assembler);
